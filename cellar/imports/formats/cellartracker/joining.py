"""Several of CellarTracker's tables as one: wines complete each other, and no bottle is there twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from cellar.imports import cells
from cellar.imports.formats.cellartracker import columns, notes
from cellar.imports.formats.cellartracker.bottles import Wanted, lots_of
from cellar.imports.formats.cellartracker.wine import clean, read_own_rating, read_scores, read_wine
from cellar.imports.formats.knowledge import names
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Line, Table

# Who is asked about which bottles, the best first.
_STOCK = ("inventory", "bottles", "list", "purchase", "browser", "availability")
_ORDERS = ("inventory", "bottles", "pending", "purchase", "list", "browser", "availability")
_GONE = ("consumed", "bottles")
_ENOUGH = 2_000


class Joined:
    """The tables of one cellar."""

    def __init__(self, tables: Sequence[Table], options: Options) -> None:
        self.tables = sorted(tables, key=lambda table: columns.RICHEST.index(table.part))
        self.options = options
        self.parts = {table.part for table in tables}
        self.seen: set[str] = set()
        self.scored: set[tuple[str, str]] = set()
        self.rated: set[str] = set()

    def rows(self) -> Iterator[Row]:
        # Where bottles have a barcode in every table, the table that knows their whole life is asked first.
        order = sorted(self.tables, key=lambda table: table.part != "bottles") if self.has_codes else self.tables
        for table in order:
            for line in table:
                if any(line.cells):
                    yield self._row(table, line)

    @cached_property
    def has_codes(self) -> bool:
        return any(table.part == "bottles" and table.has("Barcode") for table in self.tables)

    @cached_property
    def decimal(self) -> str:
        """Return the decimal sign of the account, by the evidence of all its numbers."""
        if self.options.decimal:
            return self.options.decimal
        numbers = (
            text
            for table in self.tables
            for column in columns.NUMBERS
            if table.has(column)
            for text in islice(table.column(column), _ENOUGH)
        )
        return cells.decimal_sign(numbers)

    @cached_property
    def wanted(self) -> dict[str, Wanted]:
        if self.has_codes:
            exact = {part: Wanted() for part in ("bottles", "inventory", "consumed")}
            return {part: exact.get(part, Wanted(stock=False, order=False, gone=False)) for part in self.parts}
        return {
            part: Wanted(
                stock=part == self._asked(_STOCK), order=part == self._asked(_ORDERS), gone=part == self._asked(_GONE)
            )
            for part in self.parts
        }

    def _asked(self, parts: Sequence[str]) -> str:
        return next((part for part in parts if part in self.parts), "")

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Return what all tables together say of each wine; nothing where there is only one table."""
        found: dict[str, dict[str, Any]] = {}
        for table in self.tables if len(self.tables) > 1 else ():
            known: set[str] = set()
            for line in table:
                key = line.get("iWine")
                if key and key not in known:
                    known.add(key)
                    facts = found.setdefault(key, {})
                    for name, value in self._wine(table, line).wine.items():
                        facts.setdefault(name, value)
        for facts in found.values():
            if "name" in facts:
                facts["name"] = names.without_producer(facts["name"], facts.get("producer", ""))
        return found

    def _wine(self, table: Table, line: Line) -> Row:
        row = Row(file=table.file, number=line.number)
        read_wine(self._reading(row, line))
        return row

    def _reading(self, row: Row, line: Line) -> Reading:
        return Reading(row, line, self.options, columns.BLANK, "mdy", self.decimal, clean)

    def _row(self, table: Table, line: Line) -> Row:
        row = self._wine(table, line)
        key = line.get("iWine")
        row.wine = {**self.facts.get(key, row.wine)}
        if not row.names_a_wine:
            row.skipped = _("There is neither a producer nor a name in this row.")
            return row
        reading = self._reading(row, line)
        row.lots = [lot for lot in lots_of(table.part, reading, self.wanted[table.part]) if self._is_new(lot.barcode)]
        self._scores(reading, key)
        if table.part == "notes":
            notes.read_note(reading)
        elif table.part == "tag":
            notes.read_tag(reading)
        elif "notes" not in self.parts:
            self._own_rating(reading, key)
        return row

    def _is_new(self, barcode: str) -> bool:
        is_new = barcode not in self.seen
        if barcode:
            self.seen.add(barcode)
        return is_new

    def _scores(self, reading: Reading, key: str) -> None:
        """Note the scores that no earlier line of the same wine gave."""
        read_scores(reading)
        row = reading.row
        row.scores = [score for score in row.scores if not key or (key, score.source) not in self.scored]
        if key:
            self.scored.update((key, score.source) for score in row.scores)

    def _own_rating(self, reading: Reading, key: str) -> None:
        if key and key in self.rated:
            return
        read_own_rating(reading)
        if reading.row.notes and key:
            self.rated.add(key)
