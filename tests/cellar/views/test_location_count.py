"""/locations/…/count/"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cellar import stock
from cellar.models import Kind, Location, Reason, Transaction, Wine
from cellar.stock import check_in_many
from cellar.views import counting
from tests.cellar.factories import check_in, make_location, make_wine, stocked_wine
from tests.cellar.views.pages import error_beside, everything, form_to, messages_of, send, text_of, value_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Location:
    return make_location("Shelf 1", parent=make_location("Cellar"))


def field(wine: Wine, size_ml: int = 750) -> str:
    return f"found_{wine.pk.hex}_{size_ml}"


def counted(member: Client, shelf: Location, **found: Any) -> Any:
    """Type what was found, look at the differences, and save them."""
    page = send(member, f"/locations/{shelf.pk}/count/", **found)
    return member.post(f"/locations/{shelf.pk}/count/", form_to(page, "").filled(save="1"))


def test_the_numbers_of_the_book_stand_there_already(member: Client, shelf: Location) -> None:
    wine = stocked_wine(6, location=shelf, producer="Vietti", name="Barolo", vintage=2016)
    check_in(wine, 2, location=shelf, size_ml=1500)
    page = member.get(f"/locations/{shelf.pk}/count/")
    assert "Cellar · Shelf 1" in text_of(page)
    assert "Vietti Barolo 2016, Magnum (1.5 l)" in text_of(page)
    assert (value_in(page, field(wine)), value_in(page, field(wine, 1500))) == ("6", "2")


def test_the_differences_are_shown_before_anything_is_saved(member: Client, shelf: Location) -> None:
    one = stocked_wine(6, location=shelf, producer="Vietti")
    two = stocked_wine(2, location=shelf, producer="Krug")
    stocked_wine(1, location=shelf, producer="Same")
    before = everything()
    page = send(member, f"/locations/{shelf.pk}/count/", **{field(one): "5", field(two): "4", "note": "With Ada"})
    assert page.status_code == 200
    assert "2 more" in text_of(page)
    assert "1 missing" in text_of(page)
    assert "Same" not in text_of(page)
    assert everything() == before


def test_what_was_counted_is_saved_as_one_step(member: Client, shelf: Location, person: User) -> None:
    one, two = stocked_wine(6, location=shelf), stocked_wine(2, location=shelf)
    response = counted(member, shelf, **{field(one): "5", field(two): "4", "note": "With Ada"})
    assert response["Location"] == f"/locations/{shelf.pk}/"
    assert "Shelf 1 counted: 3 bottles put right." in messages_of(response)
    done = Transaction.objects.filter(kind=Kind.COUNT)
    assert len(set(done.values_list("action", flat=True))) == 1
    assert set(done.values_list("actor", "note")) == {(person.pk, "With Ada")}
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.count_in_cellar, one.count_gone, two.count_in_cellar) == (5, 1, 4)


def test_it_is_taken_back_as_one_step(member: Client, shelf: Location) -> None:
    one, two = stocked_wine(6, location=shelf), stocked_wine(2, location=shelf)
    counted(member, shelf, **{field(one): "5", field(two): "4"})
    action = Transaction.objects.filter(kind=Kind.COUNT)[0].action
    member.post(form_to(member.get(f"/locations/{shelf.pk}/"), f"/history/{action}/undo/").action)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.count_in_cellar, two.count_in_cellar) == (6, 2)


def test_a_book_that_is_right_is_told_at_once(member: Client, shelf: Location) -> None:
    stocked_wine(6, location=shelf)
    before = everything()
    response = send(member, f"/locations/{shelf.pk}/count/")
    assert "Shelf 1 counted: the book is right." in messages_of(response)
    assert everything()["Bottle"] == before["Bottle"]
    assert everything()["Transaction"] == before["Transaction"]


def test_an_empty_place_says_what_to_do(member: Client, shelf: Location) -> None:
    assert "The book has no bottle here." in text_of(member.get(f"/locations/{shelf.pk}/count/"))
    assert send(member, f"/locations/{shelf.pk}/count/").status_code == 302


@pytest.mark.parametrize("typed", ["", "-1", "many", "1207", "9" * 5000, "1.5"])
def test_a_mistake_is_told_beside_its_field(member: Client, shelf: Location, typed: str) -> None:
    wine = stocked_wine(6, location=shelf)
    before = everything()
    response = send(member, f"/locations/{shelf.pk}/count/", **{field(wine): typed, "note": "Kept"})
    assert response.status_code == 422
    assert error_beside(response, field(wine))
    assert value_in(response, "note") == "Kept"
    assert everything() == before


def test_more_than_can_be_moved_at_once_can_be_counted(member: Client, shelf: Location) -> None:
    wine = make_wine()
    for _time in range(2):
        check_in(wine, 700, location=shelf)
    counted(member, shelf, **{field(wine): "1399"})
    wine.refresh_from_db()
    assert wine.count_in_cellar == 1399


def test_sent_twice_it_has_one_effect(member: Client, shelf: Location) -> None:
    wine = stocked_wine(6, location=shelf)
    page = send(member, f"/locations/{shelf.pk}/count/", **{field(wine): "5"})
    filled = form_to(page, "").filled(save="1")
    responses = [member.post(f"/locations/{shelf.pk}/count/", filled) for _time in range(2)]
    assert [response["Location"] for response in responses] == [f"/locations/{shelf.pk}/"] * 2
    wine.refresh_from_db()
    assert wine.count_in_cellar == 5


# -- The book has changed meanwhile ------------------------------------------------------------------------------------


@pytest.mark.parametrize("save", [{}, {"save": "1"}])
def test_a_bottle_that_went_meanwhile_is_told(member: Client, shelf: Location, save: dict[str, str]) -> None:
    wine, other = stocked_wine(6, location=shelf), stocked_wine(3, location=shelf)
    filled = form_to(member.get(f"/locations/{shelf.pk}/count/"), "").filled(**{field(wine): "5", field(other): "2"})
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    before = everything()
    response = member.post(f"/locations/{shelf.pk}/count/", {**filled, **save})
    assert response.status_code == 422
    assert "The book has changed since you began to count." in text_of(response)
    assert (value_in(response, field(wine)), value_in(response, field(other))) == ("5", "2")
    assert everything() == before


def test_after_looking_again_it_is_saved(member: Client, shelf: Location) -> None:
    wine, other = stocked_wine(6, location=shelf), stocked_wine(3, location=shelf)
    filled = form_to(member.get(f"/locations/{shelf.pk}/count/"), "").filled(**{field(wine): "5", field(other): "2"})
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    again = member.post(f"/locations/{shelf.pk}/count/", filled)
    page = member.post(f"/locations/{shelf.pk}/count/", form_to(again, "").filled())
    assert "1 missing" in text_of(page)
    member.post(f"/locations/{shelf.pk}/count/", form_to(page, "").filled(save="1"))
    other.refresh_from_db()
    wine.refresh_from_db()
    assert (wine.count_in_cellar, other.count_in_cellar) == (5, 2)


def test_a_wine_that_came_meanwhile_is_told(member: Client, shelf: Location) -> None:
    wine = stocked_wine(6, location=shelf)
    filled = form_to(member.get(f"/locations/{shelf.pk}/count/"), "").filled(**{field(wine): "5"})
    new = stocked_wine(2, location=shelf)
    response = member.post(f"/locations/{shelf.pk}/count/", filled)
    assert (response.status_code, value_in(response, field(new)), value_in(response, field(wine))) == (422, "2", "5")


def test_a_wine_that_is_there_no_longer_is_told(member: Client, shelf: Location) -> None:
    wine, gone = stocked_wine(6, location=shelf), stocked_wine(2, location=shelf)
    filled = form_to(member.get(f"/locations/{shelf.pk}/count/"), "").filled(**{field(wine): "5"})
    stock.check_out(wine=gone, quantity=2, reason=Reason.DRANK, actor=None)
    response = member.post(f"/locations/{shelf.pk}/count/", filled)
    assert (response.status_code, field(gone) in response.content.decode()) == (422, False)


@pytest.mark.parametrize("forged", ["", "x", "-1", "9" * 5000, "6 "])
def test_what_the_book_said_cannot_be_made_up(member: Client, shelf: Location, forged: str) -> None:
    wine = stocked_wine(6, location=shelf)
    expected = f"expected_{wine.pk.hex}_750"
    response = send(member, f"/locations/{shelf.pk}/count/", **{field(wine): "5", expected: forged, "save": "1"})
    assert response.status_code == 422
    wine.refresh_from_db()
    assert wine.count_in_cellar == 6


# -- Many wines --------------------------------------------------------------------------------------------------------


def test_a_place_with_many_wines_is_counted_page_by_page(
    member: Client, shelf: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "PAGE_SIZE", 2)
    wines = [make_wine(producer=f"Producer {number}") for number in range(3)]
    arrivals = [stock.Arrival(wine=wine, quantity=2, place=stock.Place(shelf.pk)) for wine in wines]
    check_in_many(arrivals=arrivals, actor=None)
    path = f"/locations/{shelf.pk}/count/"
    page = send(member, path, **{field(wines[1]): "1"})
    response = member.post(path, form_to(page, "").filled(save="1"))
    assert response["Location"] == f"{path}?page=2"
    assert "each page is saved by itself" in text_of(member.get(path))
    last = send(member, f"{path}?page=2", **{field(wines[2]): "2"})
    assert last["Location"] == f"/locations/{shelf.pk}/"
    wines[1].refresh_from_db()
    assert wines[1].count_in_cellar == 1
