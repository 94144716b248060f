"""Writing the ledger: the one place where bottles, lines and counters change together.

`cellar.stock` decides what happens; this module makes it happen once, or not at all. The gate is a
conditional update on each bottle's `step`, which holds on every engine, also where there are no
transactions; there, what was written before a failure is taken back by hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar.models import Bottle, State, Transaction, TransactionLine, Wine
from winebox import databases

BATCH = 500
COUNTERS = {
    State.ON_ORDER: "count_on_order",
    State.IN_CELLAR: "count_in_cellar",
    State.OPEN: "count_open",
    State.GONE: "count_gone",
}


class StockError(Exception):
    """A change that cannot be made; the text is for the person who asked for it."""


class LostRaceError(StockError):
    """Somebody else changed one of the bottles first; looking again may help."""


class AlreadyDoneError(Exception):
    """The same form was sent before; its effect is there."""


@dataclass(frozen=True)
class Place:
    """Where a bottle lies: a location (None is "no place yet") and, in a rack, its slot."""

    location_id: UUID | None = None
    row: int | None = None
    column: int | None = None


NOWHERE = Place()


@dataclass
class Change:
    """A bottle, and how it is to be; a bottle that is not saved yet is made."""

    bottle: Bottle
    state: State
    place: Place
    before: tuple[str, Place] = field(init=False)
    last_transaction: UUID | None = field(init=False)

    def __post_init__(self) -> None:
        bottle = self.bottle
        self.before = (bottle.state, Place(bottle.location_id, bottle.row, bottle.column))
        self.last_transaction = bottle.last_transaction

    @property
    def is_new(self) -> bool:
        return self.bottle._state.adding

    def line(self, transaction: Transaction) -> TransactionLine:
        state, place = self.before
        return TransactionLine(
            transaction=transaction,
            bottle=self.bottle,
            step=self.bottle.step + 1,
            state_before=state,
            state_after=self.state,
            location_before_id=place.location_id,
            row_before=place.row,
            column_before=place.column,
            location_after_id=self.place.location_id,
            row_after=self.place.row,
            column_after=self.place.column,
        )


@dataclass
class Entry:
    """A transaction to be written, and what it does to each bottle."""

    transaction: Transaction
    changes: list[Change]


def record(entries: Sequence[Entry]) -> list[Transaction]:
    """Write the entries, all or none; call it inside `databases.atomic()`.

    Raises AlreadyDoneError when the first transaction's id is there, LostRaceError when a bottle has
    changed since it was read, StockError when a slot is taken.
    """
    _write_transactions(entries)
    try:
        lines = [change.line(entry.transaction) for entry in entries for change in entry.changes]
        _make_bottles(entries)
        for entry in entries:
            _claim(entry)
        TransactionLine.objects.bulk_create(lines, batch_size=BATCH)
        _bump_counters(entries)
    except BaseException:
        if not databases.rolls_back():
            _take_back(entries)
        raise
    return [entry.transaction for entry in entries]


def _write_transactions(entries: Sequence[Entry]) -> None:
    first = entries[0].transaction
    try:
        Transaction.objects.bulk_create([entry.transaction for entry in entries], batch_size=BATCH)
    except IntegrityError as error:
        raise AlreadyDoneError(first.pk) from error


def _make_bottles(entries: Sequence[Entry]) -> None:
    """Insert the new bottles as they are to be; nobody else can have touched them."""
    new: list[Bottle] = []
    for entry in entries:
        for change in entry.changes:
            if change.is_new:
                change.bottle.source = entry.transaction
                _set(change.bottle, change, entry.transaction)
                new.append(change.bottle)
    if not new:
        return
    try:
        Bottle.objects.bulk_create(new, batch_size=BATCH)
    except IntegrityError as error:
        raise LostRaceError(_("A slot was taken by somebody else a moment ago. Nothing was changed.")) from error


def _set(bottle: Bottle, change: Change, transaction: Transaction) -> None:
    bottle.state = change.state
    bottle.location_id = change.place.location_id
    bottle.row, bottle.column = change.place.row, change.place.column
    bottle.step += 1
    bottle.last_transaction = transaction.pk


def _claim(entry: Entry) -> None:
    """Update the bottles that were there before, each only if it is still at the step it was read at."""
    groups: dict[tuple[int, State, Place], list[Change]] = defaultdict(list)
    for change in entry.changes:
        if change.bottle.last_transaction != entry.transaction.pk:
            groups[change.bottle.step, change.state, change.place].append(change)
    # Bottles that leave a slot go first, so that two bottles can change places in one transaction.
    for (step, state, place), changes in sorted(groups.items(), key=lambda item: item[0][2].row is not None):
        _claim_group(entry, step=step, state=state, place=place, changes=changes)


def _claim_group(entry: Entry, *, step: int, state: State, place: Place, changes: list[Change]) -> None:
    bottles = Bottle.objects.filter(pk__in=[change.bottle.pk for change in changes], step=step)
    try:
        count = bottles.update(
            state=state,
            location_id=place.location_id,
            row=place.row,
            column=place.column,
            step=step + 1,
            last_transaction=entry.transaction.pk,
            updated_at=timezone.now(),
        )
    except IntegrityError as error:
        raise StockError(_("That slot is taken. Nothing was changed; choose another one.")) from error
    if count != len(changes):
        raise LostRaceError(_("Somebody else was quicker with one of these bottles. Nothing was changed."))
    for change in changes:
        _set(change.bottle, change, entry.transaction)


def deltas(entries: Iterable[Entry]) -> dict[UUID, Counter[str]]:
    """Return, by wine, by how much each counter changes."""
    result: dict[UUID, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        counter = result[entry.transaction.wine_id]
        for change in entry.changes:
            for state, step in ((change.before[0], -1), (change.state, 1)):
                if state in COUNTERS:
                    counter[COUNTERS[State(state)]] += step
    return result


def _bump_counters(entries: Iterable[Entry]) -> None:
    # Always in the order of the ids: two that touch the same wines cannot wait for each other.
    for wine_id, counter in sorted(deltas(entries).items()):
        changed = {name: F(name) + step for name, step in counter.items() if step}
        if changed:
            Wine.objects.filter(pk=wine_id).update(**changed)


def _take_back(entries: Sequence[Entry]) -> None:
    """Undo by hand what `record` had written, where the engine has no transactions.

    Nobody was told that any of it happened. Bottles are given back only where they carry the mark of
    these transactions; counters are the last thing written and are compared by `check_ledger`.
    """
    ids = [entry.transaction.pk for entry in entries]
    QuerySet.delete(TransactionLine.objects.filter(transaction_id__in=ids))
    for entry in entries:
        for change in entry.changes:
            state, place = change.before
            Bottle.objects.filter(pk=change.bottle.pk, last_transaction=entry.transaction.pk, step__gt=1).update(
                state=state,
                location_id=place.location_id,
                row=place.row,
                column=place.column,
                step=F("step") - 1,
                last_transaction=change.last_transaction,
            )
    Bottle.objects.filter(source_id__in=ids).delete()
    QuerySet.delete(Transaction.objects.filter(pk__in=ids))
