"""The tables of wines, bottles and notes, with their texts as they were before they were made inert."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.exports.as_xlsx import as_it_was as without_marks
from cellar.exports.inert import as_it_was
from cellar.exports.tables import TABLES
from cellar.imports import cells, dates
from cellar.imports.formats.winebox.telling import TEXTS, lot_of, note_of, read_id
from cellar.imports.rows import Row
from cellar.imports.tables import Line, Table
from cellar.money import exponent
from cellar.pairings import split_pairings
from cellar.tree import SEPARATOR

OWN_FIELD = "field: "
YEARS = ("drink_from", "drink_until", "best_from", "best_until", "minimum_stock")
_OF_BOTTLES = frozenset(TABLES["bottles"].columns) - frozenset(TABLES["wines"].columns)


def table_rows(table: Table) -> Iterator[Row]:
    for line in table:
        if any(line.cells):
            yield _row(table, line)


def _row(table: Table, line: Line) -> Row:
    row = Row(file=table.file, number=line.number)
    told = _Line(row, line)
    row.wine_id = told.id("wine_id")
    _read_wine(told, table)
    if table.part == "bottles" and (lot := lot_of(told)) is not None:
        row.lots = [lot]
    if table.part == "notes":
        row.notes = [note_of(told)]
    if not row.names_a_wine:
        row.skipped = _("It names no wine.")
    return row


def _read_wine(told: _Line, table: Table) -> None:
    row, line = told.row, told.line
    for name in TEXTS:
        row.say(name, told.text(name))
    if line.get("vintage").upper() == "NV":
        row.say("non_vintage", True)
    else:
        row.say("vintage", told.number("vintage"))
    for name in YEARS:
        row.say(name, told.number(name))
    row.say("alcohol", row.read("alcohol", line.get("alcohol"), lambda text: cells.read_alcohol(text, ".")))
    row.say("grapes", _grapes(told.text("grapes")))
    row.say("pairings", split_pairings(told.text("pairings")))
    row.say("wishlist", row.read("wishlist", line.get("wishlist"), cells.read_yes) or None)
    own = {name.removeprefix(OWN_FIELD): name for name in table.columns if name.startswith(OWN_FIELD)}
    row.say("custom_fields", {name: text for name, column in own.items() if (text := told.text(column))})


class _Line:
    """A line of a table, as `telling.Told`."""

    def __init__(self, row: Row, line: Line) -> None:
        self.row, self.line = row, line

    def text(self, name: str) -> str:
        return as_it_was(without_marks(self.line.get(name)))

    def number(self, name: str) -> int | None:
        return self.row.read(name, self.line.get(name), _whole)

    def decimal(self, name: str) -> Decimal | None:
        return self.row.read(name, self.line.get(name), lambda text: cells.read_number(text, "."))

    def amount(self, name: str, currency: str) -> int | None:
        amount = self.decimal(name)
        return None if amount is None else int(amount.scaleb(exponent(currency)).to_integral_value())

    def day(self, name: str) -> date | None:
        return self.row.read(name, self.line.get(name), lambda text: dates.read_date(text, "ymd"))

    # A table has no more than the day.
    when = day

    def id(self, name: str) -> UUID | None:
        return self.row.read(name, self.line.get(name), read_id)

    def place(self) -> tuple[str, ...]:
        place = self.text("place")
        return tuple(place.split(SEPARATOR)) if place else ()

    def choice(self, name: str, choices: Collection[Any]) -> Any:
        text = self.line.get(name)
        if text and text not in choices:
            self.row.skip(name, text, _("This cannot be read."))
        return next((one for one in choices if one == text), None)

    def leave(self, reason: str) -> None:
        for name in self.line.positions:
            if name in _OF_BOTTLES and name not in self.row.used and (text := self.text(name)):
                self.row.skip(name, text, reason)


def _whole(text: str) -> int:
    number = cells.read_number(text, ".")
    if number != number.to_integral_value():
        raise cells.CellError(_("“%(text)s” is no whole number.") % {"text": text[:40]})
    return int(number)


def _grapes(text: str) -> list[dict[str, Any]]:
    """Read "Merlot 85.5 %; Cabernet Franc"."""
    return [_grape(part.strip()) for part in text.split(";") if part.strip()]


def _grape(text: str) -> dict[str, Any]:
    name, _space, number = text.removesuffix("%").strip().rpartition(" ")
    try:
        percent = float(number) if text.endswith("%") and name else None
    except ValueError:
        percent = None
    return {"name": text, "percent": None} if percent is None else {"name": name, "percent": percent}
