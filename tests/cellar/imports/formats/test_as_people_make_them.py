"""Tables as people and programs really make them: titles, totals, old encodings, days as numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cellar.imports.decode import open_file
from cellar.imports.rows import Row
from cellar.imports.tables import Table
from tests.cellar.imports.formats.reading import bottles, fixture_rows, recognised, rows_of, skipped

HEADER = "Producer;Wine;Vintage;Quantity;Price;Purchase Date;Store"
LINES = (
    "Château Müller-Éclair;Les Grés;2015;3;12,50;13.11.2020;Händler & Söhne",
    "Tenuta Però;Barolo Bricco;2016;12;1.234,56;03.02.2021;Winkel",
)


def sheet(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\r\n") -> Path:
    path = folder / "cellar.csv"
    path.write_bytes("".join(f"{line}{end}" for line in lines).encode(encoding))
    return path


def told(rows: list[Row]) -> list[tuple[object, ...]]:
    return [
        (row.wine.get("producer"), row.wine.get("name"), row.wine.get("vintage"), lot.quantity, lot.unit_price,
         lot.purchased_on, lot.store)
        for row in rows
        for lot in row.lots
    ]  # fmt: skip


EXPECTED = [
    ("Château Müller-Éclair", "Les Grés", 2015, 3, 1250, date(2020, 11, 13), "Händler & Söhne"),
    ("Tenuta Però", "Barolo Bricco", 2016, 12, 123456, date(2021, 2, 3), "Winkel"),
]


@pytest.mark.parametrize(
    ("encoding", "end"),
    [("mac-roman", "\r"), ("mac-roman", "\n"), ("windows-1252", "\r\n"), ("utf-16-be", "\n"), ("utf-8-sig", "\r")],
)
def test_every_encoding_and_line_end_says_the_same(tmp_path: Path, encoding: str, end: str) -> None:
    rows = rows_of(sheet(tmp_path, HEADER, *LINES, encoding=encoding, end=end))
    assert told(rows) == EXPECTED
    assert skipped(rows) == []


def test_the_sign_of_the_euro_tells_the_encoding_that_was_made_for_it(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Wine;Price", "Œil de Perdrix;€ 12,50", encoding="iso-8859-15")
    table = open_file(path, name=path.name)
    assert isinstance(table, Table)
    assert table.encoding == "iso-8859-15"
    assert [(row.wine["name"], row.lots[0].unit_price) for row in rows_of(path)] == [("Œil de Perdrix", 1250)]


@pytest.mark.parametrize("word", ["Dvořák d’Été", "Miloš Žilavka – Škegro", "Œuvre “Brut” naïve"])
def test_what_is_windows_is_not_taken_for_another_encoding(tmp_path: Path, word: str) -> None:
    storable = word.encode("windows-1252", "ignore").decode("windows-1252")
    path = sheet(tmp_path, "Wine;Store", f"{storable};Kellerei Göttin", encoding="windows-1252")
    assert rows_of(path)[0].wine["name"] == storable


@pytest.mark.parametrize(
    "title", ["My cellar;2024;;;;;", "Wine;;;Stock;;Buying;", "My cellar;;;;;;", "Owner;A. Muster;;;;;"]
)
def test_titles_of_some_cells_above_the_headers_are_no_headers(tmp_path: Path, title: str) -> None:
    assert told(rows_of(sheet(tmp_path, title, ";;;;;;", HEADER, *LINES))) == EXPECTED


def test_merged_titles_in_a_spreadsheet_are_no_headers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in (
        ["Wine", None, None, "Stock", "Buying"],
        HEADER.split(";"),
        ["A", "B", 2015, 2, 9.5, date(2020, 1, 2)],
    ):
        page.append(line)
    page.merge_cells("A1:C1")
    book.save(tmp_path / "cellar.xlsx")
    assert told(rows_of(tmp_path / "cellar.xlsx")) == [("A", "B", 2015, 2, 950, date(2020, 1, 2), "")]


def test_the_second_table_of_a_file_is_not_its_header() -> None:
    assert bottles(fixture_rows("oeno.csv")) == {"in_cellar": 2, "open": 1, "gone": 1}


@pytest.mark.parametrize(
    "total",
    [
        "Total;;;15;;;",
        ";Total bottles;;15;;;",
        "Summe:;;;15;;;",
        "Grand total;;;15;1.272,06;;",
        "Totale bottiglie;;;15;;;",
    ],
)
def test_a_line_of_totals_is_no_wine(tmp_path: Path, total: str) -> None:
    rows = rows_of(sheet(tmp_path, HEADER, *LINES, total))
    assert told(rows) == EXPECTED
    assert rows[-1].skipped == "This is a line of totals."


@pytest.mark.parametrize("line", ["Total;;2015;1;;;", "Total Eclipse;Zinfandel;;1;;;", "Sumarroca;Brut;;1;;;"])
def test_a_wine_that_is_called_like_a_total_is_a_wine(tmp_path: Path, line: str) -> None:
    assert [row.skipped for row in rows_of(sheet(tmp_path, HEADER, *LINES, line))] == ["", "", ""]


def test_days_that_a_spreadsheet_counts_are_days(tmp_path: Path) -> None:
    lines = [line.replace("13.11.2020", "44148").replace("03.02.2021", "44230.0") for line in LINES]
    assert told(rows_of(sheet(tmp_path, HEADER, *lines))) == EXPECTED


def test_prices_of_five_figures_are_no_days(tmp_path: Path) -> None:
    rows = rows_of(sheet(tmp_path, "Wine,Quantity,Price", "A,1,25000", "B,1,44148"))
    assert [lot.unit_price for row in rows for lot in row.lots] == [25_000_00, 44_148_00]


def test_a_vintage_in_short_is_read_where_it_says_that_it_is_one(tmp_path: Path) -> None:
    rows = rows_of(sheet(tmp_path, "Wine,Vintage", "A,'15", "B,’98", "C,NV", "D,'45"), meaning="wines")
    assert [row.wine.get("vintage") for row in rows] == [2015, 1998, None, 1945]
    assert rows[2].wine["non_vintage"] is True


def test_a_vintage_of_two_bare_figures_is_listed_and_not_guessed(tmp_path: Path) -> None:
    rows = rows_of(sheet(tmp_path, "Wine,Vintage", "A,15", "B,2016"), meaning="wines")
    assert [row.wine.get("vintage") for row in rows] == [None, 2016]
    assert skipped(rows) == [(2, "Vintage", "15")]


def test_what_a_page_wrote_for_letters_is_read_as_letters(tmp_path: Path) -> None:
    (row,) = rows_of(sheet(tmp_path, "Wine,Store", "Gr&eacute;s &amp; Co,AT&T &notes"))
    assert (row.wine["name"], row.lots[0].store) == ("Grés & Co", "AT&T &notes")


def test_the_end_of_a_file_of_dos_is_no_wine(tmp_path: Path) -> None:
    path = sheet(tmp_path, HEADER, *LINES)
    path.write_bytes(path.read_bytes() + b"\x1a")
    rows = rows_of(path)
    assert (told(rows), len(rows)) == (EXPECTED, 2)


def test_a_cell_without_a_header_is_listed(tmp_path: Path) -> None:
    rows = rows_of(sheet(tmp_path, "Wine,Quantity", "A,1,,lost"))
    assert skipped(rows) == [(2, "column 4", "lost")]


@pytest.mark.parametrize(
    ("rating", "expected"),
    [("8/10", ("80.0", "100")), ("★★★★", ("4.0", "5")), ("93 pts", ("93.0", "100")), ("17/20", ("17.0", "20"))],
)
def test_ratings_are_kept_on_a_scale_that_says_the_same(tmp_path: Path, rating: str, expected: tuple[str, str]) -> None:
    (row,) = rows_of(sheet(tmp_path, "Wine,My rating", f"A,{rating}"), meaning="wines")
    assert [(str(note.rating), note.scale) for note in row.notes] == [expected]


def test_a_rating_on_a_scale_that_is_not_kept_is_listed(tmp_path: Path) -> None:
    rows = rows_of(sheet(tmp_path, "Wine,My rating", "A,8/12", "B,17/20", "C,16/20"), meaning="wines")
    assert skipped(rows) == [(2, "My rating", "8/12")]


@pytest.mark.parametrize(
    ("without", "part"), [("iConsumed", "consumed"), ("iPurchase", "purchase"), ("Barcode", "inventory")]
)
def test_a_table_of_cellartracker_is_known_without_its_number(tmp_path: Path, without: str, part: str) -> None:
    from tests.cellar.imports.formats.reading import FIXTURES

    name = FIXTURES / "cellartracker" / f"{part}.tsv"
    table = open_file(name, name=name.name)
    assert isinstance(table, Table)
    kept = [place for place, column in enumerate(table.columns) if column != without]
    lines = [table.columns, *(line.cells for line in table)]
    path = tmp_path / "table.tsv"
    path.write_text("\n".join("\t".join(line[place] for place in kept if place < len(line)) for line in lines))
    assert recognised(path).sources[0].part == part
    assert bottles(rows_of(path)) == bottles(rows_of(name))
