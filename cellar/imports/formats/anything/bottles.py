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
PRICES = ("price", "case_price", "total_price")
_LEVELS = re.compile(r"\s*[>›»→]\s*|\s+/\s+")


def lots_of(mapped: Mapped, reading: Reading) -> list[Lot]:
    """Return the bottles that a line speaks of."""
    line = _Bottles(mapped, reading)
    return line.lots()


class _Bottles:
    def __init__(self, mapped: Mapped, reading: Reading) -> None:
        self.mapped, self.reading = mapped, reading
        self._column = mapped.column
        self.size_in_count: int | None = None

    def lots(self) -> list[Lot]:
        if states.is_wish(self._text("state")):
            self._use("state")
            self.reading.row.wine["wishlist"] = True
            return []
        by_state = {state: quantity for state, quantity in self._counts().items() if quantity}
        if not by_state:
            return []
        number = sum(by_state.values())
        plain = self._plain(number)
        if plain.barcode and number > 1:
            reason = _("A barcode is that of one bottle, and these are %(number)d.") % {"number": number}
            self.reading.row.skip(self._column("barcode"), plain.barcode, reason)
            plain.barcode = ""
        return [self._in_state(replace(plain, quantity=quantity, state=state)) for state, quantity in by_state.items()]

    def _text(self, field: str) -> str:
        column = self._column(field)
        return self.reading.text(column) if column else ""

    def _use(self, field: str) -> None:
        self.reading.row.used.add(self._column(field))

    def _counts(self) -> dict[State, int]:
        """Return how many bottles there are in each state."""
        here = self._here()
        pending = self.reading.quantity(self._column("pending"))
        consumed = self._consumed(here)
        if consumed is None:
            here, consumed = 0, here
        said = self._text("state")
        state = states.read_state(said) if said else None
        if here:
            self._use("state")
        if said and state is None:
            reason = _("This state of a bottle is not known; it counts as the other cells say.")
            self.reading.row.skip(self._column("state"), said, reason)
        by_state = {State.IN_CELLAR: here, State.ON_ORDER: pending, State.GONE: consumed}
        if state is not None and state != State.IN_CELLAR:
            by_state[State.IN_CELLAR] = 0
            by_state[state] = by_state.get(state, 0) + here
        return by_state

    def _here(self) -> int:
        """Return the number that the columns of bottles or cases say; one where no column counts."""
        quantity, cases_ = self._column("quantity"), self._column("cases")
        if self.reading.text(quantity):
            here = self._quantity(quantity)
            self._compare_cases(here)
            return here
        if self.reading.text(cases_):
            return self._cases(cases_, self.reading.quantity(cases_))
        if quantity or cases_:
            if not self._text("pending") and not self._text("consumed"):
                self.reading.row.skip(quantity or cases_, "", _("No number of bottles is said: none are added."))
            return 0
        if self._column("pending") or (self._text("consumed") and counts.is_count(self._text("consumed"))):
            return 0
        return 0 if self.mapped.options.meaning == "wines" else 1

    def _compare_cases(self, here: int) -> None:
        """List a number of cases that is not the number of bottles, which counts."""
        column = self._column("cases")
        if not self.reading.text(column):
            return
        number, size = self.reading.quantity(column), self._case_size()
        if number and (not size or number * size != here):
            reason = _("The bottles are counted by the column “%(column)s”.") % {"column": self._column("quantity")}
            self.reading.row.skip(column, self.reading.text(column), reason)

    def _quantity(self, column: str) -> int:
        text = self.reading.text(column)
        self._use("quantity")
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
        if match := counts.TIMES.fullmatch(text):
            self._use("case_size")
            return int(match.group(1))
        return self._number("case_size")

    def _number(self, field: str) -> int:
        return self.reading.quantity(self._column(field))

    def _consumed(self, here: int) -> int | None:
        """Return how many of the wine are gone; None where the line's bottles themselves are."""
        text = self._text("consumed")
        is_yes_or_no = text in {"0", "1"} and here == 1 and not self._column("quantity")
        if text and counts.is_count(text) and not is_yes_or_no:
            return self._number("consumed")
        says_yes = bool(text) and self.reading.read(self._column("consumed"), cells.read_yes)
        if says_yes or self.mapped.options.meaning == "history" or (self._text("gone_on") and here):
            return None
        return 0

    def _plain(self, quantity: int) -> Lot:
        """Return what the line says of each of its bottles."""
        reading, mapped = self.reading, self.mapped
        size_column = self._column("size")
        size = reading.size(size_column, headers.unit_of(size_column), otherwise=self.size_in_count or STANDARD)
        if self.size_in_count and size != self.size_in_count:
            reason = _("Another cell of this row says otherwise.")
            reading.row.skip(self._column("quantity"), self._text("quantity"), reason)
        price, currency = self._price(quantity)
        lot = Lot(
            size_ml=size,
            unit_price=price,
            currency=currency,
            store=reading.short(self._column("store"), STORE),
            purchased_on=mapped.reading(reading.row, reading.line, "purchased_on").day(self._column("purchased_on")),
            note=self._note(),
            barcode=reading.short(self._column("barcode"), 60),
        )
        column = self._column("location")
        places = [reading.cut(column, one, LENGTH) for one in _LEVELS.split(" ".join(reading.text(column).split()))]
        lay(lot, *places, slot=reading.short(self._column("bin"), LENGTH))
        self._lay_into_slot(lot, quantity)
        return lot

    def _lay_into_slot(self, lot: Lot, quantity: int) -> None:
        row, column = self._number("row") or None, self._number("column") or None
        if row and column and lot.place and quantity == 1:
            lot.row, lot.column = row, column
            return
        for field, number in (("row", row), ("column", column)):
            if number:
                reason = _("A slot is the row and the column of a rack that is named, for one bottle.")
                self.reading.row.skip(self._column(field), self._text(field), reason)

    def _note(self) -> str:
        """Return the cells of all columns of notes as one; what is too much is listed."""
        said = ""
        for column in self.mapped.fields.get("note", ()):
            if text := self.reading.short(column, BOTTLE_NOTE):
                longer = f"{said}; {text}" if said else text
                said = self.reading.cut(column, longer, BOTTLE_NOTE)
        return said

    def _price(self, quantity: int) -> tuple[int | None, str]:
        """Return the price of one bottle, from that of a bottle, a case or all of them."""
        for field in PRICES:
            column = self._column(field)
            if not self.reading.text(column):
                continue
            read = self.mapped.reading(self.reading.row, self.reading.line, field)
            paid, currency = read.money(column, self._column("currency"), said=headers.currency_of(column))
            parts = self._parts(field, quantity)
            if paid is not None and parts:
                self._compare_prices(field, (paid, parts), quantity)
                return (2 * paid + parts) // (2 * parts), currency
            if paid is not None:
                reason = _("How many bottles a case holds is not said.")
                self.reading.row.skip(column, self.reading.text(column), reason)
        return None, ""

    def _parts(self, field: str, quantity: int) -> int:
        """Return for how many bottles a price is; 0 where that is not known."""
        return {"price": 1, "case_price": self._case_size(), "total_price": quantity}[field]

    def _compare_prices(self, taken: str, price: tuple[int, int], quantity: int) -> None:
        """List another price of the row that is not the same: one is kept."""
        paid, number = price
        for field in PRICES:
            column = self._column(field)
            if field == taken or not self.reading.text(column) or column in self.reading.row.used:
                continue
            read = self.mapped.reading(self.reading.row, self.reading.line, field)
            other, _currency = read.money(column, self._column("currency"), said=headers.currency_of(column))
            parts = self._parts(field, quantity)
            # A total is often that of prices which were rounded.
            if other is not None and abs(other * number - paid * parts) > parts * number:
                reason = _("The price of a bottle is taken from the column “%(column)s”.")
                self.reading.row.skip(column, self.reading.text(column), reason % {"column": self._column(taken)})

    def _in_state(self, lot: Lot) -> Lot:
        reading, mapped = self.reading, self.mapped
        delivered = mapped.reading(reading.row, reading.line, "delivered_on").day(self._column("delivered_on"))
        if lot.state == State.ON_ORDER:
            lot.expected_on = delivered
            return lot
        lot.delivered_on = delivered
        if lot.state == State.GONE:
            lot.consumed_on = mapped.reading(reading.row, reading.line, "gone_on").day(self._column("gone_on"))
            said = reading.short(self._column("gone_reason"), NOTE)
            reason = states.reason_of(said or self._text("state")) or (Reason.OTHER if said else Reason.DRANK)
            lot.reason = reason.value
            note = reading.short(self._column("gone_note"), NOTE)
            # Of several words the reason may be only a part ("Gave to Paul").
            is_other = said and (reason == Reason.OTHER or len(said.split()) > 1)
            note = f"{said}: {note}".strip(" :") if is_other else note
            lot.consumption_note = reading.cut(self._column("gone_note"), note, NOTE)
            lot.recipient = reading.short(self._column("recipient"), STORE)
            column = self._column("revenue")
            lot.revenue, lot.revenue_currency = mapped.reading(reading.row, reading.line, "revenue").money(
                column, self._column("currency"), said=headers.currency_of(column)
            )
        elif lot.state == State.OPEN:
            lot.opened_on = mapped.reading(reading.row, reading.line, "gone_on").day(self._column("gone_on"))
        return lot
