"""THE way to change what is in the cellar: check in, order, deliver, check out, open, move, count, undo.

Every verb returns the transactions it wrote, raises StockError with a sentence for the person when it
cannot be done, and has one effect however often it is called with the same `key`.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import search
from cellar.ledger import NOWHERE, AlreadyDoneError, Change, Entry, LostRaceError, Place, StockError, record
from cellar.models import PRESENT, Bottle, Kind, Location, Reason, State, Transaction, TransactionLine, Wine
from cellar.sizes import STANDARD
from cellar.tree import load_tree
from winebox import databases

__all__ = ["NOWHERE", "Pick", "Place", "Purchase", "StockError", "check_in", "check_out", "move", "open_bottle", "undo"]

Actor = AbstractBaseUser | None
Result = TypeVar("Result")

MAX_BOTTLES = 1200
ATTEMPTS = 12


@dataclass(frozen=True)
class Purchase:
    """What was paid for one bottle (minor units), in which currency, and where."""

    unit_price: int | None = None
    currency: str = ""
    store: str = ""


@dataclass(frozen=True)
class Pick:
    """Which bottles are meant: of a size, at a place (the place alone, not what is in it), or one by its id."""

    size_ml: int | None = None
    location_id: UUID | None = None
    anywhere: bool = True
    bottle_id: UUID | None = None


ANY = Pick()


def check_in(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    size_ml: int = STANDARD,
    place: Place = NOWHERE,
    purchase: Purchase = Purchase(),
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Put n bottles of a wine into the cellar; in a rack they fill the free slots from the place given."""

    def work() -> list[Transaction]:
        slots = slots_from(place, quantity)
        return _bring(_purchased(Kind.CHECK_IN, wine, quantity, size_ml, actor, purchase, when, note, key), slots)

    _require_quantity(quantity)
    return _settle(work, key)[0]


def order(
    *,
    wine: Wine,
    quantity: int,
    actor: Actor,
    size_ml: int = STANDARD,
    purchase: Purchase = Purchase(),
    expected_on: date | None = None,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
) -> Transaction:
    """Note n bottles as ordered; they count as stock once they are delivered."""

    def work() -> list[Transaction]:
        transaction = _purchased(Kind.ORDER, wine, quantity, size_ml, actor, purchase, when, note, key)
        transaction.expected_on = expected_on
        return _bring(transaction, [NOWHERE] * quantity)

    _require_quantity(quantity)
    return _settle(work, key)[0]


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
    """Put n ordered bottles into the cellar."""

    def work() -> list[Transaction]:
        bottles = _choose(wine, quantity, [State.ON_ORDER], pick)
        slots = slots_from(place, quantity)
        transaction = _transaction(Kind.DELIVER, wine, quantity, actor, when, note, key)
        transaction.size_ml = _one_size(bottles)
        changes = [Change(one, State.IN_CELLAR, slot) for one, slot in zip(bottles, slots, strict=True)]
        return _write([Entry(transaction, changes)])

    _require_quantity(quantity)
    return _settle(work, key)[0]


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

    def work() -> list[Transaction]:
        bottles = _choose(wine, quantity, PRESENT, pick)
        transaction = _transaction(Kind.CHECK_OUT, wine, quantity, actor, when, note, key)
        transaction.size_ml = _one_size(bottles)
        transaction.reason, transaction.recipient = reason, recipient
        transaction.revenue, transaction.currency = revenue, currency if revenue is not None else ""
        return _write([Entry(transaction, [Change(one, State.GONE, NOWHERE) for one in bottles])])

    _require_quantity(quantity)
    return _settle(work, key)[0]


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

    def work() -> list[Transaction]:
        bottles = _choose(wine, quantity, [State.IN_CELLAR], pick)
        transaction = _transaction(Kind.OPEN, wine, quantity, actor, when, note, key)
        transaction.size_ml = _one_size(bottles)
        return _write([Entry(transaction, [Change(one, State.OPEN, _place(one)) for one in bottles])])

    _require_quantity(quantity)
    return _settle(work, key)[0]


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
    """Move n bottles of a wine to another place."""

    def work() -> list[Transaction]:
        bottles = _choose(wine, quantity, PRESENT, pick, not_at=to)
        slots = slots_from(to, quantity)
        transaction = _transaction(Kind.MOVE, wine, quantity, actor, when, note, key)
        transaction.size_ml = _one_size(bottles)
        changes = [Change(one, State(one.state), slot) for one, slot in zip(bottles, slots, strict=True)]
        return _write([Entry(transaction, changes)])

    _require_quantity(quantity)
    return _settle(work, key)[0]


