"""Whatever is in the cells: no parser raises, what it says keeps the model's bounds, what it skips has a reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellar.imports.decode import open_file
from cellar.imports.detect import all_formats, recognise
from cellar.imports.formats.cellarion import COLUMNS as CELLARION
from cellar.imports.formats.ha_wine_tracker import COLUMNS as TRACKER
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Document, Table
from cellar.models import Colour, Reason, Scale, State, Sweetness, Wine, WineType
from cellar.models.wine import MAX_CUSTOM_FIELDS
from cellar.sizes import LARGEST, SMALLEST
from cellar.wines import EDITABLE
from tests.cellar.imports.formats.reading import FIXTURES, TODAY

FILES = sorted(
    str(file.relative_to(FIXTURES)) for file in FIXTURES.rglob("*") if file.suffix in {".csv", ".tsv"}
)  # fmt: skip
ODD = (
    "", " ", "0", "-1", "1", "6", "6.0", "2 cases", "6 x 75cl", "1e400", "NaN", "∞", "½", "１２", "1,234", "1.234,56",
    "€12.00", "25 kr", "-5", "2015", "1001", "9999", "2023/24", "NV", "31.12.2020", "12/31/2020", "2020-02-30", "0/0/0",
    "2024-2030", "2030", "9999 9999", "92-94", "18-19+", "17/20", "Red", "White - Sparkling", "Whisky", "750ml",
    "Magnum", "1.5", "100%", "Merlot 60%, Syrah 70%", "True", "false", "Unknown", "null", "(pending)", "&#259;",
    "&#99999999999;", "\ufffc", "\0", '{"a": [1]}', "[[[[", "@[1|2|x]", "Château d'Yquem", "A" * 1100, "\u202e",
    "é" * 300, "https://x/",
)  # fmt: skip
cells = st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.integers().map(str), st.floats().map(str))


def fuzzed(table: Table, rows: Sequence[Sequence[str]]) -> Table:
    """Return a table with the columns of another and these rows."""

    def source() -> Iterator[tuple[int, Sequence[str]]]:
        return iter(enumerate(rows, start=2))

    return Table(table.file, table.columns, source, part=table.part)


def check(row: Row) -> None:
    """What whoever plans and applies rows relies on."""
    assert row.number >= 1
    assert all(cell.reason and len(cell.text) <= 80 for cell in row.skipped_cells)
    assert row.skipped or row.names_a_wine
    assert set(row.wine) <= set(EDITABLE)
    check_wine(row)
    for lot in row.lots:
        assert lot.quantity > 0
        assert lot.quantity == 1 or not lot.barcode
        assert SMALLEST <= lot.size_ml <= LARGEST
        assert lot.state in {State.ON_ORDER, State.IN_CELLAR, State.OPEN, State.GONE}
        assert (lot.reason in Reason.values) if lot.state == State.GONE else not lot.reason
        assert lot.unit_price is None or (lot.unit_price > 0 and len(lot.currency) == 3)
        assert lot.revenue is None or len(lot.revenue_currency) == 3
        assert all(place and len(place) <= 80 for place in lot.place)
        assert max(len(lot.store), len(lot.recipient)) <= 120
        assert len(lot.note) <= 500
        assert len(lot.slot) <= 80
        assert lot.place or not lot.slot
        assert len(lot.barcode) <= 60
        assert max(len(lot.purchase_note), len(lot.consumption_note)) <= 1000
    for note in row.notes:
        assert note.text or note.rating is not None
        assert note.rating is None or (note.scale in Scale.values and 0 < note.rating <= Decimal(note.scale))
    for score in row.scores:
        assert score.source
        assert score.scale in Scale.values


def check_wine(row: Row) -> None:
    wine = row.wine
    for name, value in wine.items():
        if isinstance(value, str):
            assert value == value.strip()
            assert "\0" not in value
            assert len(value) <= (getattr(Wine._meta.get_field(name), "max_length", None) or len(value))
    assert wine.get("type", "") in WineType.values
    assert wine.get("colour", "") in Colour.values
    assert wine.get("sweetness", "") in Sweetness.values
    assert 1800 <= wine.get("vintage", 2000) <= TODAY.year + 2
    assert not ("vintage" in wine and "non_vintage" in wine)
    years = [wine[name] for name in ("drink_from", "best_from", "best_until", "drink_until") if name in wine]
    assert years == sorted(years)
    assert 0 <= wine.get("alcohol", 0) <= 100
    assert sum(grape["percent"] or 0 for grape in wine.get("grapes", [])) <= 100.001
    own = wine.get("custom_fields", {})
    assert len(own) <= MAX_CUSTOM_FIELDS
    assert all(0 < len(name) <= 60 and len(value) <= 200 for name, value in own.items())


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=15)
@given(data=st.data())
def test_no_cell_makes_a_parser_raise(name: str, data: st.DataObject) -> None:
    known = recognise(open_file(FIXTURES / name, name=name))
    assert known is not None
    kind, table = known
    assert isinstance(table, Table)
    width = len(table.columns)
    real = [list(line.cells) for line in table][:3]
    changes = data.draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, width), cells), min_size=1, max_size=40), label="changes"
    )
    rows = [list(row) for row in real]
    for place, column, cell in changes:
        if place < len(rows) and column < len(rows[place]):
            rows[place][column] = cell
    rows.append([cell for _place, _column, cell in changes])
    options = Options(today=TODAY, meaning=data.draw(st.sampled_from(("", "cellar", "history", "wines"))))
    sources = [fuzzed(table, rows)]
    assert all(kind.warn(sources))
    list(kind.ask(sources))
    for row in kind.parse(sources, options):
        check(row)


@settings(max_examples=30)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from((*CELLARION, *TRACKER)), st.one_of(cells, st.none(), st.integers(), st.booleans())
        ),
        max_size=4,
    ),
    st.sampled_from(("cellarion", "ha-wine-tracker")),
)  # fmt: skip
def test_no_value_of_a_document_makes_a_parser_raise(objects: list[dict[str, object]], name: str) -> None:
    cellar = {"schema": "cellarion-export@1", "cellars": [{"cellarName": 7, "bottles": [*objects, 3]}, "x"]}
    value = cellar if name == "cellarion" else [*objects, None]
    document = Document("export.json", lambda: value, part="document")
    kind = next(one for one in all_formats() if one.name == name)
    for row in kind.parse([document], Options(today=TODAY)):
        check(row)


@pytest.mark.parametrize(
    "value", [None, 3, "x", [], {}, [[]], [{"name": 1}], {"wines": 3}, {"schema": None}, {"cellars": {}}]
)
def test_a_strange_document_is_nobodys(value: object) -> None:
    assert recognise(Document("x.json", lambda: value)) is None


@settings(max_examples=40)
@given(
    st.lists(st.text(max_size=20), min_size=1, max_size=8, unique=True),
    st.lists(st.lists(cells, max_size=8), max_size=5),
)
def test_any_table_at_all_is_read(columns: list[str], rows: list[list[str]]) -> None:
    def source() -> Iterator[tuple[int, Sequence[str]]]:
        return iter(enumerate(rows, start=2))

    table = Table("sheet.csv", tuple(columns), source)
    found = recognise(table)
    assert found is not None
    kind, known = found
    for row in kind.parse([known], Options(today=TODAY)):
        check(row)


@pytest.mark.parametrize("name", [name for name in FILES if name != "oeno.csv"])
def test_delimiter_and_encoding_make_no_difference(name: str, tmp_path: Path) -> None:
    """Each file with another delimiter, in UTF-16, and with a byte order mark."""
    known = recognise(open_file(FIXTURES / name, name=name))
    assert known is not None
    kind, table = known
    assert isinstance(table, Table)
    expected = list(kind.parse([table], Options(today=TODAY)))
    lines = [list(table.columns), *([*line.cells] for line in table)]
    for delimiter, encoding in (("\t", "utf-16"), (";", "utf-8-sig"), (",", "utf-8")):
        file = tmp_path / name.replace("/", "-")
        with file.open("w", encoding=encoding, newline="") as out:
            csv.writer(out, delimiter=delimiter).writerows(lines)
        again = recognise(open_file(file, name=name))
        assert again is not None
        assert again[0].name == kind.name
        for one, other in zip_longest(kind.parse([again[1]], Options(today=TODAY)), expected):
            assert (one.wine, one.lots, one.notes, one.scores) == (other.wine, other.lots, other.notes, other.scores)
