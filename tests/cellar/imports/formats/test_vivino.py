"""Vivino's account data, each table and joined."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cellar.imports.formats.reading import FIXTURES, bottles, fixture_rows, named, recognised, rows_of, skipped

ALL = ("vivino/cellar.csv", "vivino/full_wine_list.csv", "vivino/user_prices.csv")


def test_each_table_is_recognised() -> None:
    found = recognised(*(FIXTURES / name for name in ALL), FIXTURES / "vivino/full_wine_list_2020.csv")
    assert found.format.name == "vivino"
    assert [source.part for source in found.sources] == ["cellar", "list", "prices", "list"]


def test_what_is_in_the_cellar_is_what_the_cellar_counts() -> None:
    rows = fixture_rows(*ALL)
    assert bottles(rows) == {"in_cellar": 10}
    assert not named(rows, "Vintage Port").lots


def test_prices_are_joined_by_the_link_to_the_wine() -> None:
    (lot,) = named(fixture_rows(*ALL), "Pauillac (Grand Cru Classé)").lots
    assert (lot.unit_price, lot.currency) == (899_00, "SEK")


@pytest.mark.parametrize(
    ("meaning", "expected"), [("", {}), ("wines", {}), ("history", {"gone": 5}), ("cellar", {"in_cellar": 5})]
)
def test_what_the_full_list_means_is_asked_of_the_person(meaning: str, expected: dict[str, int]) -> None:
    assert bottles(fixture_rows(ALL[1], meaning=meaning)) == expected
    found = recognised(FIXTURES / ALL[1])
    (question,) = found.format.ask(found.sources)
    assert [value for value, _text in question.answers] == ["wines", "history", "cellar"]
    assert question.option == "meaning"


def test_nothing_is_asked_where_a_table_says_what_is_in_the_cellar() -> None:
    found = recognised(*(FIXTURES / name for name in ALL))
    assert not list(found.format.ask(found.sources))
    assert not list(found.format.warn(found.sources))
    assert bottles(fixture_rows(*ALL, meaning="cellar")) == {"in_cellar": 10}


def test_a_wine_drunk_was_drunk_on_the_day_of_the_scan() -> None:
    (lot,) = named(fixture_rows(ALL[1], meaning="history"), "Pauillac (Grand Cru Classé)").lots
    assert (lot.consumed_on, lot.reason) == (date(2025, 10, 19), "drank")


def test_a_failed_scan_is_left_out_and_says_so() -> None:
    rows = fixture_rows(ALL[1])
    assert [(row.number, row.skipped) for row in rows if row.skipped] == [
        (5, "A scan that Vivino did not recognise: it names neither winery nor wine.")
    ]


def test_ratings_and_reviews_are_the_persons_own() -> None:
    notes = [note for row in fixture_rows(*ALL) for note in row.notes]
    assert [(note.rating, note.scale, note.text) for note in notes] == [
        (Decimal("4.5"), "5", "Dark & long 🍷"),
        (Decimal("4.1"), "5", "As @Lena said: honey"),
        (Decimal("3.0"), "5", ""),
    ]
    assert notes[0].tasted_on == date(2025, 10, 19)


def test_the_average_is_the_communitys_and_comes_once() -> None:
    scores = [(score.source, score.value, score.scale) for row in fixture_rows(*ALL) for score in row.scores]
    assert len(scores) == 5
    assert ("Vivino", "4.3", "5") in scores


def test_a_blank_vintage_is_unknown_and_0_0_is_no_window() -> None:
    row = named(fixture_rows(ALL[1]), "Brut Réserve Champagne")
    assert not {"vintage", "non_vintage", "drink_from"} & set(row.wine)
    wine = named(fixture_rows(ALL[1]), "Pauillac (Grand Cru Classé)").wine
    assert (wine["drink_from"], wine["drink_until"]) == (2026, 2034)


def test_the_layout_of_2020_has_stock_wishes_and_prices() -> None:
    rows = fixture_rows("vivino/full_wine_list_2020.csv")
    assert bottles(rows) == {"in_cellar": 2}
    assert rows[0].lots[0].unit_price == 45_00
    assert [row.wine["name"] for row in rows if row.wine.get("wishlist")] == ["Vintage Port"]


def test_where_something_was_scanned_is_nobodys_business() -> None:
    assert "Market Square" not in repr(fixture_rows(*ALL))


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("cellar", 29, {"in_cellar": 30}),
        ("full_wine_list", 117, {}),
        ("user_prices", 40, {}),
        ("template", 4, {"in_cellar": 5}),
    ],
)
def test_real_tables(shared_data: Path, name: str, rows: int, expected: dict[str, int]) -> None:
    read = rows_of(shared_data / "imports" / f"vivino_{name}.csv")
    assert len(read) == rows
    assert bottles(read) == expected
    assert not skipped(read)


@pytest.mark.needs_shared_data
def test_real_tables_together(shared_data: Path) -> None:
    parts = ("cellar", "full_wine_list", "user_prices")
    rows = rows_of(*(shared_data / "imports" / f"vivino_{part}.csv" for part in parts))
    assert bottles(rows) == {"in_cellar": 30}
    lots = [lot for row in rows for lot in row.lots]
    assert {lot.currency for lot in lots if lot.unit_price} == {"SEK"}
    assert all(lot.unit_price for lot in lots)
    assert bottles(rows_of(shared_data / "imports" / "vivino_full_wine_list.csv", meaning="history")) == {"gone": 117}
