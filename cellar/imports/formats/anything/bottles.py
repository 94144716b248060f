"""The bottles of a line of a mapped table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports import cells
from cellar.imports.formats.knowledge import counts, headers, states
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.rows import Lot
from cellar.models import Reason, State
from cellar.sizes import STANDARD

if TYPE_CHECKING:
    from cellar.imports.formats.anything.lines import Mapped

STORE, NOTE, BOTTLE_NOTE = 120, 1000, 500
_LEVELS = re.compile(r"\s*[>›»→]\s*|\s+/\s+")


def lots_of(mapped: Mapped, reading: Reading) -> list[Lot]:
    """Return the bottles that a line speaks of."""
    line = _Bottles(mapped, reading)
    return line.lots()


class _Bottles:
    def __init__(self, mapped: Mapped, reading: Reading) -> None:
        self.mapped, self.reading = mapped, reading
        self.size_in_count: int | None = None

    def lots(self) -> list[Lot]:
        if states.is_wish(self._text("state")):
            self.reading.row.wine["wishlist"] = True
            return []
        by_state = self._counts()
        if not any(by_state.values()):
            return []
        plain = self._plain(sum(by_state.values()))
        found = []
        for state, quantity in by_state.items():
            if quantity:
                lot = replace(plain, quantity=quantity, state=state, barcode=plain.barcode if quantity == 1 else "")
                found.append(self._in_state(lot))
        return found

    def _column(self, field: str) -> str:
        return self.mapped.column(field)

    def _text(self, field: str) -> str:
        return self.reading.text(self._column(field))

    def _counts(self) -> dict[State, int]:
        """Return how many bottles there are in each state."""
        here = self._here()
        pending = self.reading.quantity(self._column("pending"))
        consumed = self._consumed(here)
        if consumed is None:
            here, consumed = 0, here
        state = states.read_state(self._text("state")) if self._text("state") else None
        if self._text("state") and state is None:
            self.reading.row.skip(self._column("state"), self._text("state"), _("This state of a bottle is not known."))
        by_state = {State.IN_CELLAR: here, State.ON_ORDER: pending, State.GONE: consumed}
        if state is not None and state != State.IN_CELLAR:
            by_state[State.IN_CELLAR] = 0
            by_state[state] = by_state.get(state, 0) + here
        return by_state

    def _here(self) -> int:
        """Return the number that the columns of bottles or cases say; one where no column counts."""
        quantity, cases_ = self._column("quantity"), self._column("cases")
        if self.reading.text(quantity):
            return self._quantity(quantity)
        if self.reading.text(cases_):
            return self._cases(cases_, self.reading.quantity(cases_))
        if quantity or cases_:
            if not self._text("pending") and not self._text("consumed"):
                self.reading.row.skip(quantity or cases_, "", _("No number of bottles is said: none are added."))
            return 0
        if self._column("pending") or (self._column("consumed") and self._text("consumed").isdecimal()):
            return 0
        return 0 if self.mapped.options.meaning == "wines" else 1

    def _quantity(self, column: str) -> int:
        text = self.reading.text(column)
        if match := counts.CASES.fullmatch(fold(text)):
            return self._cases(column, int(match.group(1)))
        if match := counts.TIMES.fullmatch(text):
            self.size_in_count = self.reading.row.read(column, match.group(2), cells.read_size)
            return int(match.group(1)) if int(match.group(1)) <= cells.MAX_QUANTITY else self.reading.quantity(column)
        return self.reading.quantity(column)

    def _cases(self, column: str, number: int) -> int:
        """Return cases as bottles."""
        size = self._case_size()
        if not number:
            return 0
        if not size:
            reason = _("How many bottles a case holds is not said: none are added.")
            self.reading.row.skip(column, self.reading.text(column), reason)
            return 0
        if number * size > cells.MAX_QUANTITY:
            reason = _("%(number)d bottles are more than %(most)d in one row.")
            values = {"number": number * size, "most": cells.MAX_QUANTITY}
            self.reading.row.skip(column, self.reading.text(column), reason % values)
            return 0
        return number * size

    def _case_size(self) -> int:
        text = self._text("case_size")
        return int(match.group(1)) if (match := counts.TIMES.fullmatch(text)) else self._number("case_size")

    def _number(self, field: str) -> int:
        return self.reading.quantity(self._column(field))

    def _consumed(self, here: int) -> int | None:
        """Return how many of the wine are gone; None where the line's bottles themselves are."""
        text = self._text("consumed")
        is_number = bool(text) and text.strip().isdecimal()
        if is_number and not (text in {"0", "1"} and here == 1 and not self._column("quantity")):
            return self._number("consumed")
        says_yes = bool(text) and self.reading.read(self._column("consumed"), cells.read_yes)
        if says_yes or self.mapped.options.meaning == "history" or (self._text("gone_on") and here):
            return None
        return 0

    def _plain(self, quantity: int) -> Lot:
        """Return what the line says of each of its bottles."""
        reading, mapped = self.reading, self.mapped
        size_column = self._column("size")
        size = reading.size(size_column, headers.unit_of(size_column)) or self.size_in_count or STANDARD
        price, currency = self._price(quantity)
        notes = [reading.short(column, BOTTLE_NOTE) for column in mapped.fields.get("note", ())]
        lot = Lot(
            size_ml=size,
            unit_price=price,
            currency=currency,
            store=reading.short(self._column("store"), STORE),
            purchased_on=mapped.reading(reading.row, reading.line, "purchased_on").day(self._column("purchased_on")),
            note="; ".join(filter(None, notes))[:BOTTLE_NOTE],
            barcode=reading.short(self._column("barcode"), 60),
        )
        places = _LEVELS.split(reading.short(self._column("location"), 200))
        lay(lot, *places, slot=reading.short(self._column("bin"), LENGTH))
        lot.row, lot.column = self._number("row") or None, self._number("column") or None
        return lot

    def _price(self, quantity: int) -> tuple[int | None, str]:
        """Return the price of one bottle, from that of a bottle, a case or all of them."""
        for field in ("price", "case_price", "total_price"):
            column = self._column(field)
            if not self.reading.text(column):
                continue
            said = self.reading.currency(self._column("currency")) or headers.currency_of(column)
            paid, currency = self.mapped.reading(self.reading.row, self.reading.line, field).money(column, said)
            parts = {"price": 1, "case_price": self._case_size(), "total_price": quantity}[field]
            if paid is not None and parts:
                return (2 * paid + parts) // (2 * parts), currency
            if paid is not None:
                reason = _("How many bottles a case holds is not said.")
                self.reading.row.skip(column, self.reading.text(column), reason)
        return None, ""

    def _in_state(self, lot: Lot) -> Lot:
        reading, mapped = self.reading, self.mapped
        delivered = mapped.reading(reading.row, reading.line, "delivered_on").day(self._column("delivered_on"))
        if lot.state == State.ON_ORDER:
            lot.place, lot.slot, lot.row, lot.column, lot.expected_on = (), "", None, None, delivered
            return lot
        lot.delivered_on = delivered
        if lot.state == State.GONE:
            lot.consumed_on = mapped.reading(reading.row, reading.line, "gone_on").day(self._column("gone_on"))
            said = self._text("gone_reason")
            reason = states.reason_of(said or self._text("state")) or (Reason.OTHER if said else Reason.DRANK)
            lot.reason = reason.value
            note = reading.short(self._column("gone_note"), NOTE)
            is_other = said and reason == Reason.OTHER
            lot.consumption_note = (f"{said}: {note}".strip(" :") if is_other else note)[:NOTE]
            lot.recipient = reading.short(self._column("recipient"), STORE)
            currency = reading.currency(self._column("currency")) or headers.currency_of(self._column("revenue"))
            lot.revenue, lot.revenue_currency = mapped.reading(reading.row, reading.line, "revenue").money(
                self._column("revenue"), currency
            )
        elif lot.state == State.OPEN:
            lot.opened_on = mapped.reading(reading.row, reading.line, "gone_on").day(self._column("gone_on"))
        return lot
