"""/wines/…/cancel/"""

import pytest
from django.test import Client

from cellar import stock
from cellar.models import Kind, Transaction, Wine
from tests.cellar.factories import make_wine, stocked_wine
from tests.cellar.views.pages import (
    addresses_in,
    error_beside,
    everything,
    form_to,
    messages_of,
    send,
    text_of,
    value_in,
)

pytestmark = pytest.mark.django_db


def ordered_wine(quantity: int) -> Wine:
    wine = make_wine()
    stock.order(wine=wine, quantity=quantity, actor=None)
    return wine


def test_bottles_that_never_come_are_taken_off_the_order(member: Client) -> None:
    wine = ordered_wine(12)
    response = send(member, f"/wines/{wine.pk}/cancel/", quantity="6", note="Sold out")
    wine.refresh_from_db()
    assert response["Location"] == f"/wines/{wine.pk}/"
    assert "6 bottles of" in messages_of(response)
    assert "taken off the order." in messages_of(response)
    assert (wine.count_on_order, wine.count_in_cellar, wine.count_gone) == (6, 0, 0)
    assert Transaction.objects.get(kind=Kind.CANCEL).note == "Sold out"


def test_it_is_taken_back_where_it_is_told(member: Client) -> None:
    wine = ordered_wine(4)
    send(member, f"/wines/{wine.pk}/cancel/", quantity="4")
    done = Transaction.objects.get(kind=Kind.CANCEL)
    page = member.get(f"/wines/{wine.pk}/")
    member.post(form_to(page, f"/history/{done.action}/undo/").action)
    wine.refresh_from_db()
    assert wine.count_on_order == 4


def test_the_page_of_a_delivery_leads_there_while_something_is_on_order(member: Client) -> None:
    wine, none = ordered_wine(12), stocked_wine(1)
    assert f"/wines/{wine.pk}/cancel/" in addresses_in(member.get(f"/wines/{wine.pk}/deliver/"))
    assert f"/wines/{none.pk}/cancel/" not in addresses_in(member.get(f"/wines/{none.pk}/deliver/"))
    assert value_in(member.get(f"/wines/{wine.pk}/cancel/"), "quantity") == "12"


def test_more_than_is_on_order_is_refused(member: Client) -> None:
    wine = ordered_wine(2)
    before = everything()
    response = send(member, f"/wines/{wine.pk}/cancel/", quantity="3")
    assert (response.status_code, "There are only 2 such bottles" in text_of(response)) == (422, True)
    assert everything() == before


def test_a_mistake_is_told_beside_its_field(member: Client) -> None:
    response = send(member, f"/wines/{ordered_wine(2).pk}/cancel/", quantity="0")
    assert "0 is too low: enter 1 or more." in error_beside(response, "quantity")


def test_the_same_form_sent_twice_has_one_effect(member: Client) -> None:
    wine = ordered_wine(6)
    filled = form_to(member.get(f"/wines/{wine.pk}/cancel/"), "").filled(quantity="2")
    assert [member.post(f"/wines/{wine.pk}/cancel/", filled).status_code for _time in range(2)] == [302, 302]
    wine.refresh_from_db()
    assert wine.count_on_order == 4
