"""What is in an export"""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import SecurityEvent
from cellar import stock
from cellar.exports import FORMATS, TABLES, export
from cellar.exports.lives import lives_of
from cellar.models import Reason, Score, Wine
from cellar.stock import Purchase
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine

pytestmark = pytest.mark.django_db

NASTY = '=HYPERLINK("http://evil")'
BOUGHT = Purchase(unit_price=12_50, currency="EUR", store="Wine & Co")


def content(what: str, file_format: str, wines: Any = None) -> bytes:
    return b"".join(export(what=what, file_format=file_format, wines=wines).pieces)


def csv_rows(what: str, wines: Any = None) -> list[dict[str, str]]:
    text = content(what, "csv", wines).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def xlsx_rows(what: str) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(BytesIO(content(what, "xlsx"))).active
    assert sheet is not None
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def document(what: str = "wines") -> Any:
    return json.loads(content(what, "json"))[what]


def fill() -> Wine:
    house = make_location("House", kind="house")
    rack = make_rack("Rack", parent=house)
    wine = make_wine(
        producer="Château d'Œ", name=NASTY, vintage=2005, alcohol=Decimal("13.5"), wishlist=True, minimum_stock=3,
        grapes=[{"name": "Merlot", "percent": 85.5}, {"name": "Cabernet Franc", "percent": None}],
        custom_fields={"Zone": "-1", "=Aunt": "Léonie"}, ean="3760000000001",
        body="full", acidity="high", pairings=["Beef", "Game"],
    )  # fmt: skip
    check_in(wine, 3, location=rack, row=1, column=1, purchase=BOUGHT, note="en primeur", when=moment(2020))
    stock.open_bottle(wine=wine, actor=None)
    stock.check_out(wine=wine, quantity=1, reason=Reason.GIFT, recipient="Aunt", actor=None, note="50 today")
    make_note(wine, "Violets", author=make_user(name="Milo"), rating=Decimal("4.5"), scale="5")
    Score.objects.create(wine=wine, source="WA", value="92-94", scale="100")
    make_wine(producer="Krug", name="", non_vintage=True)
    return wine


def moment(year: int) -> datetime:
    return datetime(year, 5, 1, 12, tzinfo=UTC)


# -- Wines -------------------------------------------------------------------------------------------------------------


def test_wines_have_all_their_fields_and_counts_and_places() -> None:
    wine = fill()
    row = next(row for row in csv_rows("wines") if row["wine_id"] == str(wine.pk))
    assert (row["producer"], row["vintage"], row["alcohol"]) == ("Château d'Œ", "2005", "13.5")
    assert row["grapes"] == "Merlot 85.5 %; Cabernet Franc"
    assert (row["body"], row["acidity"], row["pairings"]) == ("full", "high", "Beef; Game")
    assert (row["bottles_in_cellar"], row["bottles_gone"], row["wishlist"]) == ("2", "1", "yes")
    assert (row["last_price_per_75cl"], row["last_price_currency"]) == ("12.50", "EUR")
    assert row["places"] == "House · Rack (2)"


def test_every_editable_field_of_a_wine_is_a_column() -> None:
    from cellar.wines import EDITABLE

    columns = set(TABLES["wines"].columns)
    assert set(EDITABLE) - columns == {"non_vintage", "custom_fields"}  # told by the vintage, and by their own columns


def test_a_wine_without_a_vintage_is_told_from_one_whose_vintage_is_unknown() -> None:
    make_wine(producer="A", non_vintage=True)
    make_wine(producer="B", vintage=None)
    assert [row["vintage"] for row in csv_rows("wines")] == ["NV", ""]


def test_own_fields_are_columns_of_their_own() -> None:
    fill()
    row = csv_rows("wines")[0]
    assert (row["field: =Aunt"], row["field: Zone"]) == ("Léonie", "'-1")
    assert [name for name in row if name.startswith("field: ")] == ["field: =Aunt", "field: Zone"]


