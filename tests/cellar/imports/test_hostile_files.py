"""Files made to do harm: each is refused with a sentence of its own, or read as harmlessly as any other."""

from __future__ import annotations

import gc
import io
import resource
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from cellar.imports import sheets
from cellar.imports.decode import open_file
from cellar.imports.limits import FileRefused
from cellar.imports.packing import unpack
from cellar.imports.tables import Table
from cellar.models import Bottle, Wine
from tests.cellar.imports.importing import applied, write

pytestmark = pytest.mark.once

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Wine</t></is></c><c r="B1"><v>1</v></c></row>'
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>Barolo</t></is></c><c r="B2"><f>6*7</f><v>42</v></c></row>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SMALL = 64 * 1024 * 1024


def workbook(path: Path, rows: str = HEADER + ROW, *, before: str = "", after: str = "") -> Path:
    """Write a workbook of one sheet by hand, so that it may hold what no program writes."""
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return package(path, {"xl/worksheets/sheet1.xml": sheet.encode()})


def package(path: Path, members: dict[str, bytes]) -> Path:
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Wines" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (parts | members).items():
            archive.writestr(name, data)
    return path


def read(path: Path) -> list[tuple[str, ...]]:
    table = open_file(path, name=path.name)
    assert isinstance(table, Table)
    return [line.cells for line in table]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read(path)
    return str(caught.value)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "wines.xlsx"


def test_a_plain_workbook_is_read_and_its_formulas_are_values(book: Path) -> None:
    assert read(workbook(book)) == [("Barolo", "42")]


def test_a_range_merged_over_the_whole_sheet_is_read_as_if_it_were_not(book: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert read(workbook(book, after=merged)) == [("Barolo", "42")]


def test_a_cell_in_the_last_corner_is_refused_for_its_column(book: Path) -> None:
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "Row 1048576 has more than 400 columns" in refusal(workbook(book, HEADER + ROW + corner))


def test_a_row_below_the_end_of_every_sheet_is_refused(book: Path) -> None:
    assert "too large" in refusal(workbook(book, HEADER + ROW + '<row r="999999999999"><c><v>1</v></c></row>'))


def test_many_empty_cells_at_the_far_right_are_refused(book: Path) -> None:
    far = "".join(f'<row r="{number}"><c r="XFD{number}"/></row>' for number in range(3, 2000))
    assert "too large" in refusal(workbook(book, HEADER + ROW + far))


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_in_every_part(book: Path, declared: str, part: str) -> None:
    text = f'{declared}<x xmlns="{MAIN}">&a;</x>'.encode()
    assert "declarations that no spreadsheet needs" in refusal(package(book, {part: text}))


@pytest.mark.parametrize("place", range(1, 9))
def test_a_declaration_is_seen_where_two_pieces_meet(book: Path, place: int) -> None:
    filled = "<?x ?>" + " " * ((1 << 17) - 6 - place)
    assert "declarations that no spreadsheet needs" in refusal(workbook(book, before=filled + "<!DOCTYPE x []>"))


def test_a_sheet_in_another_encoding_hides_no_declaration(book: Path) -> None:
    text = f'<?xml version="1.0"?>{LAUGHS}<x/>'.encode("utf-16-le")
    assert "damaged" in refusal(package(book, {"xl/worksheets/sheet1.xml": text}))


def test_a_bomb_in_a_part_that_is_read_whole_is_refused(book: Path) -> None:
    assert "too large" in refusal(package(book, {"xl/sharedStrings.xml": b"<" + b" " * SMALL}))


def elsewhere(path: Path, part: str, sheet: bytes) -> Path:
    """Write a workbook whose sheet is a part of that name."""
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        f'Target="/{part}"/></Relationships>'
    )
    return package(path, {"xl/_rels/workbook.xml.rels": relations.encode(), part: sheet})


PARTS = ("xl/worksheets/sheet1.bin", "xl/media/image1.png", "xl/drawings/drawing1.xml", "sheet")


@pytest.mark.parametrize("part", PARTS)
def test_a_sheet_of_any_name_is_looked_at_for_its_size(book: Path, part: str) -> None:
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{ROW}</sheetData></worksheet>'.encode()
    assert read(elsewhere(book, part, whole)) == [("Barolo", "42")]
    bomb = whole.replace(b"Barolo", b"A" * 5_000_000)
    assert refusal(elsewhere(book, part, bomb))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_sheet_of_any_name_hides_no_declaration(book: Path, part: str, encoding: str) -> None:
    sheet = f'{LAUGHS}<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{ROW}</sheetData></worksheet>'
    assert refusal(elsewhere(book, part, sheet.encode(encoding)))


