"""Reading tables of text: encoding, delimiter, quotes that were never closed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from cellar.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_LINE, MAX_ROWS, FileRefused

ENCODINGS = ("utf-8", "windows-1252", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-15", "mac-roman")
DELIMITERS = ("\t", ",", ";", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 16
_LOOKED_THROUGH = 1 << 22
# In Windows-1252 a sign of money that nobody uses, and the bytes that ISO-8859-15 has for nothing.
_LATIN_9_EURO = b"\xa4"
_CONTROLS = re.compile(rb"[\x80-\x9f]")
# Within a word: letters of the Macintosh (é is 8E), where Windows has capitals and signs; and letters of Windows.
_MAC_LETTER = re.compile(rb"(?<=[a-z])[\x81-\x84\x86-\x90\x98\x99\x9a\x9b\x9d\x9f](?=[a-z])")
_WINDOWS_LETTER = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff]|[\xc0-\xff](?=[A-Za-z])|(?<=[a-z])[\x9a\x9e](?=[a-z])")
# A note may have line breaks; a quote that nobody closed would take the rest of the file.
_LONGEST_CELL_IN_LINES = 60
_TITLE_LINES = 20
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)


def encoding_of(path: Path) -> str:
    """Return the encoding: by its mark, UTF-8 if all of it is, Windows-1252 otherwise. Raises FileRefused."""
    with path.open("rb") as file:
        start = file.read(_PIECE)
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name
        if b"\0" in start:
            return _utf_16_without_mark(start)
        file.seek(0)
        if _is_utf_8(file):
            return "utf-8"
        file.seek(0)
        return _one_byte_encoding(file.read(_LOOKED_THROUGH))


def _one_byte_encoding(sample: bytes) -> str:
    """Return Windows-1252, unless the letters of a word or the sign of the euro can only be another's."""
    if _LATIN_9_EURO in sample and not _CONTROLS.search(sample):
        return "iso-8859-15"
    is_macs = len(_MAC_LETTER.findall(sample)) > len(_WINDOWS_LETTER.findall(sample))
    return "mac-roman" if is_macs else "windows-1252"