@pytest.mark.parametrize("what", ["wines", "bottles", "transactions", "notes"])
def test_no_cell_is_a_formula(what: str) -> None:
    fill()
    cells = [cell for row in csv_rows(what) for cell in [*row, *row.values()]]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    sheet = openpyxl.load_workbook(BytesIO(content(what, "xlsx"))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}
    assert [row["name"] for row in xlsx_rows(what) if row["name"]] == [f"'{NASTY}"] * len(
        [row for row in csv_rows(what) if row["name"]]
    )


def test_a_sheet_has_numbers_and_days_rather_than_texts() -> None:
    wine = fill()
    row = next(row for row in xlsx_rows("wines") if row["wine_id"] == str(wine.pk))
    assert (row["vintage"], row["alcohol"], row["bottles_in_cellar"]) == (2005, 13.5, 2)
    assert isinstance(row["added_on"], datetime)


def test_only_the_wines_of_a_list() -> None:
    fill()
    krug = Wine.objects.filter(producer="Krug")
    assert [row["producer"] for row in csv_rows("wines", krug)] == ["Krug"]
    assert csv_rows("bottles", krug) == csv_rows("notes", krug) == csv_rows("transactions", krug) == []


# -- Bottles, transactions, notes --------------------------------------------------------------------------------------


def test_bottles_tell_where_they_are_and_what_became_of_them() -> None:
    fill()
    by_state = {row["state"]: row for row in csv_rows("bottles")}
    here, gone = by_state["in_cellar"], by_state["gone"]
    assert (here["place"], here["unit_price"], here["purchase_note"]) == ("House · Rack", "12.50", "en primeur")
    assert here["purchased_on"] == "2020-05-01"
    assert (gone["reason"], gone["recipient"], gone["gone_note"]) == ("gift", "Aunt", "50 today")
    assert (gone["place"], gone["opened_on"] != "") == ("", True)


def test_bottles_that_were_never_here_are_left_out() -> None:
    wine = make_wine()
    stock.undo(action=check_in(wine, 2).action, actor=None)
    assert csv_rows("bottles") == []
    assert len(csv_rows("transactions")) == 2


def test_transactions_are_told_in_their_order_with_who_and_what_was_taken_back() -> None:
    wine, milo = make_wine(), make_user(name="Milo")
    done = check_in(wine, 2, actor=milo)
    stock.undo(action=done.action, actor=milo)
    first, second = csv_rows("transactions")
    assert (first["kind"], first["who"], first["taken_back"]) == ("check_in", "Milo", "yes")
    assert (second["kind"], second["takes_back"]) == ("undo", str(done.pk))


def test_notes_come_with_their_wine_and_author() -> None:
    wine = fill()
    row = csv_rows("notes")[0]
    assert (row["producer"], row["author"], row["rating"], row["scale"]) == (wine.producer, "Milo", "4.5", "5")


def test_a_life_forgets_what_was_taken_back() -> None:
    wine = make_wine()
    ordered = stock.order(wine=wine, quantity=1, actor=None, purchase=BOUGHT)
    stock.deliver(wine=wine, quantity=1, actor=None)
    gone = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    stock.undo(action=gone.action, actor=None)
    life = next(iter(lives_of(list(wine.bottles.all())).values()))
    assert life.bought == ordered
    assert life.arrived is not None
    assert life.gone is None


# -- JSON --------------------------------------------------------------------------------------------------------------


def test_a_life_goes_on_when_a_cancelled_order_was_not() -> None:
    wine = make_wine()
    ordered = stock.order(wine=wine, quantity=1, actor=None)
    cancelled = stock.cancel(wine=wine, quantity=1, actor=None)
    stock.undo(action=cancelled.action, actor=None)
    delivered = stock.deliver(wine=wine, quantity=1, actor=None)
    life = next(iter(lives_of(list(wine.bottles.all())).values()))
    assert (life.ordered, life.arrived) == (ordered, delivered)


