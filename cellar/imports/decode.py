"""From the bytes of a file to tables: what it is by its content, how it is encoded, what separates its cells.

`open_file` raises FileRefused, with a sentence of its own for each kind of file that is no list of wines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from cellar.imports import sheets, texts
from cellar.imports.formats.knowledge import headers
from cellar.imports.limits import MAX_BYTES, MAX_COLUMNS, FileRefused
from cellar.imports.tables import Document, Source, Table

_START = 4096
_ZIP = b"PK\x03\x04"
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"\x1f\x8b", "gzip"),
)
_LOOKED_AT = 40
_LISTED_SHEETS = 5


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a person wants a file to be read; an empty choice leaves it to the file."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def open_file(path: Path, *, name: str, reading: Reading = Reading()) -> Source:
    """Return the table or document in a file; `name` is what the person calls it. Raises FileRefused."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileRefused(_("This file is larger than %(most)d MB.") % {"most": MAX_BYTES // 1024 // 1024})
    if not size:
        raise FileRefused(_("This file is empty."))
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(_ZIP):
        return _workbook(path, name, reading)
    _refuse_others(start)
    encoding = reading.encoding or texts.encoding_of(path)
    beginning = start.decode("utf-16" if encoding == "utf-16" else encoding, errors="replace").lstrip("\ufeff \r\n\t")
    _refuse_web_page(beginning, path, encoding)
    if beginning.startswith(("{", "[")):
        return Document(name, lambda: _json(path, encoding))
    return _table(path, name, encoding, reading.delimiter)


def _refuse_others(start: bytes) -> None:
    for mark, kind in _REFUSED:
        if start.startswith(mark):
            if kind == "xls":
                raise FileRefused(_("This is an old Excel file (.xls). Open it and save it as .xlsx or CSV."))
            if kind == "gzip":
                raise FileRefused(_("This file is compressed. Unpack it and bring what is in it."))
            raise FileRefused(_("This is a picture or a PDF, not a table. Bring a CSV, TSV or .xlsx file."))


def _refuse_web_page(beginning: str, path: Path, encoding: str) -> None:
    lowered = beginning[:512].lower()
    if not lowered.startswith(("<!doctype html", "<html", "<head", "<body", "<table", "<!--", "<script", "<div")):
        return
    with texts.open_text(path, encoding) as file:
        page = file.read(1 << 18).lower()
    if "not logged into cellartracker" in page or "not logged in" in page:
        raise FileRefused(
            _(
                "This is a web page, not an export: CellarTracker says that you were not signed in. "
                "Sign in there, and save the file again."
            )
        )
    raise FileRefused(
        _("This is a web page, not an export. Save the file with the export of that site, not with the browser.")
    )


def _json(path: Path, encoding: str) -> object:
    try:
        with texts.open_text(path, "utf-8-sig" if encoding == "utf-8" else encoding) as file:
            return json.load(file)
    except (ValueError, RecursionError) as error:
        raise FileRefused(_("This JSON file is damaged and cannot be read. Nothing was taken from it.")) from error


def _table(path: Path, name: str, encoding: str, delimiter: str) -> Table:
    first = list(islice(texts.read_lines(path, encoding), _LOOKED_AT))
    place, found = texts.find_header(first)
    delimiter = delimiter or found
    place += headers.below_titles([texts.split(line, delimiter) for line in first[place:]])
    columns = column_names(texts.split(first[place], delimiter))

    def rows() -> Iterator[tuple[int, list[str]]]:
        return texts.records(path, encoding, delimiter, len(columns), skip=place + 1)

    return Table(name, columns, rows, encoding=encoding.removesuffix("-sig"), delimiter=delimiter)


def _workbook(path: Path, name: str, reading: Reading) -> Table:
    sheets.check_workbook(path)
    with sheets.Workbook(path) as book:
        sheet = reading.sheet if reading.sheet in book.names else book.first_with_data()
        first = list(islice(book.rows(sheet), _LOOKED_AT))
        others = [] if reading.sheet else book.tables_beside(sheet)
    place = sheets.find_header(first)
    place += headers.below_titles([cells for _number, cells in first[place:]])
    header_number, header = first[place]
    columns = column_names(header)

    def rows() -> Iterator[tuple[int, list[str]]]:
        with sheets.Workbook(path) as again:
            for number, cells in again.rows(sheet):
                if number > header_number:
                    yield number, cells

    warnings = (_only_one(name, sheet, others),) if others else ()
    return Table(name, columns, sheets.Parsed(rows), sheet=sheet, encoding="xlsx", warnings=warnings)


def _only_one(name: str, sheet: str, others: list[str]) -> str:
    said = ", ".join(f"“{other}”" for other in others[:_LISTED_SHEETS])
    if len(others) > _LISTED_SHEETS:
        said += " …"
    return _(
        "%(file)s: only the sheet “%(sheet)s” is read. There are rows in %(others)s, too: bring the file once for each "
        "sheet, and choose it under “Read them in another way”."
    ) % {"file": name, "sheet": sheet, "others": said}


def sheet_names(path: Path) -> list[str]:
    """Return the sheets of a workbook; of another file, none."""
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return []
    with sheets.Workbook(path) as book:
        return book.names


def column_names(header: list[str]) -> tuple[str, ...]:
    """Return the headers, each with a name of its own."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for number, cell in enumerate(texts.checked(header, 1)[:MAX_COLUMNS], start=1):
        name = " ".join(cell.split()) or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
