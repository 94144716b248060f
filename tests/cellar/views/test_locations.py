"""/locations/, /locations/…/ and /locations/none/"""

from __future__ import annotations

import pytest
from django.test import Client

from cellar import drinking
from cellar.models import Transaction
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, form_to, messages_of, send, text_of

pytestmark = pytest.mark.django_db


def test_the_tree_is_shown_with_how_much_lies_in_each_place(guest: Client) -> None:
    cellar = make_location("Cellar", kind="cellar")
    rack = make_rack("Rack B", parent=cellar)
    make_location("Attic", kind="other")
    stocked_wine(2, location=cellar)
    stocked_wine(3, location=rack)
    stocked_wine(4)
    page = guest.get("/locations/")
    assert "Attic Other 0 Cellar Cellar 5 Rack B Rack · 4 × 6 3 No place yet 4" in text_of(page)
    assert {f"/locations/{cellar.pk}/", f"/locations/{rack.pk}/", "/locations/none/"} <= set(addresses_in(page))


def test_places_stand_in_the_order_in_which_people_count(guest: Client) -> None:
    for name in ("Shelf 10", "Shelf 2", "shelf 1", "Étagère"):
        make_location(name)
    assert "Étagère Shelf 0 shelf 1 Shelf 0 Shelf 2 Shelf 0 Shelf 10" in text_of(guest.get("/locations/"))


def test_a_place_far_down_the_tree_is_indented_like_those_around_it(guest: Client) -> None:
    inner = None
    for name in ("House", "Cellar", "Rack", "Shelf", "Box", "Corner"):
        inner = make_location(name, parent=inner)
    page = guest.get("/locations/").content.decode()
    assert (page.count('class="depth-3"'), page.count('class="depth-')) == (3, 6)


def test_without_places_it_says_what_to_do(member: Client, guest: Client) -> None:
    assert "/locations/add/" in addresses_in(member.get("/locations/"))
    assert "/locations/add/" not in addresses_in(guest.get("/locations/"))


def test_a_place_shows_what_lies_there_and_in_it(guest: Client) -> None:
    cellar = make_location("Cellar")
    rack = make_rack("Rack B", parent=cellar)
    wine = stocked_wine(2, location=cellar, producer="Vietti")
    check_in(wine, 1, location=cellar, size_ml=1500)
    stocked_wine(3, location=rack, producer="Krug")
    page = guest.get(f"/locations/{cellar.pk}/")
    assert "3 bottles lie here" in text_of(page)
    assert "Rack B 3" in text_of(page)
    assert "Magnum (1.5 l)" in text_of(page)
    assert "Krug" not in text_of(page)
    assert f"/wines/{wine.pk}/" in addresses_in(page)


def test_a_place_leads_to_those_around_it(guest: Client) -> None:
    house = make_location("House", kind="house")
    shelf = make_location("Shelf", parent=make_location("Cellar", parent=house))
    assert f"/locations/{house.pk}/" in addresses_in(guest.get(f"/locations/{shelf.pk}/"))


def test_bottles_without_a_slot_are_listed_under_their_rack_and_get_one(member: Client, guest: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=3)
    wine = stocked_wine(2, location=rack, producer="Krug")
    check_in(make_wine(producer="Vietti"), 1, location=rack, row=1, column=1)
    path = f"/locations/{rack.pk}/"
    page = member.get(path)
    assert "Here, but in no slot yet" in text_of(page)
    link = next(one for one in addresses_in(page) if one.startswith(f"/wines/{wine.pk}/move/?bottle="))
    assert send(member, link).status_code == 302
    assert sorted(wine.bottles.values_list("row", "column"), key=str) == [(1, 2), (None, None)]
    assert not [one for one in addresses_in(guest.get(path)) if "/move/" in one]


def test_bottles_without_a_slot_are_put_into_the_free_ones_in_one_step(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=6)
    wine, other = stocked_wine(2, location=rack, producer="Krug"), stocked_wine(2, location=rack, producer="Vietti")
    path = f"/locations/{rack.pk}/"
    page = member.get(path)
    assert "Put them into free slots" in text_of(page)
    form = form_to(page, f"{path}slots/")
    response = member.post(form.action, form.filled())
    assert response.headers["Location"] == path
    assert "4 bottles put into slots. Rack B: row 1, column 1–4." in messages_of(response)
    member.post(form_to(member.get(path), f"/history/{Transaction.objects.newest_first()[0].action}/undo/").action)
    assert {bottle.row for one in (wine, other) for bottle in one.bottles.all()} == {None}


