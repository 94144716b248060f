"""The lines of a mapped table, as rows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports import cells, dates
from cellar.imports.formats.anything.bottles import lots_of
from cellar.imports.formats.knowledge import headers, kinds, names, scores
from cellar.imports.formats.knowledge.columns import suggest
from cellar.imports.formats.knowledge.fields import BY_NAME, CUSTOM
from cellar.imports.formats.knowledge.reading import LENGTHS, Reading
from cellar.imports.options import Options
from cellar.imports.rows import Note, Row
from cellar.imports.tables import Line, Table
from cellar.models import State

TEXTS = (
    "producer", "region", "sub_region", "appellation", "vineyard", "classification", "cellartracker_id", "vivino_url",
    "lwin",
)  # fmt: skip
NUMBERS = ("price", "case_price", "total_price", "revenue", "alcohol", "rating")
DATES = ("purchased_on", "delivered_on", "gone_on", "tasted_on")
OF_THE_GONE = ("gone_on", "gone_reason", "gone_note", "recipient", "revenue")
# What says something only together with another field.
BESIDE = {
    "currency": ("price", "case_price", "total_price", "revenue"),
    "case_size": ("cases", "case_price"),
    "rating_scale": ("rating",),
}
_ONLY_ONE = frozenset(field.name for field in BY_NAME.values() if not field.many)
NOTE = 5000
# So many different cells of a column show how it is written.
ENOUGH = 20_000
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TOTAL = re.compile(
    r"(?:grand |sub ?|general )?"
    r"(?:totals?|totale|totaux|totaal|totalt|sum|summe|summa|somme|somma|suma|soma|gesamt|gesamtsumme|insgesamt)"
    r"(?: (?:of |de |di |der |general )?(?:all )?"
    r"(?:bottles?|wines?|flaschen|weine|bouteilles|vins|bottiglie|vini|botellas|vinos|garrafas|vinhos|flessen|wijnen|"
    r"value|wert|valeur|valore|valor|waarde))?"
)


class Mapped:
    """A table with the field of each of its columns."""

    def __init__(self, table: Table, options: Options) -> None:
        self.table = table
        self.options = options
        asked = options.mapping if any(column in options.mapping for column in table.columns) else suggest(table)
        self.fields: dict[str, list[str]] = {}
        for column in table.columns:
            field = asked.get(column, "")
            if field in BY_NAME or field == CUSTOM:
                self.fields.setdefault(field, []).append(column)
        self._first = {field: columns[0] for field, columns in self.fields.items()}
        self._texts = [(field, self._first[field]) for field in TEXTS if field in self._first]
        self._mapped = [column for columns in self.fields.values() for column in columns]
        # Where several columns are mapped to what there is once.
        self._doubled = {one for field, columns in self.fields.items() if field in _ONLY_ONE for one in columns[1:]}

    def rows(self) -> Iterator[Row]:
        # Before the table is begun: read through once, a sheet is kept parsed, and not parsed again.
        _evidence = self.evidence
        for line in self.table:
            if any(line.cells):
                yield self._row(line)

    def column(self, field: str) -> str:
        """Return the column that is mapped to a field; empty where none is."""
        return self._first.get(field, "")

    @cached_property
    def evidence(self) -> tuple[dict[str, str], dict[str, str], str]:
        """Return by field the order of dates and the decimal sign, and the scale of the ratings.

        Told by all cells of each column; the table is read once for it.
        """
        columns = {field: self.column(field) for field in (*NUMBERS, *DATES) if self.column(field)}
        said: dict[str, dict[str, None]] = {field: {} for field in columns}
        for line in self.table if columns else ():
            for field, column in columns.items():
                if len(said[field]) < ENOUGH:
                    said[field][line.get(column)] = None
        orders = {field: dates.date_order(said[field]).order for field in DATES if field in said}
        signs = {field: cells.decimal_sign(said[field]) for field in NUMBERS if field in said}
        return orders, signs, _widest(said.get("rating", {}))

    def reading(self, row: Row, line: Line, field: str = "") -> Reading:
        """Return how the cells of a field's column are read."""
        order, decimal = self._written.get(field) or self._written[""]
        return Reading(row, line, self.options, order=order, decimal=decimal, clean=_clean)

    @cached_property
    def _written(self) -> dict[str, tuple[str, str]]:
        """Return by field the order of its dates and its decimal sign; under "" those of the others."""
        orders, signs, _scale = self.evidence
        order = next(filter(None, orders.values()), "")
        decimal = next(filter(None, signs.values()), "")
        chosen = self.options
        return {
            field: (
                chosen.date_order or orders.get(field) or order,
                chosen.decimal or signs.get(field) or decimal,
            )
            for field in ("", *orders, *signs)
        }

    def _row(self, line: Line) -> Row:
        row = Row(file=self.table.file, number=line.number)
        reading = self.reading(row, line)
        self._wine(reading)
        if not row.names_a_wine:
            row.skipped = _("There is neither a producer nor a name in this row.")
            return row
        if _adds_up(row):
            row.skipped = _("This is a line of totals.")
            return row
        row.lots = lots_of(self, reading)
        self._own_note(reading)
        for column in self.fields.get("score", ()):
            printed = reading.text(column)
            reading.say_scores(column, scores.pairs(printed) or ([(scores.critic(column), printed)] if printed else []))
        self._custom(reading)
        self._leave(reading)
        return row

    def _wine(self, reading: Reading) -> None:
        row = reading.row
        for field, column in self._texts:
            reading.fact(field, column)
        reading.country(self.column("country"))
        self._name_and_vintage(reading)
        reading.grapes(self.column("grapes"))
        self._kind(reading)
        self.reading(row, reading.line, "alcohol").alcohol(self.column("alcohol"))
        reading.ean(self.column("ean"))
        reading.window(self.column("drink_window"))
        years = ("drink_from", "drink_until", "best_from", "best_until")
        reading.years(**{field: self.column(field) for field in years if self.column(field)})
        if reading.read(self.column("wishlist"), cells.read_yes):
            row.wine["wishlist"] = True
        row.say("minimum_stock", reading.quantity(self.column("minimum_stock")) or None)

    def _name_and_vintage(self, reading: Reading) -> None:
        row, column = reading.row, self.column("name")
        name = reading.short(column, LENGTHS["name"])
        reading.vintage(self.column("vintage"))
        if name and not {"vintage", "non_vintage"} & set(row.wine):
            bare, vintage = names.split_vintage(name, last_year=self.options.last_vintage)
            if vintage:
                name = bare
                reading.say_vintage(column, vintage)
        row.say("name", name)

    def _kind(self, reading: Reading) -> None:
        row = reading.row
        columns = [self.column(field) for field in ("type", "colour", "sweetness") if self.column(field)]
        found = reading.kind(*columns) if columns else kinds.UNKNOWN
        if not found.type:
            # Only where no column says that it is wine: "Virginia" is a name, "Old Harbour Rum" is rum.
            is_wine = bool(row.wine.get("grapes") or row.wine.get("appellation"))
            drink = "" if is_wine else kinds.named_drink(f"{row.wine.get('producer', '')} {row.wine.get('name', '')}")
            if drink:
                reading.say_kind(kinds.Kind(kinds.NOT_WINE, drink=drink))

    def _own_note(self, reading: Reading) -> None:
        row, column = reading.row, self.column("rating")
        _orders, _signs, widest = self.evidence
        rating, scale = self.reading(row, reading.line, "rating").rating(
            column, headers.scale_of(column) or widest, beside=self.column("rating_scale")
        )
        text = reading.cut(self.column("tasting_note"), reading.text(self.column("tasting_note")), NOTE)
        if text or rating is not None:
            tasted_on = self.reading(row, reading.line, "tasted_on").day(self.column("tasted_on"))
            row.notes.append(Note(text=text, rating=rating, scale=scale, tasted_on=tasted_on))

    def _custom(self, reading: Reading) -> None:
        for column in self.fields.get(CUSTOM, ()):
            reading.own_field(column, column)
        if not reading.row.lots:
            for column in self.fields.get("note", ()):
                reading.own_field(column, column)

    def _leave(self, reading: Reading) -> None:
        """List the cells that nothing was made of, for want of something that this row does not have."""
        width, used = len(self.table.columns), reading.row.used
        for place, cell in enumerate(reading.line.cells[width:], width + 1):
            if cell:
                reading.row.skip(_("column %(number)d") % {"number": place}, cell, _("There is no header above it."))
        left = [column for column in self._mapped if column not in used and reading.text(column)]
        if not left:
            return
        reading.leave(_("Another column is taken for this."), *(one for one in left if one in self._doubled))
        reading.leave(_("There is no tasting note and no rating in this row."), self.column("tasted_on"))
        if any(lot.state != State.GONE for lot in reading.row.lots):
            reading.leave(_("No bottle of this row is gone."), *map(self.column, OF_THE_GONE))
        reading.leave_bottles(*(one for one in left if not self._is_beside(one, reading)))

    def _is_beside(self, column: str, reading: Reading) -> bool:
        """Whether a column says something of others only (the currency of a price), which say nothing here."""
        others = next((others for field, others in BESIDE.items() if column == self.column(field)), None)
        return others is not None and not any(reading.text(self.column(field)) for field in others)


def _clean(text: str) -> str:
    """Return a cell as it was meant: a page has written "&amp;" into it."""
    return _ENTITY.sub(lambda match: html.unescape(match.group(0)), text).strip() if "&" in text else text


def _adds_up(row: Row) -> bool:
    """Whether a row is that of a sum: it is called so, and nothing else is said of a wine."""
    said = [str(row.wine.get(name, "")) for name in ("producer", "name")]
    is_alone = not set(row.wine) - {"producer", "name"}
    return is_alone and bool(_TOTAL.fullmatch(fold(" ".join(said)).strip(" :.")))


def _widest(said: dict[str, None]) -> str:
    """Return the scale that holds all ratings of a column: of 4.5 and 17 it is 20 points."""
    scales = {scale for text in said if (scale := scores.scale_of(text))}
    return max(scales, key=int) if scales else ""
