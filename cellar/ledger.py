"""Writing the ledger: the one place where bottles, lines and counters change together.

`cellar.stock` decides what happens; this module makes it happen once, or not at all. The gate is a
conditional update on each bottle's `step`, which holds on every engine, also where there are no
transactions; there, what was written before a failure is taken back by hand.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import Case, F, PositiveSmallIntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar.models import Bottle, Kind, State, Transaction, TransactionLine, Wine
from winebox import databases

BATCH = 500
# An update that names a slot for each bottle looks through all of them for each.
SLOTS_AT_ONCE = 100
MAX_BOTTLES = 1200  # of one wine, at a time
COUNTERS = {
    State.ON_ORDER: "count_on_order",
    State.IN_CELLAR: "count_in_cellar",
    State.OPEN: "count_open",
    State.GONE: "count_gone",
}
SHOWN = [name for state, name in COUNTERS.items() if state != State.GONE]

Actor = AbstractBaseUser | None
Item = TypeVar("Item")


class StockError(Exception):
    """A change that cannot be made; the text is for the person who asked for it."""

    # What it is about, where that is one thing that was asked for, and what kind of refusal it is.
    field: str | None = None
    code: str | None = None


class LostRaceError(StockError):
    """Somebody else changed one of the bottles first; looking again may help."""


class AlreadyDoneError(Exception):
    """A transaction with this id is there, or the one it takes back was taken back before."""


@dataclass(frozen=True)
class Place:
    """Where a bottle lies: a location (None is "no place yet") and, in a rack, its slot.

    The marks say how bottles are to go there, and are on no place where one lies: with `fills` they take free slots
    although none is named, with `or_loose` those for which no slot is free lie there without one.
    """

    location_id: UUID | None = None
    row: int | None = None
    column: int | None = None
    fills: bool = False
    or_loose: bool = False

    @property
    def slot(self) -> tuple[int, int] | None:
        return None if self.row is None or self.column is None else (self.row, self.column)

    @property
    def is_slot(self) -> bool:
        return self.slot is not None


NOWHERE = Place()


def place_of(bottle: Bottle) -> Place:
    return Place(bottle.location_id, bottle.row, bottle.column)


@dataclass
class Change:
    """A bottle, and how it is to be; a bottle that is not saved yet is made."""

    bottle: Bottle
    state: State
    place: Place
    is_new: bool = field(init=False)
    state_before: str = field(init=False)
    place_before: Place = field(init=False)
    transaction_before: UUID | None = field(init=False)

    def __post_init__(self) -> None:
        self.is_new = self.bottle._state.adding
        self.state_before = self.bottle.state
        self.place_before = place_of(self.bottle)
        self.transaction_before = self.bottle.last_transaction

    def line(self, transaction: Transaction) -> TransactionLine:
        return TransactionLine(
            transaction=transaction,
            bottle=self.bottle,
            step=self.bottle.step + 1,
            state_before=self.state_before,
            state_after=self.state,
            location_before_id=self.place_before.location_id,
            row_before=self.place_before.row,
            column_before=self.place_before.column,
            location_after_id=self.place.location_id,
            row_after=self.place.row,
            column_after=self.place.column,
        )

    def apply(self, transaction: Transaction) -> None:
        """Make the bottle in memory what it is to be."""
        bottle = self.bottle
        bottle.state = self.state
        bottle.location_id, bottle.row, bottle.column = self.place.location_id, self.place.row, self.place.column
        bottle.step += 1
        bottle.last_transaction = transaction.pk


@dataclass
class Entry:
    """A transaction to be written, and what it does to each bottle."""

    transaction: Transaction
    changes: list[Change]


@dataclass
class Written:
    """How far a record has come: what has to be taken back where the engine does not do it."""

    transactions: list[UUID] = field(default_factory=list)
    counters: list[tuple[Sequence[UUID], dict[str, int]]] = field(default_factory=list)


def draft(
    kind: Kind,
    *,
    wine_id: UUID,
    quantity: int,
    actor: Actor,
    when: datetime | None = None,
    note: str = "",
    key: UUID | None = None,
    action: UUID | None = None,
    **facts: Any,
) -> Transaction:
    """Return a transaction that is not written yet; `key` becomes its id, and `action` what it is undone with."""
    pk = key or uuid.uuid4()
    return Transaction(
        pk=pk, kind=kind, wine_id=wine_id, quantity=quantity, actor_id=None if actor is None else actor.pk,
        action=action or pk, happened_at=when or timezone.now(), note=note, **facts,
    )  # fmt: skip


def record(entries: Sequence[Entry], *, finish: Callable[[], None] | None = None) -> list[Transaction]:
    """Write the entries, all or none, and `finish` what depends on them; call it inside `databases.atomic()`.

    Raises AlreadyDoneError when a transaction's id is there, LostRaceError when a bottle has changed
    since it was read or a slot was taken, StockError when a wine is gone.
    """
    written = Written()
    lines = [change.line(entry.transaction) for entry in entries for change in entry.changes]
    try:
        _write_transactions(entries, written)
        _make_bottles(entries)
        _claim(entries)
        TransactionLine.objects.bulk_create(lines, batch_size=BATCH)
        bump_counters(_deltas(entries), written)
        if finish is not None:
            finish()
    except BaseException:
        if not databases.rolls_back():
            _take_back(entries, written)
        raise
    return [entry.transaction for entry in entries]


def chunks(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """Yield the items in parts that fit into one query of every engine."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _write_transactions(entries: Sequence[Entry], written: Written) -> None:
    transactions = [entry.transaction for entry in entries]
    # Where nothing rolls back, one by one: what is taken back must be ours, not the one that was there before.
    size = BATCH if databases.rolls_back() else 1
    try:
        for part in chunks(transactions, size):
            Transaction.objects.bulk_create(part)
            written.transactions.extend(one.pk for one in part)
    except IntegrityError as error:
        raise AlreadyDoneError from error


