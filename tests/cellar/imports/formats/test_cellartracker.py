"""CellarTracker's tables, each as it is and joined."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cellar.imports.cells import decimal_sign
from cellar.imports.decode import open_file
from cellar.imports.detect import recognise
from cellar.imports.limits import FileRefused
from cellar.models import State
from tests.cellar.imports.formats.reading import FIXTURES, bottles, fixture_rows, named, recognised, rows_of, skipped

FOLDER = FIXTURES / "cellartracker"
ALL_STATES = {"in_cellar": 19, "on_order": 3, "gone": 6}
PRESENT = {"in_cellar": 19, "on_order": 3}


def ours(*names: str) -> list[str]:
    return [f"cellartracker/{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "part", "rows", "expected"),
    [
        ("list.tsv", "list", 8, PRESENT),
        ("list_decimal_comma.tsv", "list", 8, PRESENT),
        ("inventory.tsv", "inventory", 22, PRESENT),
        ("inventory_2026.csv", "inventory", 22, PRESENT),
        ("bottles.tsv", "bottles", 28, ALL_STATES),
        ("bottles_2026.csv", "bottles", 28, ALL_STATES),
        ("consumed.tsv", "consumed", 6, {"gone": 6}),
        ("purchase.tsv", "purchase", 4, {"in_cellar": 9, "on_order": 3}),
        ("pending.tsv", "pending", 1, {"on_order": 3}),
        ("availability.tsv", "availability", 3, {"in_cellar": 9, "on_order": 3}),
        ("notes.tsv", "notes", 4, {}),
        ("tag.tsv", "tag", 2, {}),
        ("browser.csv", "browser", 4, {"in_cellar": 7, "on_order": 3}),
    ],
)
def test_each_table_is_recognised_and_counted(name: str, part: str, rows: int, expected: dict[str, int]) -> None:
    found = recognised(FOLDER / name)
    assert (found.format.name, [source.part for source in found.sources]) == ("cellartracker", [part])
    read = rows_of(FOLDER / name)
    assert len(read) == rows
    assert bottles(read) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("inventory.tsv", "bottles.tsv"), ALL_STATES),
        (("inventory_2026.csv", "bottles_2026.csv"), ALL_STATES),
        (("bottles.tsv", "consumed.tsv"), ALL_STATES),
        (("bottles_2026.csv", "consumed.tsv"), ALL_STATES),
        (("list.tsv", "consumed.tsv"), ALL_STATES),
        (("inventory.tsv", "list.tsv", "purchase.tsv", "pending.tsv"), PRESENT),
        (("list.tsv", "pending.tsv"), PRESENT),
        (("purchase.tsv", "pending.tsv"), {"in_cellar": 9, "on_order": 3}),
        (("bottles.tsv", "notes.tsv", "tag.tsv", "availability.tsv"), ALL_STATES),
    ],
)
def test_no_bottle_is_there_twice_when_several_tables_come(names: tuple[str, ...], expected: dict[str, int]) -> None:
    assert bottles(fixture_rows(*ours(*names))) == expected


def test_tables_complete_each_other() -> None:
    """The old Bottles table names neither producer nor place nor type; List does."""
    rows = fixture_rows(*ours("bottles.tsv", "list.tsv"))
    bottle = next(row for row in rows if row.file == "bottles.tsv" and row.wine["cellartracker_id"] == "9000001")
    assert bottle.wine["producer"] == "Château Clairfontaine"
    assert (bottle.wine["type"], bottle.wine["appellation"], bottle.wine["ean"]) == ("red", "Pauillac", "3012345678906")


def test_the_producer_is_not_said_twice_unless_nothing_would_remain() -> None:
    rows = fixture_rows(*ours("list.tsv"))
    assert named(rows, "Les Murmures").wine["producer"] == "Domaine de la Roche-Noire"
    assert named(rows, "Château Clairfontaine").wine["producer"] == "Château Clairfontaine"


def test_the_sorted_name_proves_the_producer_where_no_column_names_it() -> None:
    rows = fixture_rows(*ours("consumed.tsv"))
    assert {row.wine["producer"] for row in rows} == {
        "Domaine de la Roche-Noire", "Maison Tellier", "Quinta do Salgueiro", "Weingut Hollerbach",
        "Château Clairfontaine",
    }  # fmt: skip


def test_a_producer_read_from_the_name_is_said() -> None:
    found = recognised(FOLDER / "bottles.tsv")
    (warning,) = found.format.warn(found.sources)
    assert "bottles.tsv does not name the producers" in warning
    rows = rows_of(FOLDER / "bottles.tsv")
    assert named(rows, "Les Murmures").wine["producer"] == "Domaine de la Roche-Noire"
    assert "producer" not in named(rows, "Glen Orrin 12 Year Old").wine


def test_vintage_1001_is_non_vintage_and_9999_unknown() -> None:
    rows = fixture_rows(*ours("list.tsv"))
    assert named(rows, "Grande Réserve").wine["non_vintage"] is True
    unknown = named(rows, "Fetească Neagră").wine
    assert not {"vintage", "non_vintage"} & set(unknown)


def test_letters_outside_windows_1252_are_read_from_their_entities() -> None:
    rows = fixture_rows(*ours("list.tsv"))
    wine = next(row for row in rows if row.wine["cellartracker_id"] == "9000007").wine
    assert wine["producer"] == "Crama Bărăgan"
    assert wine["grapes"] == [{"name": "Fetească Neagră", "percent": None}]


def test_a_stray_object_in_a_note_is_left_out() -> None:
    lots = [lot for row in fixture_rows(*ours("inventory.tsv")) for lot in row.lots]
    assert {lot.note for lot in lots if lot.note} == {"Label torn"}


@pytest.mark.parametrize(
    ("number", "type_", "colour", "sweetness", "drink"),
    [
        ("9000001", "red", "", "", ""),
        ("9000003", "sparkling", "white", "", ""),
        ("9000004", "dessert", "white", "sweet", ""),
        ("9000005", "fortified", "", "", ""),
        ("9000006", "other", "", "", "spirits"),
    ],
)
def test_the_style_beats_the_colour(number: str, type_: str, colour: str, sweetness: str, drink: str) -> None:
    row = next(row for row in fixture_rows(*ours("list.tsv")) if row.wine["cellartracker_id"] == number)
    assert row.wine["type"] == type_
    assert (row.wine.get("colour", ""), row.wine.get("sweetness", ""), row.drink) == (colour, sweetness, drink)


def test_begin_and_end_9999_are_no_window() -> None:
    wine = named(fixture_rows(*ours("list.tsv")), "Les Murmures").wine
    assert not {"drink_from", "drink_until"} & set(wine)
    assert named(fixture_rows(*ours("list.tsv")), "Château Clairfontaine").wine["drink_until"] == 2045


def test_full_dates_of_availability_are_years_of_the_window() -> None:
    wine = named(fixture_rows(*ours("availability.tsv")), "Château Clairfontaine").wine
    assert (wine["drink_from"], wine["drink_until"]) == (2024, 2045)


def test_price_0_is_not_recorded_and_unknown_is_blank() -> None:
    rows = fixture_rows(*ours("inventory.tsv"))
    (lot,) = named(rows, "Château Clairfontaine").lots
    assert (lot.unit_price, lot.currency, lot.store) == (None, "", "")
    assert "vineyard" not in named(rows, "Château Clairfontaine").wine


def test_what_was_paid_is_in_the_currency_it_was_paid_in() -> None:
    (lot,) = named(fixture_rows(*ours("inventory.tsv")), "Les Murmures").lots
    assert (lot.unit_price, lot.currency, lot.store) == (95_00, "CHF", "Vinothek Rebstock")


def test_numbers_of_an_account_with_a_decimal_comma() -> None:
    prices = [lot.unit_price for row in fixture_rows(*ours("list_decimal_comma.tsv")) for lot in row.lots]
    assert 21001_23 in prices
    table = open_file(FOLDER / "list_decimal_comma.tsv", name="list.tsv")
    assert decimal_sign(table.column("Price")) == ","  # type: ignore[union-attr]
    scores = named(fixture_rows(*ours("list_decimal_comma.tsv")), "Château Clairfontaine").scores
    assert ("CellarTracker", "92.4") in {(score.source, score.value) for score in scores}


def test_dates_have_the_month_first_also_in_euros() -> None:
    lots = [lot for row in fixture_rows(*ours("inventory.tsv")) for lot in row.lots]
    assert date(2024, 11, 6) in {lot.purchased_on for lot in lots}


def test_a_date_that_is_none_is_a_skipped_cell_and_the_bottle_still_comes() -> None:
    rows = fixture_rows(*ours("inventory.tsv"))
    assert skipped(rows) == [(22, "PurchaseDate", "2/30/2024")]
    assert [cell.reason for row in rows for cell in row.skipped_cells] == ["“2/30/2024” cannot be read as a date."]
    assert sum(lot.quantity for lot in rows[20].lots) == 1


@pytest.mark.parametrize(("location", "place"), [("Cellar", ("Cellar",)), ("none", ()), ("(n/a)", ("BIN1",))])
def test_where_a_bottle_lies(location: str, place: tuple[str, ...]) -> None:
    table = open_file(FOLDER / "list.tsv", name="list.tsv")
    numbers = [line.number for line in table if line.get("Location") == location]  # type: ignore[union-attr]
    rows = fixture_rows(*ours("list.tsv"))
    assert {lot.place for row in rows if row.number in numbers for lot in row.lots} == {place}


def test_bins_are_kept_as_they_are_written() -> None:
    slots = {lot.slot for row in fixture_rows(*ours("list.tsv")) for lot in row.lots if lot.slot}
    assert slots == {"R3C2D1", "A12", "Rack B - Top", "147"}


def test_sizes_are_read_in_millilitres() -> None:
    sizes = {lot.size_ml for row in fixture_rows(*ours("list.tsv")) for lot in row.lots}
    assert sizes == {375, 700, 750, 1500}


def test_quantity_0_with_3_pending_is_an_order() -> None:
    (lot,) = named(fixture_rows(*ours("list.tsv")), "Château Clairfontaine").lots
    assert (lot.state, lot.quantity) == (State.ON_ORDER, 3)


def test_an_order_says_when_it_is_expected() -> None:
    (lot,) = fixture_rows(*ours("pending.tsv"))[0].lots
    assert (lot.expected_on, lot.purchased_on, lot.delivered_on) == (date(2027, 6, 30), date(2025, 5, 25), None)


def test_why_a_bottle_is_gone() -> None:
    gone = [lot for row in fixture_rows(*ours("bottles.tsv")) for lot in row.lots if lot.state == State.GONE]
    assert [lot.reason for lot in gone] == ["drank", "gift", "missing", "donated", "drank", "sold"]
    assert [lot.consumption_note for lot in gone] == [
        "With the roast, at last!", "Gave away as a gift: For Anna", "Missing or presumed drunk", "Donated",
        "Restaurant purchase", "Sold",
    ]  # fmt: skip
    assert gone[0].consumed_on == date(2024, 5, 1)
    assert (gone[-1].revenue, gone[-1].revenue_currency) == (150_00, "EUR")


def test_a_consumed_bottle_has_the_barcode_it_had_in_the_cellar() -> None:
    (lot,) = fixture_rows(*ours("consumed.tsv"))[0].lots
    assert lot.barcode == "0129180001"
    assert lot.barcode in {one.barcode for row in fixture_rows(*ours("bottles_2026.csv")) for one in row.lots}


def test_critics_scores_are_kept_as_printed() -> None:
    scores = [score for row in fixture_rows(*ours("list.tsv")) for score in row.scores]
    assert {(score.source, score.value, score.scale) for score in scores} >= {
        ("Winedoctor", "17-18+", "20"),
        ("Burghound", "(90-93)", "100"),
        ("Jancis Robinson", "17.5", "20"),
        ("Wine Advocate", "92+", "100"),
    }


def test_the_communitys_average_is_never_somebodys_own_rating() -> None:
    rows = fixture_rows(*ours("list.tsv"))
    assert ("CellarTracker", "92.4") in {(score.source, score.value) for row in rows for score in row.scores}
    assert [(row.wine["cellartracker_id"], note.rating, note.scale) for row in rows for note in row.notes] == [
        ("9000004", Decimal("93.0"), "100")
    ]


def test_the_own_score_beside_every_bottle_is_one_rating() -> None:
    notes = [note for row in fixture_rows(*ours("inventory.tsv", "list.tsv")) for note in row.notes]
    assert [note.rating for note in notes] == [Decimal("93.0")]


def test_scores_beside_every_bottle_come_once() -> None:
    scores = [score.source for row in fixture_rows(*ours("inventory.tsv", "availability.tsv")) for score in row.scores]
    assert scores.count("Winedoctor") == 1


def test_tasting_notes_come_with_date_and_rating() -> None:
    rows = fixture_rows(*ours("notes.tsv"))
    notes = [note for row in rows for note in row.notes]
    assert (notes[0].tasted_on, notes[0].rating, notes[0].scale) == (date(2024, 5, 1), Decimal("92.0"), "100")
    assert notes[0].text == "Red currant and dried herbs.\nNeeds another two years."
    assert (notes[1].text, notes[1].rating, notes[1].occasion) == ("Brioche & green apple", None, "New Year, At home")
    assert notes[3].text.endswith("The bottle was defective.")
    assert skipped(rows) == [(5, "TastingDate", "13/13/2023")]


def test_own_ratings_come_from_the_notes_if_they_are_there() -> None:
    notes = [note for row in fixture_rows(*ours("list.tsv", "notes.tsv")) for note in row.notes]
    assert [note.rating for note in notes] == [Decimal("92.0"), None, Decimal("93.0"), Decimal("95.0")]


def test_wishes_and_lists() -> None:
    port, crama = fixture_rows(*ours("tag.tsv"))
    assert port.wine["wishlist"] is True
    assert port.wine["custom_fields"] == {"List note": "For the 20th birthday", "Maximum price": "80 EUR"}
    assert "wishlist" not in crama.wine
    assert crama.wine["custom_fields"] == {"List": "Romania"}


def test_exactly_25_rows_of_the_page_are_a_warning() -> None:
    found = recognised(FOLDER / "browser_25.csv")
    (warning,) = found.format.warn(found.sources)
    assert "exactly 25 rows" in warning
    other = recognised(FOLDER / "browser.csv")
    assert not list(other.format.warn(other.sources))


def test_a_page_that_says_not_logged_in_is_refused() -> None:
    with pytest.raises(FileRefused, match="not signed in"):
        open_file(FOLDER / "not_logged_in.html", name="list.tsv")


def test_a_sheet_of_somebody_else_with_wine_vintage_and_bin_is_no_export(tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text("Wine,Vintage,Bin,Winery,Bottles,Where bought\nA,2015,3,B,2,C\n", encoding="utf-8")
    found = recognise(open_file(file, name="sheet.csv"))
    assert found is None or found[0].name != "cellartracker"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_encoding_and_delimiter_make_no_difference(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = list(csv.reader((FOLDER / "list.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    file = tmp_path / "list.tsv"
    file.write_bytes(out.getvalue().encode(encoding))
    assert rows_of(file) == fixture_rows(*ours("list.tsv"))


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "rows", "wines", "expected"),
    [
        ("list.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("derived_list_utf16le_bom.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("derived_list_utf8_bom.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("derived_list_win1252.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("inventory.tsv", 9, 3, {"in_cellar": 6, "on_order": 3}),
        ("bottles.tsv", 11, 3, {"in_cellar": 6, "on_order": 3, "gone": 2}),
        ("consumed.tsv", 2, 2, {"gone": 2}),
        ("purchase.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("pending.tsv", 1, 1, {"on_order": 3}),
        ("availability.tsv", 3, 3, {"in_cellar": 6, "on_order": 3}),
        ("adversarial18_List_SYNTHETIC.tsv", 18, 18, {"in_cellar": 46, "on_order": 3}),
        ("adversarial18_List_SYNTHETIC_win1252.csv", 18, 18, {"in_cellar": 46, "on_order": 3}),
        *((f"{part}_empty.tsv", 0, 0, {}) for part in ("list", "inventory", "bottles", "consumed", "purchase")),
    ],
)
def test_real_tables(shared_data: Path, name: str, rows: int, wines: int, expected: dict[str, int]) -> None:
    read = rows_of(shared_data / "imports" / f"cellartracker_{name}")
    assert len(read) == rows
    assert len({row.wine["cellartracker_id"] for row in read}) == wines
    assert bottles(read) == expected
    assert not skipped(read)


@pytest.mark.needs_shared_data
def test_real_tables_together(shared_data: Path) -> None:
    parts = ("list", "inventory", "bottles", "consumed", "purchase", "pending", "availability")
    read = rows_of(*(shared_data / "imports" / f"cellartracker_{part}.tsv" for part in parts))
    assert bottles(read) == {"in_cellar": 6, "on_order": 3, "gone": 2}
    assert len({(row.wine["producer"], row.wine["name"], row.wine["vintage"]) for row in read}) == 3


@pytest.mark.needs_shared_data
def test_the_variants_of_a_real_list_say_the_same(shared_data: Path) -> None:
    folder = shared_data / "imports"
    lists = [
        [(row.number, row.wine, row.lots) for row in rows_of(folder / f"cellartracker_derived_list_{variant}.tsv")]
        for variant in ("utf16le_bom", "utf8_bom", "win1252")
    ]
    assert lists[0] == lists[1] == lists[2]
    hard = [
        [
            (row.number, row.wine, row.lots, row.scores)
            for row in rows_of(folder / f"cellartracker_adversarial18_{name}")
        ]
        for name in ("List_SYNTHETIC.tsv", "List_SYNTHETIC_win1252.csv")
    ]
    assert hard[0] == hard[1]


@pytest.mark.needs_shared_data
def test_a_hard_real_list(shared_data: Path) -> None:
    rows = rows_of(shared_data / "imports" / "cellartracker_adversarial18_List_SYNTHETIC.tsv")
    assert [row.wine["name"] for row in rows if row.drink] == ["16 Year Old"]
    assert named(rows, "Sassicaia").lots[0].size_ml == 3000
    assert named(rows, "Harlan Estate").wine["producer"] == "Harlan Estate"
    assert named(rows, "Wehlener Sonnenuhr Riesling Auslese").wine["sweetness"] == "off_dry"
    assert named(rows, "Grande Cuvée").wine["non_vintage"] is True
    assert named(rows, "Chablis Les Clos").lots[0].unit_price == 312_50