def test_a_part_that_begins_with_endless_blanks_is_refused(book: Path) -> None:
    assert refusal(elsewhere(book, "sheet", b" " * 300_000 + b"<worksheet/>"))


def test_cells_are_counted_under_any_prefix(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_TAGS", 1000)
    cells = "<x:c><x:v>1</x:v></x:c>" * 400
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row>{cells}</x:row></x:sheetData></x:worksheet>'
    assert "too large" in refusal(package(book, {"xl/worksheets/sheet1.xml": sheet.encode()}))


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the bytes that are unpacked of each part."""
    counted: Counter[str] = Counter()
    real = zipfile.ZipExtFile.read

    def read(self: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        piece = real(self, size)
        counted[self.name] += len(piece)
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", read)
    return counted


DENSE = b"<row>" + b"<c><v>1</v></c>" * 99 + b"</row>"


def test_of_a_dense_sheet_no_more_is_looked_at_than_may_be_read(
    book: Path, monkeypatch: pytest.MonkeyPatch, unpacked: Counter[str]
) -> None:
    monkeypatch.setattr(sheets, "MAX_CELLS", 30_000)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + DENSE * 10_000 + b"</sheetData></worksheet>"
    assert "too large" in refusal(package(book, {"xl/worksheets/sheet1.xml": sheet}))
    assert unpacked["xl/worksheets/sheet1.xml"] < len(sheet) // 10


def test_the_cells_of_many_sheets_are_counted_together(
    book: Path, monkeypatch: pytest.MonkeyPatch, unpacked: Counter[str]
) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + DENSE * 100 + b"</sheetData></worksheet>"
    package(book, {f"xl/worksheets/sheet{number}.xml": sheet for number in range(1, 11)})
    monkeypatch.setattr(sheets, "MAX_CELLS", 100_000)
    assert len(read(book)) == 99
    monkeypatch.setattr(sheets, "MAX_CELLS", 35_000)
    unpacked.clear()
    assert "too large" in refusal(book)
    assert not unpacked["xl/worksheets/sheet6.xml"]


def test_many_texts_that_cells_share_are_counted(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_TAGS", 10_000)
    texts = f'<sst xmlns="{MAIN}">'.encode() + b"<si><t>x</t></si>" * 5_000 + b"</sst>"
    assert "too large" in refusal(package(book, {"xl/sharedStrings.xml": texts}))


def test_formats_within_formats_are_refused_for_their_size(book: Path) -> None:
    styles = f'<styleSheet xmlns="{MAIN}">'.encode() + b"<a>" * 2_000_000
    assert "too large" in refusal(package(book, {"xl/styles.xml": styles}))
    assert "damaged" in refusal(package(book, {"xl/styles.xml": styles[:300_000]}))


CELLS = {
    "Price": ("1e999", "-5", "9" * 30, "inf", "1_0"),
    "Bought": ("0000-00-00", "9999-12-31", "31/02/2020", "0001-01-01", "99/99/99"),
    "Size": ("99999999L", "0ml", "-750ml", "1e9l", "-1"),
    "Alcohol": ("1e999", "-1", "101", "inf", "1_3"),
    "Until": ("1e9", "99999", "-5", "inf", "2_0"),
    "Stars": ("1e999", "-3", "1001", "inf", "9_0"),
}
FIELDS_OF = dict(zip(CELLS, ("price", "purchased_on", "size", "alcohol", "drink_until", "rating"), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(5))
def test_cells_of_impossible_values_are_left_out_each_with_its_reason(tmp_path: Path, place: int) -> None:
    said = {column: values[place] for column, values in CELLS.items()}
    path = write(tmp_path, f"Wine,Bottles,{','.join(said)}\nBarolo,2,{','.join(said.values())}\n")
    batch = applied(path, mapping={"Wine": "name", "Bottles": "quantity", **FIELDS_OF})
    plan = unpack(batch.rows.get().plan)
    assert {cell.column: cell.text for cell in plan.skipped_cells} == said
    assert all(cell.reason for cell in plan.skipped_cells)
    assert (Wine.objects.get().name, Bottle.objects.count()) == ("Barolo", 2)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["1e999", "1000000000", "-3", "1_000", "inf", "1201"])
def test_a_number_of_bottles_that_cannot_be_adds_none_and_says_so(tmp_path: Path, number: str) -> None:
    batch = applied(
        write(tmp_path, f"Wine,Bottles\nBarolo,{number}\n"), mapping={"Wine": "name", "Bottles": "quantity"}
    )
    (cell,) = unpack(batch.rows.get().plan).skipped_cells
    assert (cell.column, cell.text) == ("Bottles", number)
    assert Wine.objects.get().name == "Barolo"
    assert not Bottle.objects.exists()


BROKEN = {
    "no day": ('<c r="B2" t="d"><v>2020-02-30</v></c>', "2020-02-30"),
    "a day beyond all": ('<c r="B2" s="1"><v>99999999999</v></c>', "99999999999"),
    "a number of 5,000 digits": (f'<c r="B2"><v>{"9" * 5000}</v></c>', "9" * 5000),
    "no number": ('<c r="B2"><v>seven</v></c>', "seven"),
    "infinite": ('<c r="B2"><v>1e999</v></c>', "inf"),
    "neither true nor false": ('<c r="B2" t="b"><v>perhaps</v></c>', "perhaps"),
    "a text that is not there": ('<c r="B2" t="s"><v>77</v></c>', "#REF!"),
    "a format that is not there": ('<c r="B2" s="777"><v>1.5</v></c>', "1.5"),
    "a format that is no number": ('<c r="B2" s="bold"><v>7</v></c>', "7"),
    "a place that is none": ('<c r="??"><v>7</v></c>', "7"),
    "nothing": ('<c r="B2" t="d"/>', ""),
}
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
    "<borders><border/></borders>"
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0"/></cellStyles></styleSheet>'
)


@pytest.mark.parametrize(("cell", "text"), BROKEN.values(), ids=BROKEN)
def test_a_broken_cell_is_one_cell_and_the_rest_is_read(book: Path, cell: str, text: str) -> None:
    name = '<c r="A{0}" t="inlineStr"><is><t>Wine {0}</t></is></c>'
    rows = f'<row r="2">{name.format(2)}{cell}<c r="C2"><v>3</v></c></row><row r="3">{name.format(3)}</row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{rows}</sheetData></worksheet>'.encode()
    path = package(book, {"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": STYLES.encode()})
    assert read(path) == [("Wine 2", text, "3"), ("Wine 3",)]


@pytest.mark.django_db
def test_a_broken_cell_of_a_spreadsheet_is_listed_and_its_wine_comes(book: Path) -> None:
    header = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("Wine", "Region", "Price", "Bought"))
    cells = f'<c t="e"><v>#NAME?</v></c><c><v>{"9" * 5000}</v></c><c t="d"><v>2020-02-30</v></c>'
    name = '<c t="inlineStr"><is><t>Barolo</t></is></c>'
    path = workbook(book, f'<row r="1">{header}</row><row r="2">{name}{cells}</row>')
    mapping = {"Wine": "name", "Region": "region", "Price": "price", "Bought": "purchased_on"}
    batch = applied(path, mapping=mapping, meaning="cellar")
    assert {cell.column for cell in unpack(batch.rows.get().plan).skipped_cells} == {"Region", "Price", "Bought"}
    assert (Wine.objects.get().region, Bottle.objects.count()) == ("", 1)


@pytest.mark.parametrize(
    "cells", ["<c>" * 1_000_000 + "</c>" * 1_000_000, "<c/>" * 2_000_000], ids=["nested", "beside"]
)
def test_a_row_of_a_million_cells_is_refused_before_it_is_held_in_memory(book: Path, cells: str) -> None:
    workbook(book, HEADER + f'<row r="2">{cells}</row>')
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "row of this spreadsheet is far larger" in refusal(book)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


def test_rows_that_are_many_are_not_taken_for_one_that_is_large(book: Path) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(2, 40_000))
    links = "".join(f'<hyperlink ref="A{number}" location="A1"/>' for number in range(2, 40_000))
    assert len(read(workbook(book, HEADER + rows, after=f"<hyperlinks>{links}</hyperlinks>"))) == 39_998


def test_more_formats_than_any_book_has_are_refused(book: Path) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{ROW}</sheetData></worksheet>'.encode()
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 200_000}</cellXfs></styleSheet>'.encode()
    assert "too large" in refusal(package(book, {"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles}))


def test_a_picture_in_a_workbook_does_no_harm(book: Path) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{ROW}</sheetData></worksheet>'.encode()
    pictures = {"xl/media/image1.png": b"\x89PNG\r\n\x1a\n" + b"<!DOCTYPE" * 9, "xl/printerSettings/p.bin": b"H\0P\0"}
    assert read(package(book, {"xl/worksheets/sheet1.xml": sheet, **pictures})) == [("Barolo", "42")]


def test_a_sheet_is_parsed_once_however_often_it_is_read() -> None:
    times = []

    def parse() -> Iterator[tuple[int, list[str]]]:
        times.append(1)
        yield 2, ["Bärolo", ""]
        yield 4, ["a\nb", "\u2028"]

    rows = sheets.Parsed(parse)
    assert list(islice(rows(), 1)) == [(2, ["Bärolo", ""])]
    assert [list(rows()) for _time in range(3)] == [[(2, ["Bärolo", ""]), (4, ["a\nb", "\u2028"])]] * 3
    assert len(times) == 2


def test_too_many_parts_are_refused(book: Path) -> None:
    assert "too many parts" in refusal(package(book, {f"xl/{number}.bin": b"" for number in range(2_001)}))


@pytest.mark.parametrize("is_large", [False, True], ids=["its end", "a record for large archives"])
def test_parts_that_are_more_than_the_file_says_are_refused(book: Path, is_large: bool) -> None:
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"x"
    listed = entry * 200_000
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 3, 3, len(listed), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(listed), 1)
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 3, 3, 100 if is_large else len(listed), 0, 0)
    book.write_bytes(b"PK\x03\x04" + listed + (record + locator if is_large else b"") + end)
    assert "too many parts" in refusal(book)


def test_a_workbook_cut_off_is_refused(book: Path) -> None:
    data = workbook(book).read_bytes()
    book.write_bytes(data[: len(data) // 2])
    assert "its end is missing" in refusal(book)


def test_an_encrypted_workbook_is_refused(book: Path) -> None:
    data = bytearray(workbook(book).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data[place + offset] |= 1
    book.write_bytes(data)
    assert "damaged" in refusal(book)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\xd0\xcf\x11\xe0", "old Excel file"),
        (b"<html><table>", "web page"),
        (b"%PDF-1.7", "picture or a PDF"),
        (b"\x89PNG\r\n", "picture or a PDF"),
        (b"Wine,Year\nBa\0ro\0lo,1\n", "not text"),
    ],
)
def test_what_is_only_named_a_spreadsheet_is_told_apart(book: Path, start: bytes, said: str) -> None:
    book.write_bytes(start + b" " * 100)
    assert said in refusal(book)


def test_a_sheet_without_rows_has_a_message_of_its_own(book: Path) -> None:
    assert "There are no rows" in refusal(workbook(book, ""))


def test_a_row_of_a_million_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("Wine,Year\n" + "1," * 400_000 + "1\n")
    assert "more than 400 columns" in refusal(path)
    path.write_text("1," * 1_000_000)
    assert "more than 1000000 characters" in refusal(path)


# The peak of the process itself: what getrusage tells of a child begins with the size of its parent.
MEASURED = """
import re, sys
from pathlib import Path
import django
django.setup()
import openpyxl
from cellar.imports import sheets
from cellar.imports.decode import open_file
from cellar.imports.limits import FileRefused
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
try:
    list(open_file(Path(sys.argv[1]), name="wines.xlsx"))
except FileRefused as error:
    print((peak() - before) // 1024, error)
"""


def test_two_hundred_megabytes_in_one_cell_are_refused_in_little_memory(book: Path) -> None:
    cell = io.BytesIO()
    cell.write(b"<x><v>" + b"7" * (199 * 1024 * 1024) + b"</v></x>")
    package(book, {"xl/worksheets/sheet1.xml": cell.getvalue()})
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(book)], capture_output=True, text=True, timeout=30, check=True
    )
    grown, _space, said = done.stdout.partition(" ")
    assert "holds more than 32767 characters" in said
    assert int(grown) <= 150


def test_parsed_rows_leave_no_file_when_they_are_not_read_to_the_end_or_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = sheets.Parsed(lambda: iter([(1, ["a"]), (2, ["b"])]))
    begun = rows()
    next(begun)
    begun.close()  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())
    assert list(rows()) == [(1, ["a"]), (2, ["b"])]
    assert len(list(tmp_path.iterdir())) == 1
    del begun, rows
    gc.collect()
    assert not list(tmp_path.iterdir())
