"""Systems that count bottles instead of knowing each: what came first, went first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from cellar.imports.rows import Lot

FAR = date.max


@dataclass
class Arrival:
    """Bottles that came in one go; `left` are those that have not gone yet."""

    number: int
    lot: Lot
    left: int


@dataclass
class Movements:
    """What came and went of one wine, by the rows of a file."""

    arrivals: list[Arrival] = field(default_factory=list)
    departures: list[tuple[int, Lot]] = field(default_factory=list)

    def came(self, number: int, lot: Lot) -> None:
        self.arrivals.append(Arrival(number, lot, lot.quantity))

    def went(self, number: int, lot: Lot) -> None:
        self.departures.append((number, lot))

    def gone(self) -> dict[int, list[Lot]]:
        """Return by row what went, with what is known of when and for how much it had come. To be asked once."""
        self.arrivals.sort(key=lambda one: (_day(one.lot), one.number))
        found: dict[int, list[Lot]] = {}
        for number, lot in sorted(self.departures, key=lambda one: (one[1].consumed_on or FAR, one[0])):
            found[number] = [_bought(lot, source, taken) for source, taken in self._take(lot.quantity)]
        return found

    def here(self, quantity: int | None = None) -> dict[int, list[Lot]]:
        """Return by row of arrival what is left, after `gone`; of a stock of `quantity`, the bottles that came last."""
        found: dict[int, list[Lot]] = {}
        wanted = quantity if quantity is not None else sum(arrival.left for arrival in self.arrivals)
        for arrival in reversed(self.arrivals):
            taken = min(arrival.left, wanted)
            if taken:
                wanted -= taken
                found[arrival.number] = [replace(arrival.lot, quantity=taken)]
        if wanted:
            found[0] = [Lot(quantity=wanted)]
        return found

    def _take(self, quantity: int) -> Iterator[tuple[Lot | None, int]]:
        for arrival in self.arrivals:
            taken = min(arrival.left, quantity)
            if taken:
                arrival.left -= taken
                quantity -= taken
                yield arrival.lot, taken
        if quantity:
            yield None, quantity


def _day(lot: Lot) -> date:
    day = lot.purchased_on or lot.delivered_on
    return date.fromordinal(day.toordinal()) if day else date.min


def _bought(lot: Lot, source: Lot | None, quantity: int) -> Lot:
    if source is None:
        return replace(lot, quantity=quantity)
    return replace(
        lot,
        quantity=quantity,
        size_ml=source.size_ml,
        unit_price=source.unit_price,
        currency=source.currency,
        store=source.store,
        purchased_on=source.purchased_on,
        delivered_on=source.delivered_on,
        purchase_note=source.purchase_note,
    )
