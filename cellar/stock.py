"""THE way to change what is in the cellar: check in, order, deliver, cancel, check out, open, move, count, undo.

Every verb returns the transactions it wrote, raises StockError with a sentence for the person when it
cannot be done, and has one effect however often it is called with the same `key`. For many at once there
are `check_in_many`, `move_all`, `give_slots` and `batch`. A verb that puts bottles somewhere gets its place
from `Slots`, one that takes bottles that are there gets them from `choose`, and `settle` lets it happen once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from cellar.choosing import ANY, Pick, choose, hold_wines, one_size
from cellar.counting import Counted, count
from cellar.ledger import (
    MAX_BOTTLES,
    NOWHERE,
    Actor,
    Change,
    Entry,
    LostRaceError,
    Place,
    StockError,
    chunks,
    draft,
    place_of,
)
from cellar.models import PRESENT, Bottle, Kind, Reason, State, Transaction, Wine
from cellar.settling import batch, settle, write
from cellar.sizes import STANDARD
from cellar.slots import Slots
from cellar.undoing import undo

__all__ = [
    "ANY",
    "MAX_BOTTLES",
    "NOWHERE",
    "Actor",
    "Arrival",
    "Counted",
    "LostRaceError",
    "Pick",
    "Place",
    "Purchase",
    "StockError",
    "batch",
    "cancel",
    "check_in",
    "check_in_many",
    "check_out",
    "count",
    "deliver",
    "give_slots",
    "move",
    "move_all",
    "open_bottle",
    "order",
    "swap",
    "undo",
]


@dataclass(frozen=True)
class Purchase:
    """What was paid for one bottle (minor units), in which currency, and where."""

    unit_price: int | None = None
    currency: str = ""
    store: str = ""


NO_PURCHASE = Purchase()
# What a verb leaves as it finds it: the state of a bottle that moves, the place of one that is opened.
AS_IT_IS = WHERE_IT_IS = None


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Bottles of one wine that come into the cellar, or are ordered; what `check_in` and `order` take, as a value."""

    wine: Wine
    quantity: int
    size_ml: int = STANDARD
    place: Place = NOWHERE
    purchase: Purchase = NO_PURCHASE
    when: datetime | None = None
    note: str = ""
    key: UUID | None = None
    on_order: bool = False
    expected_on: date | None = None


