"""What a list prints of a wine."""

import pytest

from cellar.contexts import attach_places, wine_rows
from cellar.contexts.rows import WineRow
from cellar.models import Wine
from cellar.tree import load_tree
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine

pytestmark = pytest.mark.django_db


def row_of(wine: Wine) -> WineRow:
    wine.refresh_from_db()
    return wine_rows(attach_places([wine], load_tree()))[0]


def test_a_row_names_the_wine() -> None:
    row = row_of(make_wine(producer="Krug", name="Grande Cuvée", non_vintage=True))
    assert (row["title"], row["vintage"], row["full_name"]) == ("Krug Grande Cuvée", "NV", "Krug Grande Cuvée NV")


def test_a_row_says_what_it_is_and_where_it_is_from() -> None:
    row = row_of(make_wine(type="red", appellation="Margaux", region="Bordeaux", country="France"))
    assert row["origin"] == "Red · Margaux · Bordeaux · France"


def test_a_wine_of_unknown_type_and_origin_says_nothing() -> None:
    assert row_of(make_wine(type="", region="", country=""))["origin"] == ""


def test_a_row_counts_what_is_there() -> None:
    assert row_of(stocked_wine(3))["count"] == 3


def test_a_row_says_where_the_bottles_lie_most_first() -> None:
    wine, fridge, rack = make_wine(), make_location("Fridge"), make_rack("Rack B")
    check_in(wine, 1, location=fridge)
    check_in(wine, 3, location=rack, row=2, column=1)
    assert row_of(wine)["where"] == "Rack B · row 2 (3), Fridge"


def test_no_more_than_three_places_are_named() -> None:
    wine = make_wine()
    for number in range(5):
        check_in(wine, 1, location=make_location(f"Shelf {number}"))
    assert row_of(wine)["where"].count(",") == 2
    assert row_of(wine)["where"].endswith("…")


def test_a_row_leads_to_its_own_wine() -> None:
    first, second = row_of(make_wine()), row_of(make_wine())
    assert first["url"] == f"/wines/{first['id']}/"
    assert second["drink_url"] == f"/wines/{second['id']}/drink/"
    assert second["plus_url"] == f"/wines/{second['id']}/plus/"


def test_each_button_works_once() -> None:
    row = row_of(make_wine())
    assert row["drink_key"] != row["plus_key"] != row_of(make_wine())["plus_key"]
