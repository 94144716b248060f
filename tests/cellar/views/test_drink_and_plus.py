"""/wines/…/drink/ and /wines/…/plus/, the buttons for one less and one more"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from cellar import stock
from cellar.models import Bottle, Reason, State, Transaction
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import form_to, messages_of, text_of

pytestmark = pytest.mark.django_db


def test_one_bottle_is_drunk_with_one_tap(member: Client) -> None:
    wine = stocked_wine(2)
    form = form_to(member.get("/wines/?stock=in"), f"/wines/{wine.pk}/drink/")
    response = member.post(form.action, form.filled())
    wine.refresh_from_db()
    assert (wine.count_in_cellar, wine.count_gone) == (1, 1)
    assert Transaction.objects.newest_first()[0].reason == Reason.DRANK
    assert response["Location"] == "/wines/?stock=in"


def test_the_way_back_is_where_it_was_done(member: Client) -> None:
    wine = stocked_wine(2)
    member.post(f"/wines/{wine.pk}/drink/", {"key": str(uuid4()), "next": "/wines/"})
    page = member.get("/wines/")
    assert "1 bottle of" in text_of(page)
    action = Transaction.objects.newest_first()[0].action
    member.post(form_to(page, f"/history/{action}/undo/").action)
    wine.refresh_from_db()
    assert wine.count_in_cellar == 2


def test_an_open_bottle_is_drunk_first(member: Client) -> None:
    wine = stocked_wine(2)
    stock.open_bottle(wine=wine, actor=None)
    member.post(f"/wines/{wine.pk}/drink/")
    wine.refresh_from_db()
    assert (wine.count_in_cellar, wine.count_open) == (1, 0)


def test_where_there_is_none_it_is_told_on_the_page(member: Client) -> None:
    wine = make_wine()
    response = member.post(f"/wines/{wine.pk}/drink/", {"next": "/wines/"})
    assert response["Location"] == "/wines/"
    assert "There is no such bottle left." in messages_of(response)


def test_one_bottle_comes_to_where_most_of_them_lie(member: Client) -> None:
    few, many, wine = make_location(), make_location(), make_wine()
    check_in(wine, 1, location=few, size_ml=1500)
    check_in(wine, 3, location=many, size_ml=1500)
    member.post(f"/wines/{wine.pk}/plus/")
    assert Bottle.objects.filter(wine=wine, location=many, size_ml=1500).count() == 4


def test_one_bottle_takes_the_next_free_slot_of_its_rack(member: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack A", rows=1, columns=3)
    check_in(wine, 1, location=rack, row=1, column=2)
    slots = [messages_of(member.post(f"/wines/{wine.pk}/plus/")) for _time in range(3)]
    assert ["Rack A: row 1, column 1." in slots[0], "Rack A: row 1, column 3." in slots[1]] == [True, True]
    assert wine.bottles.filter(location=rack, row=None).count() == 1


def test_the_first_bottle_has_the_standard_size_and_no_place(member: Client) -> None:
    wine = make_wine()
    member.post(f"/wines/{wine.pk}/plus/")
    bottle = wine.bottles.get()
    assert (bottle.size_ml, bottle.location, bottle.state) == (750, None, State.IN_CELLAR)


@pytest.mark.parametrize("verb", ["drink", "plus"])
def test_the_same_button_pressed_twice_has_one_effect(member: Client, verb: str) -> None:
    wine = stocked_wine(5)
    key = str(uuid4())
    for _time in range(2):
        assert member.post(f"/wines/{wine.pk}/{verb}/", {"key": key}).status_code == 302
    assert Transaction.objects.count() == 2


@pytest.mark.parametrize("verb", ["drink", "plus"])
def test_a_key_that_is_none_is_passed_over(member: Client, verb: str) -> None:
    wine = stocked_wine(5)
    member.post(f"/wines/{wine.pk}/{verb}/", {"key": "none"})
    assert Transaction.objects.count() == 2


FOREIGN = [
    "//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example/wines/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://testserver/",
    "wines/",
    " //evil.example",
    "/" + "x" * 5000,
]


@pytest.mark.parametrize("address", FOREIGN)
@pytest.mark.parametrize("verb", ["drink", "plus"])
def test_nobody_is_led_away(member: Client, verb: str, address: str) -> None:
    wine = stocked_wine(2)
    response = member.post(f"/wines/{wine.pk}/{verb}/", {"next": address})
    assert (response.status_code, response["Location"]) == (302, f"/wines/{wine.pk}/")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_back_to_another_site(member: Client, address: str) -> None:
    wine = stocked_wine(2)
    response = member.post(f"/wines/{wine.pk}/drink/", headers={"referer": address})
    assert response["Location"] == f"/wines/{wine.pk}/"


def test_without_an_address_it_leads_back_to_the_page_before(member: Client) -> None:
    wine = stocked_wine(2)
    response = member.post(f"/wines/{wine.pk}/drink/", headers={"referer": "http://testserver/tonight/?type=red"})
    assert response["Location"] == "http://testserver/tonight/?type=red"


def test_a_guest_has_no_buttons(guest: Client) -> None:
    wine = stocked_wine(2)
    assert f"/wines/{wine.pk}/drink/" not in guest.get("/wines/").content.decode()
    assert f"/wines/{wine.pk}/plus/" not in guest.get("/wines/?view=table").content.decode()