def move_all(
    *, from_ids: Sequence[UUID], to: Place, actor: Actor, note: str = "", key: UUID | None = None
) -> list[Transaction]:
    """Move every bottle of these places to another one, in one action; nothing happens where there is none."""

    def work() -> list[Transaction]:
        by_wine: dict[UUID, list[Bottle]] = {}
        for bottle in Bottle.objects.present().filter(location_id__in=from_ids).order_by("created_at", "id"):
            by_wine.setdefault(bottle.wine_id, []).append(bottle)
        action = key or uuid.uuid4()
        entries = []
        for number, wine in enumerate(Wine.objects.filter(pk__in=by_wine)):
            bottles = by_wine[wine.pk]
            transaction = _transaction(Kind.MOVE, wine, len(bottles), actor, None, note, action if number == 0 else None)
            transaction.action = action
            entries.append(Entry(transaction, [Change(one, State(one.state), to) for one in bottles]))
        return _write(entries) if entries else []

    return _settle(work, key)


@dataclass(frozen=True)
class Counted:
    """What somebody found of one wine in one size at a place, and what the book said when they looked."""

    wine_id: UUID
    size_ml: int
    expected: int
    found: int


def count(
    *, location_id: UUID | None, counted: Sequence[Counted], actor: Actor, note: str = "", key: UUID | None = None
) -> list[Transaction]:
    """Make the book say what was counted at a place, as one action.

    A missing bottle is gone (missing). A surplus one is taken from "no place yet" where the book has
    one there, and is new otherwise. Raises StockError when the book has changed since the count began.
    """

    def work() -> list[Transaction]:
        action = key or uuid.uuid4()
        wines = Wine.objects.in_bulk([one.wine_id for one in counted])
        entries: list[Entry] = []
        for one in counted:
            changes = _count_changes(one, location_id)
            if changes:
                first = action if not entries else None
                transaction = _transaction(
                    Kind.COUNT, wines[one.wine_id], len(changes), actor, None, note, first, action=action
                )
                transaction.size_ml = one.size_ml
                transaction.reason = Reason.MISSING if one.found < one.expected else ""
                entries.append(Entry(transaction, changes))
        return _write(entries) if entries else []

    return _settle(work, key)


def _count_changes(counted: Counted, location_id: UUID | None) -> list[Change]:
    mine = Bottle.objects.present().filter(wine_id=counted.wine_id, size_ml=counted.size_ml)
    here = list(mine.filter(location_id=location_id).order_by("state", "-created_at", "id"))
    if len(here) != counted.expected:
        raise StockError(_("The book has changed since you began to count. Nothing was saved; look at the figures again."))
    surplus = counted.found - len(here)
    if surplus <= 0:
        return [Change(bottle, State.GONE, NOWHERE) for bottle in here[:-surplus]] if surplus else []
    _require_quantity(surplus)
    unplaced = list(mine.filter(location=None).order_by("state", "created_at", "id")[:surplus]) if location_id else []
    new = [Bottle(wine_id=counted.wine_id, size_ml=counted.size_ml) for _n in range(surplus - len(unplaced))]
    place = Place(location_id)
    return [Change(one, State(one.state), place) for one in unplaced] + [Change(one, State.IN_CELLAR, place) for one in new]


def undo(*, action: UUID, actor: Actor, key: UUID | None = None) -> list[Transaction]:
    """Write the reverse of everything that was done in one action; an undo can be undone, too.

    Raises StockError when it was undone before, or when one of its bottles has moved on since.
    """

    def work() -> list[Transaction]:
        originals = _in_effect(action)
        undo_action = key or uuid.uuid4()
        entries = []
        for number, original in enumerate(originals):
            transaction = Transaction(
                kind=Kind.UNDO, wine_id=original.wine_id, quantity=original.quantity, actor=actor,
                action=undo_action, reverses=original, size_ml=original.size_ml, reason=original.reason,
            )  # fmt: skip
            if number == 0:
                transaction.pk = undo_action
            entries.append(Entry(transaction, _reversed(original)))
        _revive_places([change.place.location_id for entry in entries for change in entry.changes])
        return _write(entries)

    return _settle(work, key)


