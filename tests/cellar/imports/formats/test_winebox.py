"""WineBox's own exports come back"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cellar import stock
from cellar.audit import audit
from cellar.exports import export
from cellar.imports.limits import FileRefused
from cellar.models import Bottle, Outcome, Reason, Score, TastingNote, Wine
from cellar.stock import Purchase
from tests.archive.archives import empty
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine
from tests.cellar.imports.formats.reading import rows_of
from tests.cellar.imports.importing import applied, outcomes, planned, write
from tests.cellar.invariants import assert_the_book_is_right

pytestmark = pytest.mark.django_db

NASTY = '=HYPERLINK("http://evil")'


def at(year: int, month: int = 5) -> datetime:
    return datetime(year, month, 1, 12, 30, 15, 123000, tzinfo=UTC)


def exported(folder: Path, what: str, file_format: str, *, name: str = "") -> Path:
    content = b"".join(export(what=what, file_format=file_format).pieces)
    return write(folder, content, name=name or f"{what}.{file_format}")


def fill() -> None:
    house = make_location("House", kind="house")
    rack = make_rack("Rack", rows=3, columns=4, parent=house)
    wine = make_wine(
        producer="Château d'Œ", name=NASTY, vintage=2005, alcohol=Decimal("13.5"), wishlist=True, minimum_stock=3,
        grapes=[{"name": "Merlot", "percent": 85.5}, {"name": "Cabernet Franc", "percent": None}], drink_from=2012,
        drink_until=2040, custom_fields={"+Zone": "-1", "Aunt": "Léonie\nand more"}, ean="3760000000001",
        body="very_full", acidity="medium", pairings=["=Beef", "Game & lamb"],
    )  # fmt: skip
    bought = Purchase(unit_price=12_50, currency="EUR", store="@Wine & Co")
    check_in(wine, 4, location=rack, row=1, column=1, purchase=bought, note="en primeur", when=at(2020))
    stock.open_bottle(wine=wine, actor=None, when=at(2025))
    stock.check_out(
        wine=wine, quantity=1, reason=Reason.GIFT, recipient="Aunt", actor=None, note="50", when=at(2025, 6)
    )
    sold = {"reason": Reason.SOLD, "revenue": 40_00, "currency": "CHF"}
    stock.check_out(wine=wine, quantity=1, actor=None, when=at(2025, 7), **sold)  # type: ignore[arg-type]
    make_note(wine, "Violets\n- and so on", rating=Decimal("4.5"), scale="5", occasion="=Birthday")
    Score.objects.create(wine=wine, source="WA", value="92-94", scale="100", reviewer="NM", year=2020)
    # Two prices on one day: which of them is the last must be the same afterwards.
    for price in (30_00, 20_00, 25_00):
        check_in(wine, 1, purchase=Purchase(unit_price=price, currency="EUR"), when=at(2021))
    krug = make_wine(producer="Krug", name="", non_vintage=True, type="sparkling")
    stock.order(wine=krug, quantity=2, actor=None, when=at(2024), expected_on=date(2027, 1, 1))
    yquem = make_wine(producer="Yquem", name="Y", vintage=None, type="dessert")
    stock.order(wine=yquem, quantity=1, size_ml=375, actor=None, when=at(2023), purchase=Purchase(unit_price=0))
    stock.deliver(wine=yquem, quantity=1, actor=None, when=at(2024))
    stock.undo(action=check_in(krug, 3).action, actor=None)


def test_the_json_of_a_cellar_comes_back_byte_by_byte(tmp_path: Path) -> None:
    fill()
    path = exported(tmp_path, "wines", "json")
    content = path.read_text(encoding="utf-8")
    for said in ('"body":"very_full"', '"acidity":"medium"', '"pairings":["=Beef","Game & lamb"]'):
        assert said in content
    empty()
    batch = applied(path)
    assert exported(tmp_path, "wines", "json", name="again.json").read_bytes() == path.read_bytes()
    assert batch.format == "winebox"
    assert_the_book_is_right()
    assert audit().findings == []


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    fill()
    Score.objects.all().delete()
    path = exported(tmp_path, "wines", "json")
    before = Bottle.objects.count(), TastingNote.objects.count(), Wine.objects.count(), Score.objects.count()
    assert set(outcomes(applied(path))) == {Outcome.HERE}
    assert (Bottle.objects.count(), TastingNote.objects.count(), Wine.objects.count(), Score.objects.count()) == before


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_tables_come_back_with_every_text_as_it_was(tmp_path: Path, file_format: str) -> None:
    fill()
    paths = [exported(tmp_path, what, file_format) for what in ("wines", "bottles", "notes")]
    names = (
        "producer",
        "name",
        "vintage",
        "non_vintage",
        "alcohol",
        "grapes",
        "body",
        "acidity",
        "pairings",
        "custom_fields",
        "wishlist",
        "lwin",
        "ean",
    )
    before = list(Wine.objects.order_by("pk").values(*names, "count_in_cellar", "count_gone", "count_on_order"))
    notes = list(TastingNote.objects.values("id", "text", "rating", "scale", "occasion"))
    facts = ("id", "state", "row", "column", "size_ml")
    bottles = list(Bottle.objects.exclude(state="void").order_by("pk").values(*facts))
    empty()
    applied(*paths)
    assert list(Wine.objects.order_by("pk").values(*names, "count_in_cellar", "count_gone", "count_on_order")) == before
    assert list(TastingNote.objects.values("id", "text", "rating", "scale", "occasion")) == notes
    assert list(Bottle.objects.order_by("pk").values(*facts)) == bottles
    assert_the_book_is_right()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_the_tables_twice_add_nothing(tmp_path: Path, file_format: str) -> None:
    fill()
    paths = [exported(tmp_path, what, file_format) for what in ("wines", "bottles", "notes")]
    before = Bottle.objects.count(), TastingNote.objects.count(), Wine.objects.count()
    applied(*paths)
    assert (Bottle.objects.count(), TastingNote.objects.count(), Wine.objects.count()) == before


@pytest.mark.parametrize("what", ["bottles", "notes", "transactions"])
def test_the_json_of_one_table_says_what_to_bring_instead(tmp_path: Path, what: str) -> None:
    fill()
    with pytest.raises(FileRefused, match="Bring the JSON of the wines"):
        planned(exported(tmp_path, what, "json"))


def test_wines_without_their_bottles_are_told() -> None:
    from cellar.imports.formats.winebox import warn
    from cellar.imports.tables import Table

    def table(part: str) -> Table:
        return Table("x.csv", (), lambda: iter([]), part=part)

    assert "without their bottles" in warn([table("wines")])[0]
    assert warn([table("wines"), table("bottles")]) == []
    assert "Transactions are not read" in warn([table("transactions")])[0]


def test_transactions_bring_nothing(tmp_path: Path) -> None:
    fill()
    assert rows_of(exported(tmp_path, "transactions", "csv")) == []


WRONG: list[Any] = [
    {"id": 1}, {"id": "x"}, {"producer": 3}, {"vintage": "old"}, {"vintage": 10**30}, {"alcohol": "NaN"},
    {"grapes": "Merlot"}, {"grapes": [1]}, {"body": "heavy"}, {"acidity": 3}, {"pairings": "Beef"}, {"pairings": [1]},
    {"custom_fields": [1]}, {"bottles": {}}, {"bottles": [1]},
    {"bottles": [{"size_ml": -1}]}, {"bottles": [{"state": "drunk"}]}, {"bottles": [{"place": "House"}]},
    {"bottles": [{"unit_price": "1e999"}]}, {"bottles": [{"purchased_at": "yesterday"}]},
    {"bottles": [{"purchased_at": "9999-99-99T00:00:00Z"}]}, {"bottles": [{"row": 1.5}]},
    {"notes": [{"rating": "much", "scale": 3}]}, {"notes": [{"tasted_on": "0001-01-01"}]},
    {"scores": [{"source": [], "value": {}}]}, {"wishlist": "yes"}, {"drink_from": {}},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: json.dumps(one)[:50])
def test_what_makes_no_sense_is_left_out_and_the_rest_comes(tmp_path: Path, wrong: dict[str, Any]) -> None:
    wine = {"producer": "Krug", "name": "Clos", **wrong}
    path = write(tmp_path, json.dumps({"format": "winebox-cellar", "version": 1, "wines": [wine]}), name="x.json")
    applied(path)
    assert Wine.objects.filter(name="Clos").exists()
    assert audit().findings == []


def test_pairings_come_as_a_wine_keeps_them(tmp_path: Path) -> None:
    said = ["Beef, roasted", "BEEF", " ", "x" * 70, *(f"Dish {number}" for number in range(40))]
    wine = {"producer": "Krug", "name": "Clos", "pairings": said}
    path = write(tmp_path, json.dumps({"format": "winebox-cellar", "version": 1, "wines": [wine]}), name="x.json")
    applied(path)
    pairings = Wine.objects.get().pairings
    assert pairings[:4] == ["Beef", "roasted", "x" * 60, "Dish 0"]
    assert len(pairings) == 30


def test_what_a_wine_goes_with_is_filled_in_only_where_nothing_is_said(tmp_path: Path) -> None:
    said = make_wine(producer="A", body="light", pairings=["Fish"])
    silent = make_wine(producer="B")
    wines = [
        {"id": str(one.pk), "producer": one.producer, "name": one.name, "vintage": one.vintage, "body": "full",
         "acidity": "high", "pairings": ["Beef"]}
        for one in (said, silent)
    ]  # fmt: skip
    document = json.dumps({"format": "winebox-cellar", "version": 1, "wines": wines})
    applied(write(tmp_path, document, name="x.json"))
    found = list(Wine.objects.order_by("producer").values_list("body", "acidity", "pairings"))
    assert found == [("light", "high", ["Fish"]), ("full", "high", ["Beef"])]


NAMES = st.sampled_from(["wines", "bottles", "notes", "id", "name", "place", "size_ml"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
)


@hypothesis_settings(max_examples=40)
@given(VALUES)
def test_any_document_gives_rows_or_nothing(tmp_path: Path, value: Any) -> None:
    document = json.dumps({"format": "winebox-cellar", "version": 1, "wines": [value], "x": value})
    rows_of(write(tmp_path, document, name="x.json"))
