"""Reading .xlsx: values of one sheet, row by row; what a hostile file could do is looked for before it is opened."""

from __future__ import annotations

import json
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from cellar.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, FileRefused
from cellar.imports.texts import checked, too_many_rows
from winebox.zips import directory_of

MAX_MEMBERS = 2_000
# Their list may say of itself what it likes: this much of it is read.
MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_SHEET_BYTES = 200 * 1024 * 1024
MAX_STRINGS_BYTES = 30 * 1024 * 1024
MAX_OTHER_BYTES = 4 * 1024 * 1024
MAX_CELLS = 3_000_000
# Cells have two to five of them, with whatever prefix.
MAX_TAGS = 20_000_000
# Of parts that are read whole: a book has a few hundred formats, and each takes its time.
MAX_OTHER_TAGS = 150_000
# Those after a row, up to the end of the next: the parser holds them all. Links and merged cells come after the last.
MAX_ROW_TAGS = 300_000
MAX_SHEETS = 50
# A text of so many bytes is no cell.
MAX_TEXT_BYTES = 8 * MAX_CELL
# A sheet ends here; a row that is said to be below would be waited for through all the empty ones above it.
MAX_ROW_NUMBER = 1_048_576
# Cells that are there or made up to fill a row: a single one at the far right stands for sixteen thousand.
MAX_FILLED = 6_000_000
_PIECE = 1 << 17
# Parts that may be as large as a sheet; the cache of a pivot table is a copy of one.
_LARGE = ("xl/worksheets/", "xl/pivotCache/")
_MARK = len(b"<!DOCTYPE") - 1
_TITLE_ROWS = 20
Numbered = tuple[int, list[str]]


def check_zip(path: Path) -> None:
    """Refuse an archive with too many members before its directory is read into memory."""
    with path.open("rb") as file:
        directory = directory_of(file)
    if directory is None:
        raise FileRefused(_("This file is damaged: its end is missing. Nothing was taken from it."))
    if directory.members > MAX_MEMBERS or directory.size > MAX_DIRECTORY_BYTES:
        raise FileRefused(_("This file holds too many parts to be a spreadsheet. Nothing was taken from it."))


def check_workbook(path: Path) -> None:
    """Refuse a workbook that would unpack to too much, or that holds entities."""
    check_zip(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if not any(one.filename == "xl/workbook.xml" for one in members):
                raise FileRefused(_("This is no spreadsheet (.xlsx). Nothing was taken from it."))
            if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > 2 * MAX_SHEET_BYTES:
                raise FileRefused(_too_large())
            counts = _Counts()
            for member in members:
                _check_member(archive, member, counts)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(_damaged()) from error
    except Exception as error:
        if "zlib" in type(error).__module__ or type(error).__name__ == "error":
            raise FileRefused(_damaged()) from error
        raise


@dataclass
class _Counts:
    """What was seen in all parts together: many dense sheets are as much work as one that is too dense."""

    cells: int = 0
    tags: int = 0

    def add(self, piece: bytes) -> None:
        self.cells += piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<row")
        self.tags += piece.count(b"<")
        if self.cells > MAX_CELLS or self.tags > MAX_TAGS:
            raise FileRefused(_too_large())


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, counts: _Counts) -> None:
    """Look at a part whatever it is called: what is opened as a sheet, other parts say, and they may name any."""
    name = member.filename
    is_strings, is_large = name.endswith("sharedStrings.xml"), name.startswith(_LARGE)
    most = MAX_SHEET_BYTES if is_large else MAX_STRINGS_BYTES if is_strings else MAX_OTHER_BYTES
    with archive.open(member) as file:
        start = file.read(_PIECE)
    if not (name.endswith((".xml", ".rels")) or _may_be_xml(start)):
        return  # a picture or the like, at which a parser stops at once
    if member.file_size > most:
        raise FileRefused(_too_large())
    before = counts.tags
    with archive.open(member) as file:
        _check_xml(file, counts)
    if not (is_large or is_strings) and counts.tags - before > MAX_OTHER_TAGS:
        raise FileRefused(_too_large())


def _may_be_xml(start: bytes) -> bool:
    """Whether a parser would take this for XML, in whatever encoding."""
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")[:1] in {b"<", b""} and bool(start)


def _check_xml(file: IO[bytes], counts: _Counts) -> None:
    """Look through XML without parsing it: no entities, no endless text, not too many cells."""
    piece = file.read(_PIECE)
    if piece.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"<":
        raise FileRefused(_damaged())
    run = 0
    before = b""
    while piece:
        if b"\0" in piece:  # another encoding, in which the marks below would not be seen
            raise FileRefused(_damaged())
        seen = before + piece
        before = piece[-_MARK:]
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise FileRefused(
                _("This spreadsheet holds declarations that no spreadsheet needs. Nothing was taken from it.")
            )
        first = piece.find(b"<")
        if run + (len(piece) if first < 0 else first) > MAX_TEXT_BYTES:
            raise FileRefused(
                _("A cell of this spreadsheet holds more than %(most)d characters. Nothing was taken from it.")
                % {"most": MAX_CELL}
            )
        run = run + len(piece) if first < 0 else len(piece) - piece.rfind(b"<")
        counts.add(piece)
        piece = file.read(_PIECE)


def _too_large() -> str:
    return _("This spreadsheet is too large: at most %(rows)d rows. Nothing was taken from it.") % {"rows": MAX_ROWS}


