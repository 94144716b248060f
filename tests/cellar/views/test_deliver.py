"""/wines/…/deliver/"""

import pytest
from django.test import Client
from django.utils import timezone

from cellar import stock
from cellar.models import Kind, State, Transaction, Wine
from tests.cellar.factories import make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


def ordered_wine(quantity: int = 6) -> Wine:
    wine = make_wine()
    stock.order(wine=wine, quantity=quantity, actor=None)
    return wine


def test_ordered_bottles_arrive(member: Client) -> None:
    wine, rack = ordered_wine(), make_rack()
    response = send(member, f"/wines/{wine.pk}/deliver/", quantity="4", location=str(rack.pk), row="1", column="1")
    wine.refresh_from_db()
    assert (wine.count_on_order, wine.count_in_cellar) == (2, 4)
    assert wine.bottles.filter(state=State.IN_CELLAR, row=1).count() == 4
    assert "delivered" in messages_of(response)


def test_all_that_was_ordered_stands_there_already(member: Client) -> None:
    assert value_in(member.get(f"/wines/{ordered_wine(12).pk}/deliver/"), "quantity") == "12"


def test_the_day_of_arrival_is_kept(member: Client) -> None:
    wine = ordered_wine(1)
    send(member, f"/wines/{wine.pk}/deliver/", when="2022-03-04")
    done = Transaction.objects.get(kind=Kind.DELIVER)
    assert timezone.localtime(done.happened_at).date().isoformat() == "2022-03-04"


def test_more_than_was_ordered_is_refused(member: Client) -> None:
    wine = ordered_wine(2)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/deliver/", quantity="3")
    assert (response.status_code, "There are only 2 such bottles" in text_of(response)) == (422, True)
    assert everything() == before


def test_nothing_arrives_where_nothing_was_ordered(member: Client) -> None:
    response = send(member, f"/wines/{stocked_wine(3).pk}/deliver/", quantity="1")
    assert (response.status_code, "There is no such bottle left." in text_of(response)) == (422, True)


def test_a_mistake_is_told_beside_its_field(member: Client) -> None:
    response = send(member, f"/wines/{ordered_wine().pk}/deliver/", when="2999-01-01")
    assert "not in the future" in error_beside(response, "when")


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine = ordered_wine(6)
    filled = form_to(member.get(f"/wines/{wine.pk}/deliver/"), "").filled(quantity="2")
    assert [member.post(f"/wines/{wine.pk}/deliver/", filled).status_code for _time in range(2)] == [302, 302]
    wine.refresh_from_db()
    assert (wine.count_on_order, wine.count_in_cellar) == (4, 2)


def test_they_take_the_free_slots_of_a_rack_and_the_message_says_which(member: Client) -> None:
    wine, rack = ordered_wine(3), make_rack("Rack A")
    response = send(member, f"/wines/{wine.pk}/deliver/", location=str(rack.pk))
    assert "delivered. Rack A: row 1, column 1–3." in messages_of(response)


def test_too_few_free_slots_are_told_and_nothing_is_delivered(member: Client) -> None:
    wine, rack = ordered_wine(3), make_rack("Rack A", rows=1, columns=1)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/deliver/", location=str(rack.pk))
    assert response.status_code == 422
    assert error_beside(response, "slots") == "Only 1 slot of Rack A is free. Nothing was changed."
    assert everything() == before