def _utf_16_without_mark(start: bytes) -> str:
    sample = start[:2048]
    for name, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = sample[offset::2].count(0)
        if zeros > 0.7 * (len(sample) // 2) and not sample[1 - offset :: 2].count(0):
            return name
    raise FileRefused(_("This file is not text and no spreadsheet (.xlsx) either. Nothing was taken from it."))


def _is_utf_8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    # Line ends of all systems become "\n"; a byte that the encoding does not know must not stop the import.
    return path.open("r", encoding=encoding, errors="replace", newline=None)


def delimiter_of(header: str) -> str:
    """Return the delimiter that a header line shows: a tab if there is one, else the most frequent."""
    bare = re.sub(r'"[^"]*"', "", header)
    if "\t" in bare:
        return "\t"
    return max((",", ";", "|"), key=bare.count)


def read_lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines without their ends. Raises FileRefused at one that is too long."""
    with open_text(path, encoding) as file:
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise FileRefused(
                    _("A line of this file has more than %(most)d characters: that is no table. Nothing was taken.")
                    % {"most": MAX_LINE}
                )
            # The last is the end of a file of DOS.
            yield line.rstrip("\n").replace("\0", "").replace("\ufeff", "").replace("\x1a", "")


def find_header(lines: Sequence[str]) -> tuple[int, str]:
    """Return which of the first lines is the header, and its delimiter: the first with two cells, else the first."""
    said = ""
    fallback: tuple[int, str] | None = None
    for place, line in enumerate(lines[:_TITLE_LINES]):
        if match := _SEPARATOR.fullmatch(line.strip(' "')):
            said = match.group(1)
            continue
        delimiter = said or delimiter_of(line)
        if not line.strip() or (line.lstrip(' "').startswith("#") and not _heads(lines[place:], delimiter)):
            continue
        if sum(bool(cell.strip()) for cell in split(line, delimiter)) > 1:
            return place, delimiter
        fallback = fallback or (place, delimiter)
    if fallback is None:
        raise FileRefused(_("There are no rows in this file."))
    return fallback


def _heads(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a line that begins with # is no comment but a header ("#;Wine;Vintage"): as wide as the row below it."""
    below = next((line for line in lines[1:] if line.strip()), "")
    width = len(split(lines[0], delimiter))
    return width > 1 and width == len(split(below, delimiter)) and not below.lstrip(' "').startswith("#")


def records(path: Path, encoding: str, delimiter: str, width: int, *, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers, beginning after `skip`; `width` is how many columns there are.

    Raises FileRefused where there are too many rows or a cell is too long.
    """
    lines = _Ahead(read_lines(path, encoding))
    for _number in range(skip):
        next(lines, None)
    count = 0
    for number, line in enumerate(lines, start=skip + 1):
        if not line.strip() or not line.strip(delimiter + " "):
            continue
        count += 1
        if count > MAX_ROWS:
            raise FileRefused(too_many_rows())
        yield number, checked(_record(line, lines, delimiter, width), number)


def too_many_rows() -> str:
    return _("This file has more than %(most)d rows. Split it and bring the parts in one after another.") % {
        "most": MAX_ROWS
    }


def checked(cells: list[str], number: int) -> list[str]:
    """Return the cells; refused if they are too many or too long."""
    if len(cells) > MAX_COLUMNS:
        if any(cell.strip() for cell in cells[MAX_COLUMNS:]):
            raise FileRefused(
                _("Row %(number)d has more than %(most)d columns: that is no list of wines. Nothing was taken.")
                % {"number": number, "most": MAX_COLUMNS}
            )
        cells = cells[:MAX_COLUMNS]
    for cell in cells:
        if len(cell) > MAX_CELL:
            raise FileRefused(
                _("A cell of row %(number)d holds more than %(most)d characters. Nothing was taken.")
                % {"number": number, "most": MAX_CELL}
            )
    return cells


class _Ahead(Iterator[str]):
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: list[str] = []

    def __next__(self) -> str:
        return self._waiting.pop(0) if self._waiting else next(self._lines)

    def peek(self, count: int) -> str | None:
        """Return the line that comes after `count` others, if there is one."""
        while len(self._waiting) <= count:
            line = next(self._lines, None)
            if line is None:
                return None
            self._waiting.append(line)
        return self._waiting[count]


def _record(line: str, lines: _Ahead, delimiter: str, width: int) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    strict = _strictly(line, delimiter)
    if strict is not None:
        return strict
    return _over_lines(line, lines, delimiter, width) or split(line, delimiter)


def _strictly(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of a line that keeps the rules of CSV, None for one that does not."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def _over_lines(line: str, lines: _Ahead, delimiter: str, width: int) -> list[str] | None:
    """Return a row with line breaks in its cells, and take its lines; None where a quote was simply never closed."""
    if line.count('"') % 2 == 0:
        return None
    parts = [line]
    while len(parts) < _LONGEST_CELL_IN_LINES:
        following = lines.peek(len(parts) - 1)
        # A line with as many cells as the table has columns is the next row.
        if following is None or (width > 2 and following.count(delimiter) >= width - 1):
            return None
        parts.append(following)
        if following.count('"') % 2 == 0:
            continue
        text = "\n".join(parts)
        cells = split(text, delimiter)
        if len(cells) <= width and len(text) <= MAX_LINE:
            for _taken in range(len(parts) - 1):
                next(lines)
            return cells
    return None


def split(line: str, delimiter: str) -> list[str]:
    """Split a line, reading quotes as people mean them: one within a cell ("a 2" taste") is a sign like others."""
    strict = _strictly(line, delimiter)
    if strict is not None:
        return strict
    cells: list[str] = []
    place = 0
    while place <= len(line):
        cell, place = _cell(line, place, delimiter)
        cells.append(cell)
    return cells


def _cell(line: str, start: int, delimiter: str) -> tuple[str, int]:
    """Return the cell that begins at `start`, and where the next one begins."""
    if line.startswith('"', start):
        end = start + 1
        while (end := line.find('"', end)) >= 0:
            if line.startswith('"', end + 1):
                end += 2
                continue
            if end + 1 == len(line) or line.startswith(delimiter, end + 1):
                return line[start + 1 : end].replace('""', '"'), end + 1 + len(delimiter)
            end += 1
    end = line.find(delimiter, start)
    if end < 0:
        return line[start:], len(line) + 1
    return line[start:end], end + len(delimiter)
