"""InVintory, VinoCell, Ploc, Oeno, Cellarion, Home Assistant's tracker, and the earlier WineBox."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cellar.imports.rows import Row
from cellar.models import State
from tests.cellar.imports.formats.reading import FIXTURES, bottles, fixture_rows, named, recognised, rows_of, skipped

VINOCELL = ("vinocell/wines.csv", "vinocell/bottles.csv", "vinocell/bottles_gone.csv")
PLOC = ("ploc/wines.csv", "ploc/slots.csv", "ploc/history.csv")
PLOC_FRENCH = ("ploc/vins.csv", "ploc/emplacements.csv", "ploc/historique.csv")
EARLIER = ("earlier_winebox/wines.csv", "earlier_winebox/transactions.csv")


@pytest.mark.parametrize(
    ("name", "format_", "part", "rows", "expected"),
    [
        ("invintory.csv", "invintory", "wines", 3, {"in_cellar": 3}),
        (VINOCELL[0], "vinocell", "wines", 2, {"in_cellar": 2}),
        (VINOCELL[1], "vinocell", "bottles", 2, {"in_cellar": 2}),
        (VINOCELL[2], "vinocell", "gone", 3, {"gone": 3}),
        (PLOC[0], "ploc", "wines", 2, {"in_cellar": 3}),
        (PLOC[1], "ploc", "slots", 2, {"in_cellar": 2}),
        (PLOC[2], "ploc", "history", 4, {"in_cellar": 3, "gone": 4}),
        (PLOC_FRENCH[0], "ploc", "wines", 2, {"in_cellar": 3}),
        (PLOC_FRENCH[1], "ploc", "slots", 2, {"in_cellar": 2}),
        (PLOC_FRENCH[2], "ploc", "history", 4, {"in_cellar": 3, "gone": 4}),
        ("oeno.csv", "oeno", "cabinets", 4, {"in_cellar": 2, "open": 1, "gone": 1}),
        ("cellarion/export.csv", "cellarion", "bottles", 2, {"in_cellar": 1, "gone": 1}),
        ("cellarion/export.json", "cellarion", "document", 2, {"in_cellar": 1, "gone": 1}),
        ("ha_wine_tracker/wines.csv", "ha-wine-tracker", "wines", 2, {"in_cellar": 2}),
        ("ha_wine_tracker/wines.json", "ha-wine-tracker", "document", 2, {"in_cellar": 2}),
        (EARLIER[0], "winebox-1", "wines", 2, {"in_cellar": 4}),
        (EARLIER[1], "winebox-1", "transactions", 4, {"in_cellar": 4, "gone": 3}),
    ],
)
def test_each_file_is_recognised_and_counted(
    name: str, format_: str, part: str, rows: int, expected: dict[str, int]
) -> None:
    found = recognised(FIXTURES / name)
    assert (found.format.name, [source.part for source in found.sources]) == (format_, [part])
    read = rows_of(FIXTURES / name)
    assert len(read) == rows
    assert bottles(read) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (VINOCELL, {"in_cellar": 2, "gone": 3}),
        (PLOC, {"in_cellar": 3, "gone": 4}),
        (PLOC_FRENCH, {"in_cellar": 3, "gone": 4}),
        (EARLIER, {"in_cellar": 4, "gone": 3}),
    ],
)
def test_no_bottle_is_there_twice_when_the_files_of_a_cellar_come_together(
    names: tuple[str, ...], expected: dict[str, int]
) -> None:
    assert bottles(fixture_rows(*names)) == expected


# InVintory


def test_invintory_names_the_currency_in_its_header() -> None:
    (lot,) = named(fixture_rows("invintory.csv"), "Les Murmures").lots
    assert (lot.unit_price, lot.currency, lot.place) == (88_50, "USD", ("Main Cellar",))


def test_invintory_writes_windows_and_non_vintage_its_way() -> None:
    rows = fixture_rows("invintory.csv")
    assert named(rows, "Grande Réserve").wine["non_vintage"] is True
    wine = named(rows, "Les Murmures").wine
    assert (wine["drink_from"], wine["drink_until"]) == (2024, 2030)
    # Of the third no bottle is left.
    assert skipped(rows) == [
        (4, "Size", "375ml"), (4, "Cellar or Fridge Name", "Main Cellar"), (4, "Average Purchase Price (USD)", "32.00"),
    ]  # fmt: skip


# VinoCell


def test_vinocell_is_read_as_it_is_written(tmp_path: Path) -> None:
    """UTF-16 with a byte order mark, tabs, `.csv`."""
    files = []
    for name in VINOCELL:
        file = tmp_path / Path(name).name
        file.write_bytes((FIXTURES / name).read_text(encoding="utf-8").encode("utf-16"))
        files.append(file)
    assert rows_of(*files) == fixture_rows(*VINOCELL)


def test_vinocell_bottles_have_place_price_and_day_before_month() -> None:
    lots = [lot for row in fixture_rows(VINOCELL[1]) for lot in row.lots]
    assert [(lot.place, lot.slot, lot.purchased_on) for lot in lots] == [
        (("Cave principale",), "A1", date(2022, 12, 3)),
        (("Cave principale",), "A2", date(2022, 12, 31)),
    ]
    assert (lots[0].unit_price, lots[0].currency, lots[0].store) == (42_50, "CHF", "Marchand")
    assert [lot.key for lot in lots] == ["VinoCell 17", "VinoCell 18"]


def test_vinocell_says_how_bottles_went() -> None:
    lots = [lot for row in fixture_rows(VINOCELL[2]) for lot in row.lots]
    assert [(lot.reason, lot.consumed_on, lot.recipient) for lot in lots] == [
        ("drank", date(2024, 12, 24), ""),
        ("gift", date(2025, 1, 1), "Sophie"),
        ("other", None, ""),
    ]


def test_vinocell_wines_come_with_everything_else() -> None:
    rows = fixture_rows(*VINOCELL)
    row = named(rows, "Les Murmures")
    assert row.wine["alcohol"] == Decimal("13.5")
    assert (row.wine["best_from"], row.wine["best_until"], row.wine["ean"]) == (2026, 2030, "3012345678906")
    assert row.wine["custom_fields"]["Pairings"] == "Game"
    assert {(score.source, score.value) for score in row.scores} == {("Jancis Robinson", "17"), ("Pro", "95")}
    magnum = named(rows, "Grande Réserve")
    assert magnum.wine["grapes"] == [{"name": "Chardonnay", "percent": 60.0}, {"name": "Pinot noir", "percent": 40.0}]
    assert magnum.wine["wishlist"] is True
    assert not skipped(rows)


# Ploc


def same(rows: list[Row]) -> list[object]:
    return [(row.number, row.wine, row.lots, row.notes) for row in rows]


def test_ploc_in_french_and_english_is_the_same() -> None:
    assert same(fixture_rows(*PLOC)) == same(fixture_rows(*PLOC_FRENCH))


def test_ploc_bottles_lie_in_their_slots_and_the_rest_without() -> None:
    lots = [lot for row in fixture_rows(*PLOC) for lot in row.lots if lot.state == State.IN_CELLAR]
    assert sorted((lot.place, lot.row, lot.column) for lot in lots if lot.place) == [
        (("Cave A",), 1, 3), (("Cave A",), 2, 4),
    ]  # fmt: skip
    assert [lot.quantity for lot in lots if not lot.place] == [1]
    assert {(lot.unit_price, lot.store, lot.purchased_on) for lot in lots} == {
        (42_50, "Caviste du Port", date(2022, 12, 25))
    }


def test_ploc_bottles_that_went_know_when_they_came() -> None:
    lots = [lot for row in fixture_rows(*PLOC) for lot in row.lots if lot.state == State.GONE]
    assert [(lot.quantity, lot.reason, lot.purchased_on, lot.consumed_on) for lot in lots] == [
        (3, "drank", date(2022, 12, 25), date(2024, 2, 14)),
        (1, "sold", date(2024, 4, 3), date(2024, 4, 5)),
    ]
    assert (lots[1].revenue, lots[1].recipient, lots[1].size_ml) == (110_00, "Paul", 1500)


def test_ploc_tells_what_was_inferred() -> None:
    found = recognised(*(FIXTURES / name for name in PLOC))
    (warning,) = found.format.warn(found.sources)
    assert "out of 20" in warning
    notes = [note for row in fixture_rows(*PLOC) for note in row.notes]
    assert [(note.rating, note.scale) for note in notes] == [(Decimal("17.0"), "20")]


def test_ploc_with_dates_that_could_be_two_asks_for_their_order(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    text = (FIXTURES / PLOC[2]).read_text(encoding="utf-8").replace("25/12/2022", "05/12/2022")
    file.write_text(text.replace("14/02/2024", "04/02/2024"), encoding="utf-8")
    found = recognised(file)
    assert any("choose it" in warning for warning in found.format.warn(found.sources))
    assert ("Date", "05/12/2022") in {(column, text) for _row, column, text in skipped(rows_of(file))}
    assert not skipped(rows_of(file, date_order="dmy"))


def test_a_single_year_of_ripeness_is_not_guessed_to_be_first_or_last() -> None:
    assert skipped(fixture_rows(PLOC[0])) == [(3, "Apogee", "2030"), (3, "Bottle format", "Magnum")]


# Oeno


def test_oeno_has_two_tables_in_one_file() -> None:
    rows = fixture_rows("oeno.csv")
    assert [(row.number, row.wine["name"]) for row in rows] == [
        (10, "Les Murmures"), (11, "Grande Réserve"), (12, "Old Hill"), (13, "Sonnenhang"),
    ]  # fmt: skip
    lots = [lot for row in rows for lot in row.lots]
    assert [(lot.place, lot.slot) for lot in lots] == [
        (("Under the stairs",), "3-18-1-5"), (("Kitchen",), "1-5-1-1"), ((), ""), (("Under the stairs",), "3-1-1-3"),
    ]  # fmt: skip


def test_null_is_nothing_in_oeno() -> None:
    rows = fixture_rows("oeno.csv")
    assert not skipped(rows)
    assert "vintage" not in rows[1].wine
    assert rows[1].lots[0].unit_price is None
    assert rows[2].wine["country"] == "New Zealand"
    assert rows[2].lots[0].consumed_on == date(2024, 11, 26)
    assert (rows[3].lots[0].opened_on, rows[3].lots[0].size_ml) == (date(2025, 1, 5), 375)


# Cellarion and Home Assistant


@pytest.mark.parametrize("name", ["cellarion/export.csv", "cellarion/export.json"])
def test_cellarion_bottles(name: str) -> None:
    murmures, reserve = fixture_rows(name)
    (lot,) = murmures.lots
    assert (lot.place, lot.slot, lot.unit_price, lot.currency) == (("Cellar", "Rack 1"), "7", 88_50, "CHF")
    assert [(note.rating, note.scale) for note in murmures.notes] == [(Decimal("4.5"), "5")]
    (gone,) = reserve.lots
    assert (gone.consumed_on, gone.reason, gone.consumption_note) == (date(2024, 12, 31), "drank", "Midnight")
    assert [(note.rating, note.scale) for note in reserve.notes] == [(Decimal("92.0"), "100")]


def test_home_assistants_json_says_what_its_csv_says() -> None:
    table, document = fixture_rows("ha_wine_tracker/wines.csv"), fixture_rows("ha_wine_tracker/wines.json")
    assert [(row.wine, row.lots, row.notes) for row in table] == [(row.wine, row.lots, row.notes) for row in document]
    assert not table[1].lots


# The earlier WineBox


def test_the_earlier_winebox_counts_bottles_first_in_first_out() -> None:
    lots = [lot for row in fixture_rows(*EARLIER) for lot in row.lots]
    assert [(lot.quantity, lot.state.value, lot.purchased_on, lot.consumed_on) for lot in lots] == [
        (4, "in_cellar", date(2024, 1, 1), None),
        (2, "gone", date(2024, 1, 1), date(2025, 3, 1)),
        (1, "gone", date(2024, 2, 1), date(2024, 3, 1)),
    ]
    assert (lots[0].purchase_note, lots[1].consumption_note) == ("From the fair", "With the roast")


def test_the_stock_the_earlier_winebox_says_is_the_stock(tmp_path: Path) -> None:
    """Also where its transactions do not add up."""
    wines = (FIXTURES / EARLIER[0]).read_text(encoding="utf-8").replace(",premium,4,", ",premium,7,")
    file = tmp_path / "wines.csv"
    file.write_text(wines, encoding="utf-8")
    rows = rows_of(file, FIXTURES / EARLIER[1])
    assert bottles(rows) == {"in_cellar": 7, "gone": 3}


def test_the_earlier_winebox_keeps_scores_and_own_fields() -> None:
    row = named(fixture_rows(EARLIER[0]), "Les Murmures")
    assert {(score.source, score.value) for score in row.scores} == {("Decanter", "94"), ("Parker", "92-94")}
    assert row.wine["custom_fields"] == {"shelf": "A3"}
    assert row.wine["price_tier"] == "premium"


# Real files


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("names", "format_", "rows", "expected"),
    [
        (("oeno_vintec_two_section",), "oeno", 4, {"in_cellar": 3, "gone": 1}),
        (("vinocell_bottles_SYNTHETIC_schema",), "vinocell", 2, {"in_cellar": 2}),
        (("vinocell_bottles_gone_SYNTHETIC_schema",), "vinocell", 2, {"gone": 2}),
        (("vinocell_wines_SYNTHETIC_schema",), "vinocell", 2, {}),
        (
            tuple(f"vinocell_{part}_SYNTHETIC_schema" for part in ("wines", "bottles", "bottles_gone")),
            "vinocell", 6, {"in_cellar": 2, "gone": 2},
        ),
        (("winebox_wines_header", "winebox_transactions_header"), "winebox-1", 0, {}),
    ],
)  # fmt: skip
def test_real_files(
    shared_data: Path, names: tuple[str, ...], format_: str, rows: int, expected: dict[str, int]
) -> None:
    files = [shared_data / "imports" / f"{name}.csv" for name in names]
    assert recognised(*files).format.name == format_
    read = rows_of(*files)
    assert (len(read), bottles(read)) == (rows, expected)
    assert not skipped(read)