def _make_bottles(entries: Sequence[Entry]) -> None:
    """Insert the new bottles as they are to be; nobody else can have touched them."""
    new: list[Bottle] = []
    for entry in entries:
        for change in entry.changes:
            if change.is_new:
                change.bottle.source = entry.transaction
                change.apply(entry.transaction)
                new.append(change.bottle)
    try:
        Bottle.objects.bulk_create(new, batch_size=BATCH)
    except IntegrityError as error:
        raise LostRaceError(_slot_taken()) from error


def _claim(entries: Sequence[Entry]) -> None:
    """Update the bottles that were there before, each only if it is still at the step it was read at.

    A bottle that goes into a slot which another bottle of these entries leaves gets it last, so that
    bottles can change places.
    """
    old = [(entry.transaction, change) for entry in entries for change in entry.changes if not change.is_new]
    left = {change.place_before for _transaction, change in old if change.place_before.is_slot}
    alike: dict[tuple[UUID, int, State, UUID | None], list[Change]] = defaultdict(list)
    late: dict[UUID, list[Change]] = defaultdict(list)
    for transaction, change in old:
        alike[transaction.pk, change.bottle.step, change.state, change.place.location_id].append(change)
        if change.place in left:
            late[transaction.pk].append(change)
    for (transaction_id, step, state, location_id), changes in alike.items():
        for part in _parts(changes):
            _update(
                Bottle.objects.filter(pk__in=[change.bottle.pk for change in part], step=step),
                len(part),
                state=state,
                location_id=location_id,
                **_slots_of([change for change in part if change.place not in left]),
                step=step + 1,
                last_transaction=transaction_id,
            )
    for transaction_id, changes in late.items():
        for part in _parts(changes):
            bottles = Bottle.objects.filter(pk__in=[change.bottle.pk for change in part])
            _update(bottles.filter(last_transaction=transaction_id), len(part), **_slots_of(part))
    for transaction, change in old:
        change.apply(transaction)