def _in_effect(action: UUID) -> list[Transaction]:
    """Return the transactions of an action; where it was undone and that undone again, those that did it again."""
    found = list(Transaction.objects.filter(action=action).select_related("undone_by").order_by("created_at", "id"))
    if not found:
        raise StockError(_("There is nothing to undo."))
    if not hasattr(found[0], "undone_by"):
        return found
    again = getattr(found[0].undone_by, "undone_by", None)
    if again is None:
        raise StockError(_("This was undone already."))
    return _in_effect(again.action)


def _reversed(original: Transaction) -> list[Change]:
    """Return the changes that bring each bottle back to how it was before this transaction."""
    mine = list(original.lines.select_related("bottle"))
    moved_on = _moved_on(mine)
    if moved_on:
        raise StockError(
            ngettext(
                "%(count)d of these bottles has changed since. Undo that first; nothing was changed.",
                "%(count)d of these bottles have changed since. Undo that first; nothing was changed.",
                len(moved_on),
            )
            % {"count": len(moved_on)}
        )
    return [
        Change(line.bottle, State(line.state_before), Place(line.location_before_id, line.row_before, line.column_before))
        for line in mine
    ]


def _moved_on(lines: Sequence[TransactionLine]) -> set[UUID]:
    """Return the bottles to which something happened after these lines that is still in effect."""
    since = {line.bottle_id: line.step for line in lines if line.step != line.bottle.step}
    if not since:
        return set()
    later: dict[UUID, list[Transaction]] = {bottle_id: [] for bottle_id in since}
    rows = TransactionLine.objects.filter(bottle_id__in=since).select_related("transaction")
    for row in rows:
        if row.step > since[row.bottle_id]:
            later[row.bottle_id].append(row.transaction)
    return {bottle_id for bottle_id, transactions in later.items() if not _cancel_out(transactions)}


def _cancel_out(transactions: Sequence[Transaction]) -> bool:
    """Whether every one of these was taken back by another of them."""
    ids = {one.pk for one in transactions}
    return all(one.reverses_id in ids if one.kind == Kind.UNDO else one.is_undone for one in transactions)


def _revive_places(location_ids: Sequence[UUID | None]) -> None:
    """Bring deleted places back, with those around them, when bottles return to them."""
    ids = {one for one in location_ids if one is not None}
    if ids:
        tree = load_tree()
        around = [one.pk for location_id in ids for one in tree.path(location_id) if one.archived_at is not None]
        Location.objects.filter(pk__in=around).update(archived_at=None, updated_at=timezone.now())


def slots_from(place: Place, quantity: int) -> list[Place]:
    """Return where n bottles go: the free slots of a rack from the slot given on, or n times the place itself."""
    if place.row is None or place.column is None:
        return [Place(place.location_id)] * quantity
    location = Location.objects.get(pk=place.location_id)
    if not location.has_slot(place.row, place.column):
        raise StockError(
            _("%(place)s has %(rows)d rows and %(columns)d columns.")
            % {"place": location.name, "rows": location.rows or 0, "columns": location.columns or 0}
        )
    taken = set(Bottle.objects.filter(location=location, row__isnull=False).values_list("row", "column"))
    free = [slot for slot in _slots(location) if slot >= (place.row, place.column) and slot not in taken]
    if (place.row, place.column) in taken and quantity == 1:
        raise StockError(_("That slot is taken. Nothing was changed; choose another one."))
    if len(free) < quantity:
        raise StockError(
            ngettext(
                "Only %(count)d slot of %(place)s is free from there on.",
                "Only %(count)d slots of %(place)s are free from there on.",
                len(free),
            )
            % {"count": len(free), "place": location.name}
        )
    return [Place(location.pk, row, column) for row, column in free[:quantity]]


def _slots(location: Location) -> list[tuple[int, int]]:
    """Return the slots of a rack in reading order."""
    rows, columns = location.rows or 0, location.columns or 0
    return [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]