def check_in(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    size_ml: int = STANDARD,
    place: Place = NOWHERE,
    purchase: Purchase = NO_PURCHASE,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Put n bottles of a wine into the cellar; which slots of a rack they take `Slots.take` says."""
    arrival = Arrival(
        wine=wine, quantity=quantity, size_ml=size_ml, place=place, purchase=purchase, when=when, note=note, key=key
    )
    return _arrive([arrival], actor)[0]


def order(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    size_ml: int = STANDARD,
    purchase: Purchase = NO_PURCHASE,
    expected_on: date | None = None,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Note n bottles as ordered; they count as stock once they are delivered."""
    arrival = Arrival(
        wine=wine, quantity=quantity, size_ml=size_ml, purchase=purchase, when=when, note=note, key=key,
        on_order=True, expected_on=expected_on,
    )  # fmt: skip
    return _arrive([arrival], actor)[0]


def check_in_many(*, arrivals: Sequence[Arrival], actor: Actor) -> list[Transaction]:
    """Check in, or order, bottles of many wines: all or none, in a few queries instead of a dozen for each wine.

    Each arrival is a transaction of its own, to be undone by itself, and all rules hold as in `check_in`: slots of a
    rack are filled in the order of the arrivals, and an arrival whose key was used before is what it was then. The
    transactions come back in the order of the arrivals. Others who write wait meanwhile, so give it some hundreds
    of arrivals at a time. For other verbs in bulk, call them within `with batch():`.
    """
    return _arrive(arrivals, actor)


def _arrive(arrivals: Sequence[Arrival], actor: Actor) -> list[Transaction]:
    def work() -> list[Transaction]:
        keys = [arrival.key for arrival in arrivals if arrival.key]
        done = Transaction.objects.in_bulk(keys) if keys else {}
        slots = Slots()
        entries = [_arrival_entry(one, slots, actor) for one in arrivals if one.key not in done]
        written = iter(write(entries))
        return [done[one.key] if one.key in done else next(written) for one in arrivals]

    for arrival in arrivals:
        _require_quantity(arrival.quantity)
    return settle(work, None)


def _arrival_entry(arrival: Arrival, slots: Slots, actor: Actor) -> Entry:
    purchase = arrival.purchase
    transaction = draft(
        Kind.ORDER if arrival.on_order else Kind.CHECK_IN,
        wine_id=arrival.wine.pk,
        quantity=arrival.quantity,
        actor=actor,
        when=arrival.when,
        note=arrival.note,
        key=arrival.key,
        size_ml=arrival.size_ml,
        unit_price=purchase.unit_price,
        currency="" if purchase.unit_price is None else purchase.currency or settings.CURRENCY,
        store=purchase.store,
        expected_on=arrival.expected_on,
    )
    state = State.ON_ORDER if arrival.on_order else State.IN_CELLAR
    places = slots.take(NOWHERE if arrival.on_order else arrival.place, arrival.quantity)
    bottles = [Bottle(wine_id=arrival.wine.pk, size_ml=arrival.size_ml) for _place in places]
    return Entry(transaction, _changes(bottles, places, state))


def deliver(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    place: Place = NOWHERE,
    pick: Pick = ANY,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Put n ordered bottles into the cellar; which slots of a rack they take `Slots.take` says."""
    return _change_some(
        Kind.DELIVER, [State.ON_ORDER], State.IN_CELLAR, place,
        wine=wine, quantity=quantity, actor=actor, pick=pick, when=when, note=note, key=key,
    )  # fmt: skip


def cancel(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    pick: Pick = ANY,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Take n ordered bottles off the order: they never come."""
    return _change_some(
        Kind.CANCEL, [State.ON_ORDER], State.VOID, NOWHERE,
        wine=wine, quantity=quantity, actor=actor, pick=pick, when=when, note=note, key=key,
    )  # fmt: skip


def check_out(
    *,
    wine: Wine,
    quantity: int,
    reason: Reason,
    actor: Actor,
    pick: Pick = ANY,
    recipient: str = "",
    revenue: int | None = None,
    currency: str = "",
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Take n bottles out of the cellar, an open one first; the last bottle is handed out once."""
    return _change_some(
        Kind.CHECK_OUT, PRESENT, State.GONE, NOWHERE,
        wine=wine, quantity=quantity, actor=actor, pick=pick, when=when, note=note, key=key,
        reason=reason, recipient=recipient, revenue=revenue,
        currency="" if revenue is None else currency or settings.CURRENCY,
    )  # fmt: skip


def open_bottle(
    *,
    wine: Wine,
    actor: Actor,
    quantity: int = 1,
    pick: Pick = ANY,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Open n full bottles; they stay where they are until they are drunk."""
    return _change_some(
        Kind.OPEN, [State.IN_CELLAR], State.OPEN, WHERE_IT_IS,
        wine=wine, quantity=quantity, actor=actor, pick=pick, when=when, note=note, key=key,
    )  # fmt: skip


def move(
    *,
    wine: Wine,
    quantity: int,
    to: Place,
    actor: Actor,
    pick: Pick = ANY,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Move n bottles of a wine to another place; those that lie there already are not meant."""
    return _change_some(
        Kind.MOVE, PRESENT, AS_IT_IS, to,
        wine=wine, quantity=quantity, actor=actor, pick=pick, when=when, note=note, key=key,
    )  # fmt: skip


def _change_some(
    kind: Kind,
    states: Sequence[State],
    state: State | None,
    place: Place | None,
    *,
    wine: Wine,
    quantity: int,
    pick: Pick,
    key: UUID | None,
    **facts: Any,
) -> Transaction:
    """Give n bottles that are in one of some states another state, place or both; returns the transaction."""

    def work() -> list[Transaction]:
        slots = Slots()
        to = None if place is None else slots.meant(place)
        elsewhere_than = to if kind == Kind.MOVE else None
        bottles = choose(wine=wine, quantity=quantity, states=states, pick=pick, to=elsewhere_than)
        places = slots.take(to, quantity) if to else [place_of(one) for one in bottles]
        transaction = draft(kind, wine_id=wine.pk, quantity=quantity, key=key, size_ml=one_size(bottles), **facts)
        return write([Entry(transaction, _changes(bottles, places, state))])

    _require_quantity(quantity)
    return settle(work, key)[0]


def swap(*, bottle_ids: tuple[UUID, UUID], actor: Actor, note: str = "", key: UUID | None = None) -> list[Transaction]:
    """Let two bottles change places, slots and all, as one action."""

    def work() -> list[Transaction]:
        bottles = Bottle.objects.present().in_bulk(bottle_ids)
        if len(bottles) < 2:
            raise StockError(_("One of these bottles is no longer here. Nothing was changed."))
        first, second = (bottles[pk] for pk in bottle_ids)
        slots = Slots()
        for bottle in (first, second):
            slots.hold(bottle.location_id)
        return _move_each({first: place_of(second), second: place_of(first)}, actor=actor, note=note, key=key)

    return settle(work, key)


def move_all(
    *, from_ids: Sequence[UUID], to: Place, actor: Actor, note: str = "", key: UUID | None = None
) -> list[Transaction]:
    """Move every bottle of these places to another one, in one action; nothing happens where there is none."""

    def work() -> list[Transaction]:
        slots = Slots()
        slots.hold(to.location_id)
        here = Bottle.objects.present().at(one for one in from_ids if one != to.location_id)
        hold_wines(here.order_by().values_list("wine_id", flat=True).distinct())
        bottles = list(here.order_by("wine_id", "created_at", "id"))
        places = slots.take(to, len(bottles))
        return _move_each(dict(zip(bottles, places, strict=True)), actor=actor, note=note, key=key)

    return settle(work, key)


def give_slots(*, location_id: UUID, actor: Actor, note: str = "", key: UUID | None = None) -> list[Transaction]:
    """Put the bottles that lie in a rack without a slot into its free ones, as many as there are, in one action."""

    def work() -> list[Transaction]:
        slots = Slots()
        slots.hold(location_id)
        loose = Bottle.objects.present().filter(location_id=location_id, row=None).order_by()
        names = _sort_keys(loose.values_list("wine_id", flat=True).distinct())
        hold_wines(names)
        # Those of a wine lie beside each other, in the order in which the rack's page lists them.
        known = [one for one in loose if one.wine_id in names]
        bottles = sorted(known, key=lambda one: (names[one.wine_id], one.size_ml, one.created_at, one.pk))
        if not bottles:
            raise StockError(_("No bottle lies there without a slot any more. Nothing was changed."))
        places = slots.take_some(location_id, len(bottles))
        return _move_each(dict(zip(bottles, places, strict=False)), actor=actor, note=note, key=key)

    return settle(work, key)


def _sort_keys(wine_ids: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    found: dict[UUID, tuple[str, UUID]] = {}
    for part in chunks(list(wine_ids)):
        found |= {pk: (key, pk) for pk, key in Wine.objects.filter(pk__in=part).values_list("pk", "sort_key")}
    return found


def _move_each(to: dict[Bottle, Place], *, actor: Actor, note: str, key: UUID | None) -> list[Transaction]:
    """Move each bottle to its own place, as one action with a transaction for each wine."""
    by_wine: dict[UUID, list[Bottle]] = defaultdict(list)
    for bottle in to:
        by_wine[bottle.wine_id].append(bottle)
    action = key or uuid.uuid4()
    entries: list[Entry] = []
    for wine_id, bottles in by_wine.items():
        transaction = draft(
            Kind.MOVE, wine_id=wine_id, quantity=len(bottles), actor=actor, note=note,
            key=None if entries else action, action=action, size_ml=one_size(bottles),
        )  # fmt: skip
        entries.append(Entry(transaction, _changes(bottles, [to[bottle] for bottle in bottles], AS_IT_IS)))
    return write(entries)


def _changes(bottles: Sequence[Bottle], places: Sequence[Place], state: State | None) -> list[Change]:
    return [Change(one, state or State(one.state), place) for one, place in zip(bottles, places, strict=True)]


def _require_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MAX_BOTTLES:
        raise StockError(_("Between 1 and %(max)d bottles at a time.") % {"max": MAX_BOTTLES})
