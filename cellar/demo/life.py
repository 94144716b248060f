"""What became of the bottles of the demo: drunk, given away, moved, opened, written about."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from cellar import stock
from cellar.demo import words
from cellar.demo.choice import new_id
from cellar.demo.house import House
from cellar.demo.purchases import A_YEAR, AT_A_TIME, Lot, moment, somebody
from cellar.ledger import Actor, Place, chunks
from cellar.models import Bottle, Reason, Scale, TastingNote

_REASONS = (
    [Reason.DRANK] * 84 + [Reason.GIFT] * 7 + [Reason.SPOILED] * 2 + [Reason.BROKEN] * 2 + [Reason.MISSING] * 2
    + [Reason.SOLD, Reason.DONATED, Reason.RETURNED]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be done with a bottle."""

    day: date
    act: Callable[[], object]


class Life:
    """The plan of what happens after the bottles are in the house."""

    def __init__(self, rng: random.Random, house: House, people: list[Actor], until: date) -> None:
        self.rng, self.house, self.people, self.until = rng, house, people, until
        self.events: list[Event] = []
        self.notes: list[TastingNote] = []
        self.to_open: list[tuple[Lot, UUID]] = []

    def of(self, lot: Lot, bottles: list[UUID]) -> None:
        """Plan the life of a lot; the bottles taken first are those that lie last."""
        arrived = lot.arrived
        if arrived is None or (self.until - arrived).days < 5:
            return
        share = min(0.6, 0.03 + 0.05 * (self.until - arrived).days / A_YEAR)
        if (lot.wine.drink_from or 0) > self.until.year:
            share /= 5  # too young to be drunk but by mistake
        elif (lot.wine.drink_until or self.until.year) < self.until.year:
            share = 0.8  # what is left was forgotten
        for bottle_id in reversed(bottles):
            luck = self.rng.random()
            if luck < share:
                self._leaves(lot, bottle_id, arrived)
            elif luck > 0.98:
                self._moves(lot, bottle_id, arrived)
            elif luck > 0.97:
                self.to_open.append((lot, bottle_id))

    def opened(self, count: int) -> None:
        """Leave n bottles open, in the last days."""
        for lot, bottle_id in self.rng.sample(self.to_open, min(count, len(self.to_open))):
            self._do(
                self.until - timedelta(days=self.rng.randint(1, 3)),
                stock.open_bottle,
                wine=lot.wine,
                pick=stock.Pick(bottle_id=bottle_id),
            )

    def _leaves(self, lot: Lot, bottle_id: UUID, arrived: date) -> None:
        day = self._day_after(lot, arrived)
        reason = self.rng.choice(_REASONS)
        author = self._do(
            day,
            stock.check_out,
            wine=lot.wine,
            reason=reason,
            quantity=1,
            pick=stock.Pick(bottle_id=bottle_id),
            recipient=self.rng.choice(words.RECIPIENTS) if reason == Reason.GIFT else "",
            revenue=lot.price * 5 // 4 if reason == Reason.SOLD else None,
            note=self.rng.choice(words.DRINK_NOTES) if reason == Reason.DRANK and self.rng.random() < 0.2 else "",
        )
        if reason == Reason.DRANK and self.rng.random() < 0.35:
            self.notes.append(self._note(lot, bottle_id, day, author))

    def _moves(self, lot: Lot, bottle_id: UUID, arrived: date) -> None:
        if lot.place.location_id == self.house.fridge.pk:
            return
        self._do(
            self._day_after(lot, arrived),
            stock.move,
            wine=lot.wine,
            quantity=1,
            to=Place(self.house.fridge.pk),
            pick=stock.Pick(bottle_id=bottle_id),
            note=self.rng.choice(words.MOVE_NOTES),
        )

    def _day_after(self, lot: Lot, arrived: date) -> date:
        """Return a day after the bottle came, within its window where there is one and it has begun."""
        first = arrived + timedelta(days=1)
        if lot.wine.drink_from and date(lot.wine.drink_from, 1, 1) < self.until - timedelta(days=30):
            first = max(first, date(lot.wine.drink_from, 1, 1))
        return first + timedelta(days=self.rng.randint(0, max(0, (self.until - first).days - 3)))

    def _do(self, day: date, verb: Callable[..., object], **facts: object) -> Actor:
        actor = somebody(self.rng, self.people)
        when, key = moment(day, self.rng.randint(17, 21)), new_id(self.rng)
        self.events.append(Event(day, lambda: verb(actor=actor, when=when, key=key, **facts)))
        return actor

    def _note(self, lot: Lot, bottle_id: UUID, day: date, author: Actor) -> TastingNote:
        quality = min(1.0, max(0.0, self.rng.gauss(0.55, 0.2)))
        scale = list(Scale)[self.people.index(author) % len(Scale)] if author in self.people else Scale.HUNDRED
        return TastingNote(
            pk=new_id(self.rng),
            wine=lot.wine,
            bottle_id=bottle_id,
            author_id=None if author is None else author.pk,
            tasted_on=day,
            text=words.tasting_text(self.rng, lot.wine.type, lot.chosen.body),
            rating=_rating(quality, scale),
            scale=scale,
            occasion=self.rng.choice(words.OCCASIONS) if self.rng.random() < 0.4 else "",
            company=self.rng.choice(words.RECIPIENTS) if self.rng.random() < 0.2 else "",
        )


def live(rng: random.Random, lots: list[Lot], *, house: House, people: list[Actor], until: date) -> None:
    """Let everything happen that happened, in the order of its days."""
    life = Life(rng, house, people, until)
    bottles = _bottles_of(lots)
    for lot in lots:
        life.of(lot, bottles[lot.key])
    life.opened(2 + len(life.to_open) // 20)
    TastingNote.objects.bulk_create(life.notes, batch_size=AT_A_TIME)
    for part in chunks(sorted(life.events, key=lambda event: event.day), AT_A_TIME):
        with stock.batch():
            for event in part:
                event.act()


def _bottles_of(lots: list[Lot]) -> dict[UUID, list[UUID]]:
    """Return the bottles of each lot as they lie."""
    found: dict[UUID, list[tuple[int, int, UUID]]] = defaultdict(list)
    for part in chunks(lots):
        rows = Bottle.objects.filter(source_id__in=[lot.key for lot in part]).order_by()
        for source_id, row, column, pk in rows.values_list("source_id", "row", "column", "pk"):
            found[source_id].append((row or 0, column or 0, pk))
    return defaultdict(list, {key: [pk for _row, _column, pk in sorted(lying)] for key, lying in found.items()})


def _rating(quality: float, scale: Scale) -> Decimal:
    """Return how good a bottle was (0 to 1) as this scale says it."""
    if scale == Scale.STARS:
        return Decimal(round(2 * (2.5 + 2.5 * quality))) / 2
    if scale == Scale.TWENTY:
        return Decimal(round(2 * (14 + 5 * quality))) / 2
    return Decimal(round(82 + 16 * quality))