def _choose(
    wine: Wine, quantity: int, states: Sequence[str], pick: Pick, *, not_at: Place | None = None
) -> list[Bottle]:
    """Return the n bottles that are meant: open ones first, then the standard size, then the oldest."""
    # Two who take bottles of one wine queue here, on engines that lock rows; the gate is the bottles' step all the same.
    Wine.objects.filter(pk=wine.pk).update(updated_at=timezone.now())
    bottles = Bottle.objects.filter(wine=wine, state__in=states)
    if pick.bottle_id is not None:
        bottles = bottles.filter(pk=pick.bottle_id)
    if pick.size_ml is not None:
        bottles = bottles.filter(size_ml=pick.size_ml)
    if not pick.anywhere:
        bottles = bottles.filter(location_id=pick.location_id)
    standard_first = Case(When(size_ml=STANDARD, then=Value(0)), default=Value(1), output_field=IntegerField())
    ordered = bottles.order_by("-state", standard_first, "created_at", "id")
    chosen = [one for one in ordered[: quantity + (MAX_BOTTLES if not_at else 0)] if not _is_at(one, not_at)][:quantity]
    if len(chosen) < quantity:
        raise StockError(_too_few(len(chosen), quantity))
    return chosen


def _is_at(bottle: Bottle, place: Place | None) -> bool:
    """Whether a bottle lies at the place already, so that moving it there would change nothing."""
    if place is None or bottle.location_id != place.location_id:
        return False
    return place.row is None and bottle.row is None


def _too_few(available: int, wanted: int) -> str:
    if available == 0:
        return str(_("There is no such bottle left. Somebody may have taken the last one; nothing was changed."))
    return ngettext(
        "There is only %(count)d such bottle, you asked for %(wanted)d. Nothing was changed.",
        "There are only %(count)d such bottles, you asked for %(wanted)d. Nothing was changed.",
        available,
    ) % {"count": available, "wanted": wanted}


def _one_size(bottles: Sequence[Bottle]) -> int | None:
    """Return the size of the bottles where it is one."""
    sizes = {bottle.size_ml for bottle in bottles}
    return sizes.pop() if len(sizes) == 1 else None


def _place(bottle: Bottle) -> Place:
    return Place(bottle.location_id, bottle.row, bottle.column)


def _require_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MAX_BOTTLES:
        raise StockError(_("Between 1 and %(max)d bottles at a time.") % {"max": MAX_BOTTLES})


def _transaction(
    kind: Kind,
    wine: Wine,
    quantity: int,
    actor: Actor,
    when: datetime | None,
    note: str,
    key: UUID | None,
    *,
    action: UUID | None = None,
) -> Transaction:
    pk = key or uuid.uuid4()
    return Transaction(
        pk=pk, kind=kind, wine=wine, quantity=quantity, actor=actor,
        action=action or pk, happened_at=when or timezone.now(), note=note,
    )  # fmt: skip


def _purchased(
    kind: Kind,
    wine: Wine,
    quantity: int,
    size_ml: int,
    actor: Actor,
    purchase: Purchase,
    when: datetime | None,
    note: str,
    key: UUID | None,
) -> Transaction:
    transaction = _transaction(kind, wine, quantity, actor, when, note, key)
    transaction.size_ml = size_ml
    transaction.unit_price, transaction.store = purchase.unit_price, purchase.store
    if purchase.unit_price is not None:
        transaction.currency = purchase.currency or settings.CURRENCY
    return transaction


def _bring(transaction: Transaction, slots: Sequence[Place]) -> list[Transaction]:
    """Write a transaction that brings new bottles, one for each place."""
    state = State.ON_ORDER if transaction.kind == Kind.ORDER else State.IN_CELLAR
    changes = [Change(Bottle(wine_id=transaction.wine_id, size_ml=transaction.size_ml), state, slot) for slot in slots]
    return _write([Entry(transaction, changes)])


def _write(entries: list[Entry]) -> list[Transaction]:
    transactions = record(entries)
    search.reindex(transaction.wine_id for transaction in transactions)
    return transactions


def _settle(work: Callable[[], list[Transaction]], key: UUID | None) -> list[Transaction]:
    """Do the work in one transaction of the database; look again when somebody else was quicker."""
    for attempt in range(ATTEMPTS):
        try:
            with databases.atomic():
                return work()
        except AlreadyDoneError:
            done = list(Transaction.objects.filter(action=key)) if key else []
            if done:
                return done
        except LostRaceError:
            if attempt == ATTEMPTS - 1:
                raise
        except DatabaseError as error:
            if attempt == ATTEMPTS - 1 or not databases.is_conflict(error):
                raise
        time.sleep(random.uniform(0, 0.01) * attempt)  # noqa: S311 (spreads those who try again)
    raise LostRaceError(_("Somebody else was changing the same bottles. Nothing was changed; please try again."))
