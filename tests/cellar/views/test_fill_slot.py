"""/locations/…/slot/"""

import pytest
from django.test import Client

from cellar.models import Bottle
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, messages_of, send, text_of

pytestmark = pytest.mark.django_db


def test_it_offers_what_has_no_slot_yet_and_a_new_wine(member: Client) -> None:
    rack = make_rack("Rack B")
    nowhere, shelved = stocked_wine(1, producer="Vietti"), stocked_wine(1, location=make_location())
    make_wine(producer="Not here")
    page = member.get(f"/locations/{rack.pk}/slot/?row=2&column=3")
    query = f"location={rack.pk}&row=2&column=3"
    moves = {f"/wines/{one.pk}/move/?bottle={one.bottles.get().pk}&{query}" for one in (nowhere, shelved)}
    offered = moves | {f"/wines/add/?{query}"}
    assert offered <= set(addresses_in(page))
    assert "Rack B · row 2, column 3" in text_of(page)
    assert "Not here" not in text_of(page)


def test_it_says_where_they_lie_those_of_the_rack_first(member: Client) -> None:
    rack, shelf = make_rack("Rack B"), make_location("Shelf by the door")
    stocked_wine(2, producer="Here", name="", vintage=2001, location=rack)
    stocked_wine(1, producer="Nowhere", name="", vintage=2002)
    stocked_wine(3, producer="Shelved", name="", vintage=2003, location=shelf)
    check_in(make_wine(producer="In its slot"), 1, location=rack, row=1, column=1)
    page = text_of(member.get(f"/locations/{rack.pk}/slot/?row=2&column=3"))
    order = [
        "In this rack, without a slot Here 2001 2 bottles",
        "Has no place yet Nowhere 2002 1 bottle",
        "Lies elsewhere, without a slot Shelved 2003 Shelf by the door · 3 bottles",
    ]
    assert sorted(page.index(part) for part in order) == [page.index(part) for part in order]
    assert "In its slot" not in page


def test_bottles_that_differ_are_offered_apart(member: Client) -> None:
    rack, wine = make_rack("Rack B"), make_wine(producer="Vietti", name="", vintage=2016)
    check_in(wine, 2, purchase=Purchase(3000, "EUR"))
    check_in(wine, 1, purchase=Purchase(4500, "EUR"))
    check_in(wine, 1, size_ml=1500)
    page = text_of(member.get(f"/locations/{rack.pk}/slot/?row=1&column=1"))
    for told in ("€30.00 each · 2 bottles", "€45.00 each · 1 bottle", "Magnum (1.5 l) · price not known · 1 bottle"):
        assert told in page


def test_bottles_that_are_alike_are_one_line_without_a_price(member: Client) -> None:
    rack, wine = make_rack(), make_wine(producer="Vietti", name="", vintage=2016)
    for _time in range(2):
        check_in(wine, 2, purchase=Purchase(3000, "EUR"))
    page = text_of(member.get(f"/locations/{rack.pk}/slot/?row=1&column=1"))
    assert "Vietti 2016 4 bottles" in page


def test_the_one_that_is_meant_goes_into_the_slot_and_no_other(member: Client) -> None:
    rack, shelf, wine = make_rack("Rack B"), make_location("Shelf 1"), make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    check_in(wine, 1, purchase=Purchase(3000, "EUR"))
    check_in(wine, 1, location=shelf, purchase=Purchase(4500, "EUR"))
    meant = wine.bottles.get(location=shelf)
    page = member.get(f"/locations/{rack.pk}/slot/?row=2&column=3")
    link = next(one for one in addresses_in(page) if str(meant.pk) in one)
    assert "the one at Shelf 1 · 75 cl · €45.00" in text_of(member.get(link))
    assert "Rack B: row 2, column 3." in messages_of(send(member, link))
    assert Bottle.objects.get(location=rack, row=2, column=3) == meant


def test_those_of_the_rack_that_have_a_slot_keep_it(member: Client) -> None:
    rack, wine = make_rack("Rack B"), make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    check_in(wine, 1, location=rack)
    page = member.get(f"/locations/{rack.pk}/slot/?row=2&column=3")
    send(member, next(one for one in addresses_in(page) if "/move/" in one))
    assert set(wine.bottles.values_list("row", "column")) == {(1, 1), (2, 3)}


def test_many_wines_are_not_all_offered_and_those_without_a_place_come_first(member: Client) -> None:
    rack, shelf = make_rack(), make_location()
    for _number in range(45):
        stocked_wine(1, location=shelf)
    stocked_wine(1, producer="Nowhere")
    page = member.get(f"/locations/{rack.pk}/slot/?row=1&column=1")
    assert "Nowhere" in text_of(page)
    assert sum("/move/" in link for link in addresses_in(page)) == 40


def test_a_slot_that_is_taken_leads_to_its_bottle(member: Client) -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=1, column=1)
    response = member.get(f"/locations/{rack.pk}/slot/?row=1&column=1")
    assert response.headers["Location"] == f"/bottles/{wine.bottles.get().pk}/"


NO_SLOTS = (
    "", "row=1", "row=5&column=1", "row=0&column=0", "row=x&column=1", "row=1.5&column=1", f"row={'9' * 5000}&column=1",
)  # fmt: skip


@pytest.mark.parametrize("query", NO_SLOTS)
def test_a_slot_that_is_none_is_not_found(member: Client, query: str) -> None:
    assert member.get(f"/locations/{make_rack().pk}/slot/?{query}").status_code == 404


def test_a_place_without_slots_has_none(member: Client) -> None:
    assert member.get(f"/locations/{make_location().pk}/slot/?row=1&column=1").status_code == 404
