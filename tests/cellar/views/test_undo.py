"""/history/…/undo/"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import SecurityEvent, User
from cellar import stock
from cellar.models import Kind, Reason, Transaction
from tests.cellar.factories import check_in, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import everything, form_to, messages_of, text_of

pytestmark = pytest.mark.django_db


def test_a_step_is_taken_back_from_the_history(member: Client, person: User) -> None:
    wine = stocked_wine(3)
    done = stock.check_out(wine=wine, quantity=2, reason=Reason.DRANK, actor=None)
    form = form_to(member.get("/history/"), f"/history/{done.action}/undo/")
    response = member.post(form.action, headers={"referer": "http://testserver/history/?kind=check_out"})
    assert response["Location"] == "http://testserver/history/?kind=check_out"
    wine.refresh_from_db()
    assert wine.count_in_cellar == 3
    undone = Transaction.objects.get(kind=Kind.UNDO)
    assert (undone.actor_id, undone.reverses_id) == (person.pk, done.pk)
    assert "Taken back." in messages_of(response)


def test_a_step_is_taken_back_from_the_page_of_the_wine(member: Client) -> None:
    wine = stocked_wine(3)
    action = Transaction.objects.get().action
    member.post(form_to(member.get(f"/wines/{wine.pk}/"), f"/history/{action}/undo/").action)
    assert "taken back" in text_of(member.get(f"/wines/{wine.pk}/"))


def test_what_was_taken_back_can_be_done_again(member: Client) -> None:
    wine = stocked_wine(3)
    done = stock.check_out(wine=wine, quantity=2, reason=Reason.DRANK, actor=None)
    member.post(f"/history/{done.action}/undo/")
    page = member.get("/history/")
    undo = Transaction.objects.get(kind=Kind.UNDO)
    member.post(form_to(page, f"/history/{undo.action}/undo/").action)
    wine.refresh_from_db()
    assert wine.count_in_cellar == 1


def test_what_was_taken_back_has_no_button_any_more(member: Client) -> None:
    wine = stocked_wine(3)
    done = stock.check_out(wine=wine, quantity=2, reason=Reason.DRANK, actor=None)
    member.post(f"/history/{done.action}/undo/")
    member.get("/wines/")  # reads the message, which has a button of its own
    assert f"/history/{done.action}/undo/" not in member.get("/history/").content.decode()


def test_pressed_twice_it_has_one_effect(member: Client) -> None:
    wine = stocked_wine(3)
    action = Transaction.objects.get().action
    member.post(f"/history/{action}/undo/")
    response = member.post(f"/history/{action}/undo/")
    assert "This was undone already." in messages_of(response)
    wine.refresh_from_db()
    assert (wine.count_in_cellar, Transaction.objects.count()) == (0, 2)


def test_what_something_happened_to_since_is_not_taken_back(member: Client) -> None:
    wine = stocked_wine(1)
    action = Transaction.objects.get().action
    stock.open_bottle(wine=wine, actor=None)
    before = everything()
    response = member.post(f"/history/{action}/undo/")
    assert "has changed since" in messages_of(response)
    assert everything() == before


def test_a_slot_that_is_taken_meanwhile_is_told(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack B")
    check_in(wine, 1, location=rack, row=1, column=1)
    done = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    response = member.post(f"/history/{done.action}/undo/")
    assert "Another bottle is in row 1, column 1 of Rack B now." in messages_of(response)


def test_an_action_that_is_none_changes_nothing(member: Client) -> None:
    response = member.post(f"/history/{uuid4()}/undo/")
    assert response["Location"] == "/history/"
    assert "There is nothing to undo." in messages_of(response)


def test_an_archived_wine_whose_bottles_come_back_is_in_the_list_again(member: Client) -> None:
    wine = stocked_wine(1)
    done = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    member.post(f"/wines/{wine.pk}/archive/")
    member.post(f"/history/{done.action}/undo/")
    wine.refresh_from_db()
    assert wine.archived_at is None


def test_a_guest_has_no_button(guest: Client) -> None:
    wine = stocked_wine(1)
    for path in ("/history/", f"/wines/{wine.pk}/", "/"):
        assert "/undo/" not in guest.get(path).content.decode()


def test_the_security_log_says_what_was_taken_back(member: Client) -> None:
    wine = stocked_wine(3)
    done = stock.check_out(wine=wine, quantity=2, reason=Reason.DRANK, actor=None)
    member.post(f"/history/{done.action}/undo/")
    line = SecurityEvent.objects.get(kind="undone")
    assert line.detail == f"check out, 2 bottles of {wine.full_name}"
