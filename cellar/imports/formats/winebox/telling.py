"""What both of WineBox's own files tell of bottles and notes, however each is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.imports.rows import Lot, Note, When
from cellar.models import Reason, Scale, State
from cellar.sizes import STANDARD

TEXTS = (
    "producer", "name", "type", "colour", "sweetness", "body", "acidity", "country", "region", "sub_region",
    "appellation", "vineyard", "classification", "producer_type", "price_tier", "cellartracker_id", "vivino_url",
    "lwin", "ean",
)  # fmt: skip
# A bottle that was taken back was never here.
STATES = frozenset(State) - {State.VOID}


class Told(Protocol):
    """One bottle or note of a file; a cell that is not what it has to be is noted as skipped.

    The names are those of the tables.
    """

    def text(self, name: str) -> str: ...

    def number(self, name: str) -> int | None: ...

    def decimal(self, name: str) -> Decimal | None: ...

    def amount(self, name: str, currency: str) -> int | None: ...

    def when(self, name: str) -> When: ...

    def day(self, name: str) -> date | None: ...

    def id(self, name: str) -> UUID | None: ...

    def place(self) -> tuple[str, ...]: ...

    def choice(self, name: str, choices: Any) -> Any: ...

    def leave(self, reason: str) -> None:
        """List everything that is told."""


def lot_of(told: Told) -> Lot | None:
    """Return a bottle; none where its state cannot be read, for any other would be a guess."""
    state = told.choice("state", STATES) if told.text("state") else State.IN_CELLAR
    if state is None:
        told.leave(_("No bottle is made of this row."))
        return None
    currency, revenue_currency = told.text("currency"), told.text("revenue_currency")
    size = told.number("size_ml")
    return Lot(
        bottle_id=told.id("bottle_id"),
        size_ml=STANDARD if size is None else size,
        state=state,
        place=told.place(),
        row=told.number("row"),
        column=told.number("column"),
        unit_price=told.amount("unit_price", currency),
        currency=currency,
        store=told.text("store"),
        purchased_on=told.when("purchased_on"),
        delivered_on=told.when("delivered_on"),
        expected_on=told.day("expected_on"),
        opened_on=told.when("opened_on"),
        consumed_on=told.when("gone_on"),
        reason=told.choice("reason", Reason) or "",
        recipient=told.text("recipient"),
        revenue=told.amount("revenue", revenue_currency),
        revenue_currency=revenue_currency,
        note=told.text("bottle_note"),
        purchase_note=told.text("purchase_note"),
        consumption_note=told.text("gone_note"),
        barcode=told.text("barcode"),
    )


def note_of(told: Told) -> Note:
    return Note(
        note_id=told.id("note_id"),
        text=told.text("text"),
        tasted_on=told.day("tasted_on"),
        rating=told.decimal("rating"),
        scale=told.choice("scale", Scale) or "",
        occasion=told.text("occasion"),
        company=told.text("company"),
    )


def read_id(text: str) -> UUID:
    """Read an id. Raises ValueError with a sentence for the person."""
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(_("This is no id of WineBox.")) from None