def test_of_too_many_as_many_as_fit_are_put_into_slots(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=2)
    stocked_wine(3, location=rack)
    path = f"/locations/{rack.pk}/"
    page = member.get(path)
    assert "Put 2 of them into the free slots" in text_of(page)
    form = form_to(page, f"{path}slots/")
    member.post(form.action, form.filled())
    assert "No slot of this rack is free." in text_of(member.get(path))


def test_the_same_button_pressed_twice_has_one_effect(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=2)
    stocked_wine(1, location=rack)
    path = f"/locations/{rack.pk}/"
    form = form_to(member.get(path), f"{path}slots/")
    answers = [messages_of(member.post(form.action, form.filled())) for _time in range(2)]
    assert all("1 bottle put into a slot. Rack B: row 1, column 1." in one for one in answers)
    assert Transaction.objects.count() == 2


def test_a_button_that_comes_too_late_says_so(member: Client) -> None:
    rack = make_rack()
    response = member.post(f"/locations/{rack.pk}/slots/", {"key": ""})
    assert "No bottle lies there without a slot any more." in messages_of(response)


def test_a_guest_is_not_offered_to_put_bottles_into_slots(guest: Client) -> None:
    rack = make_rack()
    stocked_wine(1, location=rack)
    assert "free slots" not in text_of(guest.get(f"/locations/{rack.pk}/"))


def test_a_rack_without_loose_bottles_or_free_slots_offers_none(member: Client) -> None:
    rack = make_rack("Rack B", rows=1, columns=1)
    check_in(make_wine(producer="Vietti"), 1, location=rack, row=1, column=1)
    assert "in no slot yet" not in text_of(member.get(f"/locations/{rack.pk}/"))
    wine = stocked_wine(1, location=rack)
    page = member.get(f"/locations/{rack.pk}/")
    assert "in no slot yet" in text_of(page)
    assert not [one for one in addresses_in(page) if one.startswith(f"/wines/{wine.pk}/move/?bottle=")]


def test_a_rack_is_a_picture_in_words_too(member: Client) -> None:
    rack = make_rack("Rack B", rows=2, columns=2)
    wine = make_wine(producer="Vietti", name="Barolo", vintage=2016, drink_until=drinking.this_year())
    check_in(wine, 1, location=rack, row=1, column=2)
    page = member.get(f"/locations/{rack.pk}/")
    assert 'aria-label="row 1, column 2: Vietti Barolo 2016, ready"' in page.content.decode()
    assert page.content.decode().count('aria-label="row 2, column 1: free"') == 1
    assert f"/bottles/{wine.bottles.get().pk}/" in addresses_in(page)
    assert f"/locations/{rack.pk}/slot/?row=2&column=1" in addresses_in(page)


def test_a_slot_leads_a_guest_to_the_wine(guest: Client) -> None:
    rack = make_rack()
    wine = make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    links = addresses_in(guest.get(f"/locations/{rack.pk}/"))
    assert f"/wines/{wine.pk}/" in links
    assert not [link for link in links if "/bottles/" in link or "/slot/" in link]


def test_bottles_of_a_rack_that_have_no_slot_are_not_hidden(guest: Client) -> None:
    rack = make_rack("Rack B")
    stocked_wine(2, location=rack, producer="Vietti")
    page = text_of(guest.get(f"/locations/{rack.pk}/"))
    assert "2 bottles lie here" in page
    assert "Vietti" in page


def test_what_has_no_place_yet_is_shown(guest: Client) -> None:
    stocked_wine(2, producer="Vietti")
    stocked_wine(2, producer="Krug", location=make_location())
    page = text_of(guest.get("/locations/none/"))
    assert "2 bottles" in page
    assert ("Vietti" in page, "Krug" in page) == (True, False)


def test_a_full_place_is_paged(guest: Client) -> None:
    shelf = make_location()
    for number in range(101):
        stocked_wine(1, producer=f"Producer {number:03}", location=shelf)
    first, second = (text_of(guest.get(f"/locations/{shelf.pk}/?page={page}")) for page in (1, 2))
    assert ("Producer 000" in first, "Producer 100" in first, "Producer 100" in second) == (True, False, True)
    assert "101 bottles lie here" in second


@pytest.mark.parametrize("page", ["x", "-1", "9" * 5000, "\0"])
def test_a_page_that_makes_no_sense_is_passed_over(guest: Client, page: str) -> None:
    shelf = make_location()
    stocked_wine(1, location=shelf)
    assert guest.get(f"/locations/{shelf.pk}/", {"page": page}).status_code == 200


def test_a_guest_has_no_buttons(guest: Client) -> None:
    rack = make_rack()
    stocked_wine(1, location=rack)
    page = guest.get(f"/locations/{rack.pk}/").content.decode()
    assert all(f"/{verb}/" not in page for verb in ("count", "edit", "delete", "move", "slot", "add"))
