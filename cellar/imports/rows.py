"""What every format makes of a row: wine, bottles, notes and scores, and the cells that could not be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from cellar.models import State
from cellar.sizes import STANDARD

Value = TypeVar("Value")
SHOWN_LENGTH = 80
# A day, where a file says only that; WineBox's own files know the moment.
When = date | datetime | None


@dataclass(frozen=True, slots=True)
class SkippedCell:
    """A cell that could not be read, and why; the text is for the person."""

    column: str
    text: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Lot:
    """Bottles of one wine that are alike: bought together, in the same state and place.

    `state` is how they are now: ON_ORDER, IN_CELLAR, OPEN or GONE. Of a bottle that is gone the whole life is given:
    bought and delivered, then consumed. Prices are minor units for one bottle. Quantities are whole and positive: a
    row of quantity 0 has no lot.
    """

    quantity: int = 1
    state: State = State.IN_CELLAR
    size_ml: int = STANDARD
    # Names from the outermost place inwards ("Home", "Cellar", "Rack 1"); empty where the file does not say.
    place: tuple[str, ...] = ()
    # The slot as the file writes it ("R3C2D1", "12-3-4"), and its numbers where the format says what they mean.
    slot: str = ""
    row: int | None = None
    column: int | None = None
    unit_price: int | None = None
    currency: str = ""
    store: str = ""
    purchased_on: When = None
    delivered_on: When = None
    expected_on: date | None = None
    opened_on: When = None
    consumed_on: When = None
    # A value of cellar.models.Reason, for bottles that are gone.
    reason: str = ""
    recipient: str = ""
    revenue: int | None = None
    revenue_currency: str = ""
    note: str = ""
    purchase_note: str = ""
    consumption_note: str = ""
    # Unique for one bottle, and the same in every export of that system: only with quantity 1.
    barcode: str = ""
    # Tells these bottles from others of the wine where there is no barcode: what does not change while they lie there
    # (an id of the purchase or bottle in the other system). Left empty, size, price, store and purchase date stand in.
    key: str = ""
    # Only in WineBox's own files: the bottle keeps its id. Only with quantity 1.
    bottle_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Note:
    """A tasting note, or the person's own rating without words; the rating with the scale it was given on."""

    text: str = ""
    tasted_on: When = None
    rating: Decimal | None = None
    # "5", "20" or "100": cellar.models.Scale.
    scale: str = ""
    occasion: str = ""
    company: str = ""
    note_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class CriticScore:
    """A critic's score as printed: "92-94", "18-19+". A community's average is one, too, with that source."""

    source: str
    value: str
    scale: str = ""
    reviewer: str = ""
    year: int | None = None


@dataclass(slots=True, kw_only=True)
class Row:
    """One row of a file. `wine` has the facts by the names of `cellar.wines.EDITABLE`, in their own types.

    So `vintage` is an int or None, `non_vintage` True where the file says so, `alcohol` a Decimal, `grapes` a list of
    {"name": …, "percent": … or None}, `pairings` a list of texts, `custom_fields` a dict of texts, and the keys of
    other systems are `cellartracker_id`, `vivino_url`, `lwin` and `ean`. What a file does not say is left out.
    """

    file: str
    # The row's number in its file as a person counts it: the header is row 1.
    number: int
    wine: dict[str, Any] = field(default_factory=dict)
    # What names the wine in the other system, where none of the fields above does ("ploc:12").
    wine_key: str = ""
    lots: list[Lot] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scores: list[CriticScore] = field(default_factory=list)
    # "spirits", "beer", "cider" or "sake" where it is no wine: listed apart, taken over only if the person says so.
    drink: str = ""
    skipped_cells: list[SkippedCell] = field(default_factory=list)
    # The columns whose cells something was made of, or that are listed as skipped.
    used: set[str] = field(default_factory=set, compare=False, repr=False)
    # Why the whole row is left out; such a row needs nothing else.
    skipped: str = ""
    # Only in WineBox's own files: the wine keeps its id.
    wine_id: UUID | None = None

    @property
    def names_a_wine(self) -> bool:
        return bool(self.wine.get("producer") or self.wine.get("name"))

    def read(self, column: str, text: str, reader: Callable[[str], Value]) -> Value | None:
        """Return what a reader (of `cells`, mostly) makes of a cell; one that cannot be read is noted as skipped."""
        if not text.strip():
            return None
        self.used.add(column)
        try:
            return reader(text)
        except ValueError as error:
            self.skip(column, text, str(error))
            return None

    def skip(self, column: str, text: str, reason: str) -> None:
        self.used.add(column)
        cell = SkippedCell(column, text.strip()[:SHOWN_LENGTH], reason)
        # A cell may be read for each of several lots.
        if cell not in self.skipped_cells:
            self.skipped_cells.append(cell)

    def say(self, name: str, value: Any) -> None:
        """Note a fact of the wine, unless the file says nothing."""
        if value not in (None, "", [], {}):
            self.wine[name] = value
