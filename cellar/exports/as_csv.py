"""A table as CSV: UTF-8 with a mark that tells spreadsheets so, commas, formulas inert."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from io import StringIO

from cellar.exports.inert import inert
from cellar.exports.tables import Cell, Record

PART = 200
MARK = "\ufeff"


def csv_file(header: Iterable[str], rows: Iterable[Record]) -> Iterator[bytes]:
    """Yield the file piece by piece; the first piece comes before anything is asked of the database."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    yield MARK.encode()
    writer.writerow([inert(name) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([text_of(cell) for cell in row])
        if number % PART == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def text_of(cell: Cell) -> str:
    """Return a cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
