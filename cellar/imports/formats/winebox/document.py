"""The JSON of a cellar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from cellar.imports.formats.knowledge.documents import load
from cellar.imports.formats.winebox.telling import TEXTS, lot_of, note_of, read_id
from cellar.imports.rows import CriticScore, Row, When
from cellar.imports.tables import Document
from cellar.money import exponent
from cellar.wines import EDITABLE

# What an object calls otherwise than the tables do.
_NAMES = {
    "bottle_id": "id", "note_id": "id", "purchased_on": "purchased_at", "delivered_on": "delivered_at",
    "opened_on": "opened_at", "gone_on": "gone_at", "bottle_note": "note",
}  # fmt: skip


def document_rows(source: Document) -> Iterator[Row]:
    value: Any = load(source)
    wines = value.get("wines") if isinstance(value, Mapping) else None
    for number, one in enumerate(wines if isinstance(wines, list) else (), start=1):
        row = Row(file=source.file, number=number)
        if isinstance(one, Mapping):
            _read_wine(row, one)
        if not row.names_a_wine:
            row.skipped = _("It names no wine.")
        yield row


def _read_wine(row: Row, one: Mapping[str, Any]) -> None:
    told = _Object(row, one)
    row.wine_id = told.id("id")
    for name in EDITABLE:
        row.say(name, told.text(name) if name in TEXTS else one.get(name))
    row.wine.pop("alcohol", None)
    row.say("alcohol", told.decimal("alcohol"))
    row.lots = [lot for bottle in told.objects("bottles") if (lot := lot_of(bottle)) is not None]
    row.notes = [note_of(note) for note in told.objects("notes")]
    row.scores = [_score(score) for score in told.objects("scores")]


def _score(told: _Object) -> CriticScore:
    return CriticScore(
        source=told.text("source"),
        value=told.text("value"),
        scale=told.text("scale"),
        reviewer=told.text("reviewer"),
        year=told.number("year"),
    )


class _Object:
    """An object of the document, as `telling.Told`."""

    def __init__(self, row: Row, fields: Mapping[str, Any]) -> None:
        self.row, self.fields = row, fields

    def _value(self, name: str) -> Any:
        return self.fields.get(_NAMES.get(name, name))

    def _refused(self, name: str, reason: str = "") -> None:
        self.row.skip(_NAMES.get(name, name), str(self._value(name)), reason or _("This cannot be read."))

    def objects(self, name: str) -> Iterator[_Object]:
        """Yield the objects of a list; what is none is listed."""
        value = self._value(name)
        if value is not None and not isinstance(value, list):
            self._refused(name)
        for one in value if isinstance(value, list) else ():
            if isinstance(one, Mapping):
                yield _Object(self.row, one)
            else:
                self.row.skip(name, str(one), _("This cannot be read."))

    def text(self, name: str) -> str:
        value = self._value(name)
        if value is not None and not isinstance(value, str):
            self._refused(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        value = self._value(name)
        if value is None or (type(value) is int and 0 <= value < 2**31):
            return value
        self._refused(name)
        return None

    def decimal(self, name: str) -> Decimal | None:
        value = self._value(name)
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

    def amount(self, name: str, currency: str) -> int | None:
        amount = self.decimal(name)
        return None if amount is None else int(amount.scaleb(exponent(currency)).to_integral_value())

    def when(self, name: str) -> When:
        return self._parsed(name, parse_datetime)  # type: ignore[no-any-return]

    def day(self, name: str) -> date | None:
        return self._parsed(name, parse_date)  # type: ignore[no-any-return]

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

    def id(self, name: str) -> UUID | None:
        return self.row.read(_NAMES.get(name, name), self.text(name), read_id)

    def place(self) -> tuple[str, ...]:
        names = self._value("place")
        if names is not None and not isinstance(names, list):
            self._refused("place")
        return tuple(str(name) for name in names) if isinstance(names, list) else ()

    def choice(self, name: str, choices: Collection[Any]) -> Any:
        text = self.text(name)
        if text and text not in choices:
            self._refused(name)
        return next((one for one in choices if one == text), None)

    def leave(self, reason: str) -> None:
        known = self.row.used
        for name, value in self.fields.items():
            if value not in (None, "", [], {}) and name not in known:
                self.row.skip(name, str(value), reason)