def _damaged() -> str:
    return _("This spreadsheet is damaged and cannot be read. Save it again as .xlsx; nothing was taken from it.")


def _opened(file: IO[bytes]) -> Any:
    """Open a workbook as `load_workbook` does, but without reading through sheets that do not tell their extent."""
    from openpyxl.reader.excel import ExcelReader

    from cellar.imports import sheet_parser

    class Sheet(sheet_parser.Sheet):
        def _get_source(self: Any) -> _SheetFile:
            source = self.source = _SheetFile(self.parent._archive.open(self._worksheet_path))
            return source

    class Reader(ExcelReader):
        def read_worksheets(self) -> None:
            for sheet, relation in self.parser.find_sheets():
                if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                    book: Any = self.wb
                    book._sheets.append(Sheet(book, sheet.name, relation.target, self.shared_strings))

    reader = Reader(file, read_only=True, keep_vba=False, data_only=True, keep_links=False, rich_text=False)
    reader.read()
    return reader.wb


class _SheetFile:
    """A sheet for the parser, which holds in memory what it read since the last row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.tags_since_row = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.tags_since_row += piece.count(b"<")
        if self.tags_since_row > MAX_ROW_TAGS:
            raise FileRefused(
                _("A row of this spreadsheet is far larger than one of a table. Nothing was taken from it.")
            )
        return piece

    def __enter__(self) -> _SheetFile:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()


class Parsed:
    """Rows that are parsed once: the first time that all of them are read they are kept in a file beside."""

    def __init__(self, parse: Callable[[], Iterator[Numbered]]) -> None:
        self._parse = parse
        self._kept: Path | None = None

    def __call__(self) -> Iterator[Numbered]:
        if self._kept is None:
            yield from self._first_time()
            return
        with self._kept.open(encoding="utf-8") as file:
            for line in file:
                number, cells = json.loads(line)
                yield number, cells

    def _first_time(self) -> Iterator[Numbered]:
        with tempfile.NamedTemporaryFile("w", prefix="winebox-sheet-", encoding="utf-8", delete=False) as file:
            path = Path(file.name)
            # It goes when nobody reads these rows any more.
            remove = weakref.finalize(self, path.unlink, missing_ok=True)
            try:
                for number, cells in self._parse():
                    file.write(json.dumps([number, cells]) + "\n")
                    yield number, cells
            except BaseException:  # also where nobody reads them to the end
                remove()
                raise
        self._kept = path


class Workbook:
    """A checked .xlsx file, opened to read one sheet after another."""

    def __init__(self, path: Path) -> None:
        # Opened here: openpyxl looks at the name of a file, and a stored one has none of its own.
        self._file = path.open("rb")
        try:
            self._book = _opened(self._file)
        except Exception as error:  # openpyxl raises whatever it stumbles over
            self._file.close()
            raise FileRefused(_damaged()) from error

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_error: object) -> None:
        self._book.close()
        self._file.close()

    @property
    def names(self) -> list[str]:
        return [sheet.title for sheet in self._book.worksheets[:MAX_SHEETS]]

    def rows(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not empty, as text. Raises FileRefused."""
        sheet: Any = self._book[name]
        count = filled = 0
        try:
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                sheet.source.tags_since_row = 0
                filled += len(cells)
                if number > MAX_ROW_NUMBER or filled > MAX_FILLED:
                    raise FileRefused(_too_large())
                texts = [_text(cell) for cell in cells]
                while texts and not texts[-1]:
                    texts.pop()
                if not texts:
                    continue
                count += 1
                if count > MAX_ROWS + _TITLE_ROWS:
                    raise FileRefused(too_many_rows())
                yield number, checked(texts, number)
        except FileRefused:
            raise
        except Exception as error:  # openpyxl raises whatever it stumbles over
            raise FileRefused(_damaged()) from error

    def first_with_data(self) -> str:
        """Return the first sheet with a header of two cells and a row, else the first with anything."""
        fallback = ""
        for name in self.names:
            rows = self._beginning(name)
            if _is_table(rows):
                return name
            if rows and not fallback:
                fallback = name
        if not fallback:
            raise FileRefused(_("There are no rows in this file."))
        return fallback

    def tables_beside(self, read: str) -> list[str]:
        """Return the other sheets that hold a table; one that cannot be read is none."""
        found = []
        for name in self.names:
            with suppress(FileRefused):
                if name != read and _is_table(self._beginning(name)):
                    found.append(name)
        return found

    def _beginning(self, name: str) -> list[list[str]]:
        return [cells for _number, cells in islice(self.rows(name), _TITLE_ROWS)]


def _is_table(rows: list[list[str]]) -> bool:
    return sum(len([cell for cell in cells if cell]) > 1 for cells in rows) > 1


def find_header(rows: list[tuple[int, list[str]]]) -> int:
    """Return which of the first rows is the header: the first with two cells, else the first."""
    for place, (_number, cells) in enumerate(rows):
        if sum(bool(cell) for cell in cells) > 1:
            return place
    return 0


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value * 100:.10g}%" if _is_percentage(cell) else f"{value:.15g}"
    if isinstance(value, int) and _is_percentage(cell):
        return f"{value * 100}%"
    return str(value)


def _is_percentage(cell: Any) -> bool:
    try:
        return "%" in str(cell.number_format)
    except (IndexError, KeyError):  # the book has no such format
        return False


__all__ = ["MAX_COLUMNS", "Workbook", "check_workbook", "check_zip", "find_header"]