def test_cancelled_bottles_are_in_the_transactions_alone() -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=3, actor=None)
    stock.cancel(wine=wine, quantity=2, actor=None)
    assert len(csv_rows("bottles")) == 1
    assert [(one["kind"], one["quantity"]) for one in csv_rows("transactions")] == [("order", "3"), ("cancel", "2")]


def test_wines_as_json_come_with_bottles_notes_and_scores() -> None:
    wine = fill()
    found = next(one for one in document() if one["id"] == str(wine.pk))
    assert found["name"] == NASTY
    assert found["custom_fields"] == {"=Aunt": "Léonie", "Zone": "-1"}
    assert sorted(bottle["state"] for bottle in found["bottles"]) == ["gone", "in_cellar", "in_cellar"]
    assert found["bottles"][0]["purchased_at"] == "2020-05-01T12:00:00.000Z"
    assert found["notes"][0]["rating"] == "4.5"
    assert found["scores"] == [{"source": "WA", "value": "92-94", "scale": "100", "reviewer": "", "year": None}]


@pytest.mark.parametrize("what", ["wines", "bottles", "transactions", "notes"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_cellar_gives_a_whole_file(what: str, file_format: str) -> None:
    if file_format == "json":
        assert document(what) == []
    elif file_format == "csv":
        assert csv_rows(what) == []
    else:
        assert xlsx_rows(what) == []


def test_everything_can_be_more_than_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    from cellar.exports import as_csv, as_xlsx, tables

    for number in range(7):
        check_in(make_wine(producer=f"P{number}"), 1)
    for module in (as_csv, tables, as_xlsx):
        monkeypatch.setattr(module, "PART", 2)
    names = [f"P{number}" for number in range(7)]
    assert [len(part) for part in tables.parts_of(Wine.objects.all())] == [2, 2, 2, 1]
    assert [row["producer"] for row in csv_rows("wines")] == names
    assert [row["producer"] for row in xlsx_rows("wines")] == names
    assert [row["producer"] for row in document()] == names
    assert sorted(row["producer"] for row in document("transactions")) == names


@pytest.mark.parametrize("what", ["wines", "bottles", "transactions", "notes"])
def test_the_number_of_queries_does_not_grow_with_the_rows(what: str) -> None:
    wine = fill()
    with CaptureQueriesContext(connection) as few:
        content(what, "csv")
    for _number in range(5):
        check_in(make_wine(), 3)
        make_note(wine)
    with CaptureQueriesContext(connection) as many:
        content(what, "csv")
    assert len(many) == len(few)


def test_the_first_piece_needs_no_database() -> None:
    for file_format in ("csv", "xlsx", "json"):
        pieces = export(what="wines", file_format=file_format).pieces
        with CaptureQueriesContext(connection) as queries:
            assert next(pieces)
        assert len(queries) == 0


# -- Commands ----------------------------------------------------------------------------------------------------------


def test_the_command_prints_csv() -> None:
    make_wine(producer="Krug", name="Clos")
    output = StringIO()
    call_command("export_wines", stdout=output)
    assert "Krug,Clos" in output.getvalue()


@pytest.mark.parametrize("what", ["wines", "bottles", "transactions", "notes"])
def test_the_commands_write_files(tmp_path: Path, what: str) -> None:
    path, output = tmp_path / f"{what}.xlsx", StringIO()
    call_command(f"export_{what}", "--format", "xlsx", "--output", str(path), stdout=output)
    assert openpyxl.load_workbook(path).active is not None
    assert output.getvalue() == f"Wrote {path}.\n"
    assert SecurityEvent.objects.get().detail == f"{what}, xlsx"


def test_a_sheet_is_not_printed() -> None:
    with pytest.raises(CommandError, match="--output"):
        call_command("export_wines", "--format", "xlsx")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was exported"):
        call_command("export_wines", "--output", str(tmp_path / "nowhere" / "x.csv"))


def test_days_are_those_of_the_house(settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    wine = make_wine()
    check_in(wine, 1, when=datetime(2020, 5, 1, 20, tzinfo=UTC))
    assert csv_rows("bottles")[0]["purchased_on"] == date(2020, 5, 2).isoformat()
