"""How the bottles of the demo came into the house."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings

from cellar import stock
from cellar.demo import words
from cellar.demo.choice import Chosen, new_id
from cellar.demo.house import House
from cellar.demo.prices import price_paid
from cellar.ledger import NOWHERE, Actor, Place, chunks
from cellar.models import Wine
from cellar.sizes import STANDARD

YEARS = 10
A_YEAR = 365
AT_A_TIME = 200
_LOTS = (1, 1, 2, 2, 3, 5, 5, 6, 11)
_SIZES = {
    "sparkling": (STANDARD,) * 16 + (375, 1500, 1500, 3000),
    "dessert": (STANDARD, STANDARD, 375, 375, 500),
}
_USUAL_SIZES = (STANDARD,) * 28 + (375, 1500)


@dataclass(slots=True)
class Lot:
    """Bottles of one wine that were bought together; `delivered` is when ordered ones came, None while they are due."""

    chosen: Chosen
    quantity: int
    size_ml: int
    price: int
    store: str
    bought: date
    place: Place
    key: UUID
    actor: Actor
    note: str = ""
    is_ordered: bool = False
    delivered: date | None = None

    @property
    def wine(self) -> Wine:
        return self.chosen.wine

    @property
    def arrived(self) -> date | None:
        return self.delivered if self.is_ordered else self.bought

    def arrival(self) -> stock.Arrival:
        return stock.Arrival(
            wine=self.wine,
            quantity=self.quantity,
            size_ml=self.size_ml,
            place=NOWHERE if self.is_ordered else self.place,
            purchase=stock.Purchase(self.price, settings.CURRENCY, self.store),
            when=moment(self.bought, 12),
            note=self.note,
            key=self.key,
            on_order=self.is_ordered,
            expected_on=(self.delivered or self.bought + timedelta(days=90)) if self.is_ordered else None,
        )


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def plan_lots(
    rng: random.Random, chosen: list[Chosen], *, bottles: int, house: House, people: list[Actor], until: date
) -> list[Lot]:
    """Return every purchase, oldest first; a few wines stay a wish."""
    lots: list[Lot] = []
    quantities = _quantities(rng, len(chosen), bottles)
    for one, parts in zip(chosen, quantities, strict=True):
        one.wine.wishlist = not parts
        for number, quantity in enumerate(parts):
            lots.append(_lot(rng, one, quantity, house, people, until, may_be_ordered=number == len(parts) - 1))
    return sorted(lots, key=lambda lot: (lot.bought, lot.key))


def _quantities(rng: random.Random, wines: int, bottles: int) -> list[list[int]]:
    """Return, for each wine, how many bottles were bought each time; together they are as many as asked for."""
    stocked = min(bottles, max(1, wines - wines // 33))
    parts: list[list[int]] = [[1] for _wine in range(stocked)]
    left = bottles - stocked
    while left > 0:
        part = rng.choice(parts)
        more = min(left, rng.choice(_LOTS))
        if part[-1] + more <= 12 and rng.random() < 0.5:
            part[-1] += more
        else:
            part.append(more)
        left -= more
    parts += [[] for _wine in range(wines - stocked)]
    rng.shuffle(parts)
    return parts


def _lot(
    rng: random.Random,
    chosen: Chosen,
    quantity: int,
    house: House,
    people: list[Actor],
    until: date,
    *,
    may_be_ordered: bool,
) -> Lot:
    bought = _day_of_purchase(rng, chosen.wine, until)
    size_ml = rng.choice(_SIZES.get(chosen.wine.type, _USUAL_SIZES))
    is_ordered = may_be_ordered and rng.random() < 0.08
    arrives = bought + timedelta(days=rng.randint(20, 150))
    # What would have come by now has come, but for a few that are late or bought long before they are bottled.
    is_due = is_ordered and (arrives >= until or rng.random() < 0.3)
    if is_due:
        bought = until - timedelta(days=rng.randint(3, 60))
    return Lot(
        chosen=chosen,
        quantity=quantity,
        size_ml=size_ml,
        price=price_paid(rng, chosen.price, size_ml, (until - bought).days / A_YEAR),
        store=rng.choice(words.STORES),
        bought=bought,
        place=NOWHERE if is_due else house.place_for(rng, chosen.wine, size_ml, quantity),
        key=new_id(rng),
        actor=somebody(rng, people),
        note=rng.choice(words.PURCHASE_NOTES) if rng.random() < 0.1 else "",
        is_ordered=is_ordered,
        delivered=None if is_due or not is_ordered else arrives,
    )


def _day_of_purchase(rng: random.Random, wine: Wine, until: date) -> date:
    """Return a day of the last ten years, after the wine was bottled and before it fades, rather late than early."""
    first, last = until - timedelta(days=YEARS * A_YEAR), until - timedelta(days=3)
    if wine.vintage:
        first = max(first, date(wine.vintage + 1, 4, 1))
    if wine.drink_until:
        last = min(last, max(first, date((wine.best_until or wine.drink_until) - 1, 12, 1)))
    return last - timedelta(days=int((last - first).days * rng.random() ** 1.3))


def somebody(rng: random.Random, people: list[Actor]) -> Actor:
    # The dice are thrown even where nobody is there, so that the cellar is the same.
    luck = rng.random()
    return people[int(luck * len(people))] if people else None


def arrive(lots: list[Lot], people: list[Actor]) -> None:
    """Check in, order and deliver all of it."""
    for person in people or [None]:
        for part in chunks([lot for lot in lots if lot.actor == person], AT_A_TIME):
            stock.check_in_many(arrivals=[lot.arrival() for lot in part], actor=person)
    for part in chunks([lot for lot in lots if lot.delivered], AT_A_TIME):
        with stock.batch():
            for lot in part:
                _deliver(lot)


def _deliver(lot: Lot) -> None:
    if lot.delivered:
        stock.deliver(
            wine=lot.wine,
            quantity=lot.quantity,
            place=lot.place,
            pick=stock.Pick(size_ml=lot.size_ml),
            actor=lot.actor,
            when=moment(lot.delivered, 10),
        )
