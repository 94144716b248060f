"""/wines/…/open/"""

import pytest
from django.test import Client

from cellar import stock
from cellar.models import Kind, State, Transaction
from tests.cellar.factories import check_in, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of

pytestmark = pytest.mark.django_db


def test_a_bottle_is_opened_and_stays_where_it_is(member: Client) -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 2, location=rack, row=1, column=1)
    response = send(member, f"/wines/{wine.pk}/open/", quantity="1", note="To breathe")
    wine.refresh_from_db()
    assert (wine.count_in_cellar, wine.count_open) == (1, 1)
    assert wine.bottles.get(state=State.OPEN).location_id == rack.pk
    done = Transaction.objects.newest_first()[0]
    assert (done.kind, done.note) == (Kind.OPEN, "To breathe")
    assert "opened" in messages_of(response)


def test_the_bottle_that_was_pointed_at_is_opened(member: Client) -> None:
    wine = stocked_wine(3)
    bottle = wine.bottles.all()[1]
    send(member, f"/wines/{wine.pk}/open/?bottle={bottle.pk}", quantity="1")
    assert wine.bottles.get(state=State.OPEN) == bottle


def test_an_open_bottle_is_not_opened_again(member: Client) -> None:
    wine = stocked_wine(1)
    stock.open_bottle(wine=wine, actor=None)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/open/", quantity="1")
    assert (response.status_code, "There is no such bottle left." in text_of(response)) == (422, True)
    assert everything() == before


def test_a_mistake_is_told_beside_its_field(member: Client) -> None:
    assert error_beside(send(member, f"/wines/{stocked_wine(1).pk}/open/", quantity="0"), "quantity")


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine = stocked_wine(3)
    filled = form_to(member.get(f"/wines/{wine.pk}/open/"), "").filled()
    assert [member.post(f"/wines/{wine.pk}/open/", filled).status_code for _time in range(2)] == [302, 302]
    wine.refresh_from_db()
    assert wine.count_open == 1