def _parts(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    return chunks(changes, SLOTS_AT_ONCE if any(change.place.is_slot for change in changes) else BATCH)


def _slots_of(changes: Sequence[Change]) -> dict[str, Any]:
    """Return the values by which one update puts each bottle into its own slot, and all others into none."""
    in_slots = [change for change in changes if change.place.is_slot]
    if not in_slots:
        return {"row": None, "column": None}
    return {
        name: Case(
            *(When(pk=change.bottle.pk, then=Value(getattr(change.place, name))) for change in in_slots),
            default=Value(None),
            output_field=PositiveSmallIntegerField(null=True),
        )
        for name in ("row", "column")
    }


def _update(bottles: QuerySet[Bottle], expected: int, **values: Any) -> None:
    try:
        count = bottles.update(**values, updated_at=timezone.now())
    except IntegrityError as error:
        raise LostRaceError(_slot_taken()) from error
    if count != expected:
        raise LostRaceError(_("Somebody else was quicker with one of these bottles. Nothing was changed."))


def _slot_taken() -> str:
    return _("Somebody else put a bottle into that slot a moment ago. Nothing was changed.")


def _deltas(entries: Iterable[Entry]) -> dict[UUID, Counter[str]]:
    """Return, by wine, by how much each counter changes."""
    result: dict[UUID, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        counter = result[entry.transaction.wine_id]
        for change in entry.changes:
            for state, step in ((change.state_before, -1), (change.state, 1)):
                if state in COUNTERS:
                    counter[COUNTERS[State(state)]] += step
    return result


def bump_counters(by_wine: Mapping[UUID, Counter[str]], written: Written, *, hold: bool = True) -> None:
    """Change the counters of wines by so much; without `hold` others may be quicker with one of several wines."""
    for part in chunks(sorted(by_wine)) if hold else ():
        if Wine.objects.filter(pk__in=part).hold() != len(part):
            raise StockError(_wine_gone())
    # Wines whose counters change alike are changed by one statement: in an import there are few such groups.
    alike: dict[frozenset[tuple[str, int]], list[UUID]] = defaultdict(list)
    for wine_id, counter in by_wine.items():
        alike[frozenset((name, step) for name, step in counter.items() if step)].append(wine_id)
    now = timezone.now()
    for steps, wine_ids in alike.items():
        for part in chunks(wine_ids):
            if bump(part, dict(steps), updated_at=now) != len(part):
                raise StockError(_wine_gone())
            written.counters.append((part, dict(steps)))


def _wine_gone() -> str:
    return _("That wine is no longer there. Nothing was changed.")


def bump(wine_ids: Sequence[UUID], steps: dict[str, int], **changed: Any) -> int:
    """Change the counters of some wines by so much; return how many of them there are."""
    if not steps:
        return len(wine_ids)
    changed |= {name: F(name) + step for name, step in steps.items()}
    if any(steps.get(name, 0) > 0 for name in SHOWN):
        # A wine with bottles is in the lists, also when it had been archived.
        changed["archived_at"] = None
    return Wine.objects.filter(pk__in=wine_ids).update(**changed)


def _take_back(entries: Sequence[Entry], written: Written) -> None:
    """Undo by hand what `record` had written, where the engine has no transactions.

    Nobody was told that any of it happened. Bottles are given back only where they carry the mark of
    these transactions. What a process that dies in between leaves behind is found by `check_ledger`.
    """
    ids = written.transactions
    for wine_ids, steps in written.counters:
        bump(wine_ids, {name: -step for name, step in steps.items()})
    QuerySet.delete(TransactionLine.objects.filter(transaction_id__in=ids))
    Bottle.objects.filter(source_id__in=ids).delete()
    marked = Bottle.objects.filter(last_transaction__in=ids)
    # Out of the slots first: of two bottles that had changed places neither could return into the other's.
    marked.update(row=None, column=None)
    for entry in entries:
        for change in entry.changes:
            place = change.place_before
            marked.filter(pk=change.bottle.pk, last_transaction=entry.transaction.pk).update(
                state=change.state_before,
                location_id=place.location_id,
                row=place.row,
                column=place.column,
                step=F("step") - 1,
                last_transaction=change.transaction_before,
            )
    QuerySet.delete(Transaction.objects.filter(pk__in=ids))
