"""WineBox's own exports: the JSON of a cellar, which comes back as it was, and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from cellar.exports.as_json import FORMAT
from cellar.exports.as_xlsx import as_it_was as without_marks
from cellar.exports.inert import as_it_was
from cellar.imports import cells, dates
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge.documents import load, records
from cellar.imports.options import Options
from cellar.imports.rows import CriticScore, Lot, Note, Row
from cellar.imports.tables import Document, Line, Source, Table
from cellar.models import Reason, State
from cellar.money import exponent
from cellar.pairings import split_pairings
from cellar.sizes import STANDARD
from cellar.tree import SEPARATOR
from cellar.wines import EDITABLE

# What a table has that the others have not.
PARTS = {
    "bottles": ("bottle_id", "state", "gone_on"),
    "notes": ("note_id", "wine_id", "tasted_on"),
    "transactions": ("transaction_id", "wine_id", "taken_back"),
    "wines": ("wine_id", "bottles_in_cellar", "last_price_per_75cl"),
}
OWN_FIELD = "field: "
TEXTS = (
    "producer", "name", "type", "colour", "sweetness", "body", "acidity", "country", "region", "sub_region",
    "appellation", "vineyard", "classification", "producer_type", "price_tier", "cellartracker_id", "vivino_url",
    "lwin", "ean",
)  # fmt: skip
YEARS = ("drink_from", "drink_until", "best_from", "best_until", "minimum_stock")


def recognise(source: Source) -> str:
    if isinstance(source, Table):
        return next((part for part, columns in PARTS.items() if source.has(*columns)), "")
    value = load(source)
    return "cellar" if isinstance(value, Mapping) and value.get("format") == FORMAT else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for source in sources:
        if isinstance(source, Document):
            yield from _document_rows(source)
        elif source.part != "transactions":
            for line in source:
                if any(cell.strip() for cell in line.cells):
                    yield _OwnLine(source, line, options).row()


def warn(sources: Sequence[Source]) -> list[str]:
    parts = {source.part for source in sources}
    told = []
    if "transactions" in parts:
        told.append(_("Transactions are not read: what happened to each bottle is in the export of the bottles."))
    if "wines" in parts and "bottles" not in parts:
        told.append(_("These are wines without their bottles: the export of the bottles brings those."))
    return told


# -- The document ------------------------------------------------------------------------------------------------------


def _document_rows(source: Document) -> Iterator[Row]:
    value: Any = load(source)
    for number, one in enumerate(records(value.get("wines") if isinstance(value, Mapping) else None), start=1):
        row = Row(file=source.file, number=number)
        fields = _Fields(row, one)
        row.wine_id = fields.id()
        for name in EDITABLE:
            row.say(name, fields.text(name) if name in TEXTS else one.get(name))
        if "alcohol" in row.wine:
            row.say("alcohol", fields.decimal("alcohol"))
        row.lots = [_lot(_Fields(row, each)) for each in records(one.get("bottles"))]
        row.notes = [_note(_Fields(row, each)) for each in records(one.get("notes"))]
        row.scores = [_score(_Fields(row, each)) for each in records(one.get("scores"))]
        if not row.names_a_wine:
            row.skipped = _("It names no wine.")
        yield row


class _Fields:
    """The fields of an object; one that is not what it has to be is noted as skipped."""

    def __init__(self, row: Row, fields: Mapping[str, Any]) -> None:
        self.row, self.fields = row, fields

    def _refused(self, name: str) -> None:
        self.row.skip(name, str(self.fields.get(name)), _("This cannot be read."))

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            self._refused(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int | None = None) -> Any:
        value = self.fields.get(name)
        if value is None or (type(value) is int and 0 <= value < 2**31):
            return default if value is None else value
        self._refused(name)
        return default

    def decimal(self, name: str) -> Decimal | None:
        value = self.fields.get(name)
        if value is None:
            return None
        try:
            found = Decimal(str(value)[:30])
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and abs(found) < 10**12:
            return found
        self._refused(name)
        return None

    def minor(self, name: str, currency: str) -> int | None:
        amount = self.decimal(name)
        return None if amount is None else int(amount.scaleb(exponent(currency)))

    def when(self, name: str) -> Any:
        return self._parsed(name, parse_datetime)

    def day(self, name: str) -> Any:
        return self._parsed(name, parse_date)

    def _parsed(self, name: str, reader: Any) -> Any:
        text = self.text(name)
        try:
            found = reader(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or not 1900 <= found.year <= 2200):
            self._refused(name)
            return None
        return found

    def id(self) -> UUID | None:
        return read_id(self.text("id"))

    def choice(self, name: str, choices: Any, default: Any) -> Any:
        text = self.text(name)
        if text in choices.values:
            return choices(text)
        if text:
            self._refused(name)
        return default


def read_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _lot(fields: _Fields) -> Lot:
    place = fields.fields.get("place")
    currency = fields.text("currency")
    return Lot(
        bottle_id=fields.id(),
        size_ml=fields.number("size_ml", STANDARD),
        state=fields.choice("state", State, State.IN_CELLAR),
        place=tuple(str(name) for name in place) if isinstance(place, list) else (),
        row=fields.number("row"),
        column=fields.number("column"),
        unit_price=fields.minor("unit_price", currency),
        currency=currency,
        store=fields.text("store"),
        purchased_on=fields.when("purchased_at"),
        delivered_on=fields.when("delivered_at"),
        expected_on=fields.day("expected_on"),
        opened_on=fields.when("opened_at"),
        consumed_on=fields.when("gone_at"),
        reason=str(fields.choice("reason", Reason, "")),
        recipient=fields.text("recipient"),
        revenue=fields.minor("revenue", fields.text("revenue_currency")),
        revenue_currency=fields.text("revenue_currency"),
        note=fields.text("note"),
        purchase_note=fields.text("purchase_note"),
        consumption_note=fields.text("gone_note"),
        barcode=fields.text("barcode"),
    )


def _note(fields: _Fields) -> Note:
    return Note(
        note_id=fields.id(),
        text=fields.text("text"),
        tasted_on=fields.day("tasted_on"),
        rating=fields.decimal("rating"),
        scale=fields.text("scale"),
        occasion=fields.text("occasion"),
        company=fields.text("company"),
    )


def _score(fields: _Fields) -> CriticScore:
    return CriticScore(
        source=fields.text("source"),
        value=fields.text("value"),
        scale=fields.text("scale"),
        reviewer=fields.text("reviewer"),
        year=fields.number("year"),
    )


# -- The tables --------------------------------------------------------------------------------------------------------


class _OwnLine:
    """A line of one of the tables, with its texts as they were before they were made inert."""

    def __init__(self, table: Table, line: Line, options: Options) -> None:
        self.table, self.line, self.options = table, line, options
        self.made = Row(file=table.file, number=line.number)

    def row(self) -> Row:
        row = self.made
        row.wine_id = read_id(self.line.get("wine_id"))
        self._wine()
        if self.table.part == "bottles":
            row.lots = [self._lot()]
        if self.table.part == "notes":
            row.notes = [self._note()]
        if not row.names_a_wine:
            row.skipped = _("It names no wine.")
        return row

    def text(self, column: str) -> str:
        return as_it_was(without_marks(self.line.get(column)))

    def number(self, column: str) -> int | None:
        return self.made.read(column, self.line.get(column), _whole)

    def day(self, column: str) -> date | None:
        return self.made.read(column, self.line.get(column), lambda text: dates.read_date(text, "ymd"))

    def minor(self, column: str, currency: str) -> int | None:
        amount = self.made.read(column, self.line.get(column), lambda text: cells.read_number(text, "."))
        return None if amount is None else int(amount.scaleb(exponent(currency)).to_integral_value())

    def _wine(self) -> None:
        row = self.made
        for name in TEXTS:
            row.say(name, self.text(name))
        vintage = self.line.get("vintage")
        row.say("non_vintage", vintage.upper() == "NV")
        if vintage.upper() != "NV":
            row.say("vintage", self.number("vintage"))
        for name in YEARS:
            row.say(name, self.number(name))
        row.say("alcohol", row.read("alcohol", self.line.get("alcohol"), lambda text: cells.read_alcohol(text, ".")))
        row.say("grapes", _grapes(self.text("grapes")))
        row.say("pairings", split_pairings(self.text("pairings")))
        row.say("wishlist", self.line.get("wishlist") == "yes")
        own = {name.removeprefix(OWN_FIELD): name for name in self.table.columns if name.startswith(OWN_FIELD)}
        row.say("custom_fields", {name: text for name, column in own.items() if (text := self.text(column))})

    def _lot(self) -> Lot:
        currency, place = self.text("currency"), self.text("place")
        state = self.line.get("state")
        return Lot(
            bottle_id=read_id(self.line.get("bottle_id")),
            size_ml=self.number("size_ml") or STANDARD,
            state=State(state) if state in State.values else State.IN_CELLAR,
            place=tuple(place.split(SEPARATOR)) if place else (),
            row=self.number("row"),
            column=self.number("column"),
            unit_price=self.minor("unit_price", currency),
            currency=currency,
            store=self.text("store"),
            purchased_on=self.day("purchased_on"),
            delivered_on=self.day("delivered_on"),
            expected_on=self.day("expected_on"),
            opened_on=self.day("opened_on"),
            consumed_on=self.day("gone_on"),
            reason=self.line.get("reason") if self.line.get("reason") in Reason.values else "",
            recipient=self.text("recipient"),
            revenue=self.minor("revenue", self.text("revenue_currency")),
            revenue_currency=self.text("revenue_currency"),
            note=self.text("bottle_note"),
            purchase_note=self.text("purchase_note"),
            consumption_note=self.text("gone_note"),
            barcode=self.text("barcode"),
        )

    def _note(self) -> Note:
        rating = self.made.read("rating", self.line.get("rating"), lambda text: cells.read_number(text, "."))
        return Note(
            note_id=read_id(self.line.get("note_id")),
            text=self.text("text"),
            tasted_on=self.day("tasted_on"),
            rating=rating,
            scale=self.line.get("scale"),
            occasion=self.text("occasion"),
            company=self.text("company"),
        )


def _whole(text: str) -> int:
    return int(cells.read_number(text, "."))


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


FORMATS = (
    Format(
        name="winebox",
        label="WineBox",
        recognise=recognise,
        parse=parse,
        warn=warn,
        date_order="ymd",
        decimal=".",
        rank=90,
    ),
)
