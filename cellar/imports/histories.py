"""From the bottles of a plan to what the ledger says about them: each step with its day, alike ones together."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from cellar.imports.packing import Arrival
from cellar.imports.rows import Lot, When
from cellar.ledger import NOWHERE, Place
from cellar.lives import Happening, Life, Step
from cellar.models import PRESENT, Kind, Reason, State
from cellar.money import per_750
from cellar.search import Paid
from winebox.inserting import id_near


def moment(when: When) -> datetime | None:
    """Return the moment that stands for a day: noon of the house."""
    if when is None:
        return None
    if isinstance(when, datetime):
        return when if timezone.is_aware(when) else timezone.make_aware(when)
    return _noon(when, timezone.get_default_timezone())


@lru_cache(maxsize=4096)
def _noon(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(12), tzinfo=zone)


@dataclass
class Book:
    """The transactions of one import: those that say the same are one, of several bottles."""

    batch_id: UUID
    actor_id: Any
    # When a file does not say it.
    now: datetime
    salt: str = ""
    transactions: dict[UUID, Happening] = field(default_factory=dict)

    def transaction(self, kind: Kind, wine_id: UUID, when: datetime | None, **facts: Any) -> Happening:
        happened_at = when or self.now
        said = "|".join(f"{name}={value}" for name, value in sorted(facts.items()))
        pk = uuid.uuid5(self.batch_id, f"{self.salt}|{kind}|{wine_id}|{happened_at.isoformat()}|{said}")
        pk = id_near(wine_id, pk)
        if pk not in self.transactions:
            self.transactions[pk] = Happening(
                pk, kind, wine_id, self.actor_id, self.batch_id, happened_at, facts
            )  # fmt: skip
        return self.transactions[pk]

    def lives(self, wine_id: UUID, arrivals: Sequence[Arrival], places: Sequence[Place]) -> Iterator[Life]:
        """Yield a life for each bottle; `places` says for each arrival where its bottles are now."""
        for arrival, place in zip(arrivals, places, strict=True):
            lot = arrival.lot
            steps = list(self._steps(wine_id, lot, place))
            for number, key in enumerate(arrival.keys):
                is_first = number == 0
                yield Life(
                    wine_id=wine_id, size_ml=lot.size_ml, note=lot.note, barcode=lot.barcode if is_first else "",
                    import_key=key, bottle_id=(lot.bottle_id if is_first else None) or id_near(wine_id), steps=steps,
                )  # fmt: skip

    def _steps(self, wine_id: UUID, lot: Lot, place: Place) -> Iterator[Step]:
        purchase = purchase_facts(lot)
        came, delivered = came_at(lot, self.now)
        if lot.state == State.ON_ORDER:
            order = self.transaction(Kind.ORDER, wine_id, came, expected_on=lot.expected_on, **purchase)
            yield Step(order, State.ON_ORDER)
            return
        here = place if lot.state in PRESENT else NOWHERE
        if delivered is not None:
            yield Step(self.transaction(Kind.ORDER, wine_id, came, expected_on=None, **purchase), State.ON_ORDER)
            deliver = self.transaction(Kind.DELIVER, wine_id, delivered, size_ml=lot.size_ml)
            yield Step(deliver, State.IN_CELLAR, here)
        else:
            yield Step(self.transaction(Kind.CHECK_IN, wine_id, came, **purchase), State.IN_CELLAR, here)
        if lot.state == State.OPEN:
            opened = self.transaction(Kind.OPEN, wine_id, moment(lot.opened_on), size_ml=lot.size_ml)
            yield Step(opened, State.OPEN, here)
        if lot.state == State.GONE:
            yield Step(self.check_out(wine_id, lot), State.GONE)

    def check_out(self, wine_id: UUID, lot: Lot) -> Happening:
        return self.transaction(
            Kind.CHECK_OUT, wine_id, moment(lot.consumed_on), size_ml=lot.size_ml, note=lot.consumption_note,
            reason=Reason(lot.reason or Reason.OTHER).value, recipient=lot.recipient, revenue=lot.revenue,
            currency="" if lot.revenue is None else lot.revenue_currency or lot.currency or settings.CURRENCY,
        )  # fmt: skip


def purchase_facts(lot: Lot) -> dict[str, Any]:
    return {
        "size_ml": lot.size_ml,
        "note": lot.purchase_note,
        "unit_price": lot.unit_price,
        "currency": "" if lot.unit_price is None else lot.currency or settings.CURRENCY,
        "store": lot.store,
    }


def texts_of(arrivals: Sequence[Arrival]) -> list[str]:
    """Return what is said about bottles that come, as `cellar.search` will find it in the ledger."""
    texts: set[str] = set()
    for lot in (one.lot for one in arrivals):
        texts.update((lot.purchase_note, lot.store))
        texts.add(lot.consumption_note if lot.state == State.GONE else "")
        texts.add(lot.note if lot.state in PRESENT else "")
    return [text for text in texts if text]


def where_of(arrivals: Sequence[Arrival]) -> set[tuple[UUID | None, int]]:
    return {(one.location_id, one.lot.size_ml) for one in arrivals if one.lot.state in PRESENT}


def last_price_of(arrivals: Sequence[Arrival], now: datetime) -> tuple[int | None, str]:
    """Return the last price paid, per 750 ml."""
    lots = (one.lot for one in arrivals)
    paid = [
        Paid(came_at(lot, now)[0], per_750(lot.unit_price, lot.size_ml), lot.currency or settings.CURRENCY)
        for lot in lots
        if lot.unit_price is not None
    ]
    if not paid:
        return None, ""
    last = max(paid)
    return last.price, last.currency


def came_at(lot: Lot, now: datetime) -> tuple[datetime, datetime | None]:
    """Return when a bottle came, or was ordered, and, where it was ordered before it came, when it was delivered."""
    bought, delivered, consumed = moment(lot.purchased_on), moment(lot.delivered_on), moment(lot.consumed_on)
    if lot.state == State.ON_ORDER:
        return bought or now, None
    if bought and delivered and bought.date() < delivered.date() and not (consumed and consumed < delivered):
        return bought, delivered
    came = delivered or bought or moment(lot.opened_on) or consumed or now
    return (min(came, consumed) if consumed else came), None


def day_of(when: When, now: datetime) -> date:
    """Return the day of a note; today's where the file does not say it."""
    if isinstance(when, datetime):
        return timezone.localtime(when).date() if timezone.is_aware(when) else when.date()
    return when or timezone.localtime(now).date()
