"""Writing whole lives of bottles into the ledger at once: bought, delivered, opened, gone, each with its own day.

For bottles that nobody has seen yet: those of an import. One by one, through the verbs of `cellar.stock`, ten thousand
of them would take minutes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from cellar.ledger import (
    BATCH,
    COUNTERS,
    NOWHERE,
    AlreadyDoneError,
    LostRaceError,
    Place,
    Written,
    bump,
    bump_counters,
    chunks,
)
from cellar.models import Bottle, State, Transaction, TransactionLine
from winebox import databases


@dataclass(slots=True)
class Step:
    """What one transaction does to a bottle: how and where it is afterwards."""

    transaction: Transaction
    state: State
    place: Place = NOWHERE


@dataclass(slots=True)
class Life:
    """A bottle that is not saved yet, and its steps, the first of which brings it."""

    bottle: Bottle
    steps: list[Step] = field(default_factory=list)


def record_lives(lives: Sequence[Life]) -> None:
    """Write bottles with all that happened to them, all or none; call it inside `databases.atomic()`.

    The transactions' quantities follow from the steps. Wines are indexed by the caller. Raises AlreadyDoneError when
    one of the transactions is there, LostRaceError when a slot was taken.
    """
    transactions = _transactions(lives)
    written = Written()
    try:
        _insert(Transaction, transactions, AlreadyDoneError)
        written.transactions.extend(one.pk for one in transactions)
        for life in lives:
            _settle(life)
        _insert(Bottle, [life.bottle for life in lives], LostRaceError)
        _insert(TransactionLine, [line for life in lives for line in _lines(life)], AlreadyDoneError)
        bump_counters(_deltas(lives), written)
    except BaseException:
        if not databases.rolls_back():
            _take_back(lives, written)
        raise


def _transactions(lives: Sequence[Life]) -> list[Transaction]:
    found: dict[UUID, Transaction] = {}
    numbers: Counter[UUID] = Counter()
    for life in lives:
        for step in life.steps:
            found[step.transaction.pk] = step.transaction
            numbers[step.transaction.pk] += 1
    for pk, number in numbers.items():
        found[pk].quantity = number
    return list(found.values())


def _settle(life: Life) -> None:
    """Make the bottle what its last step says."""
    bottle, last = life.bottle, life.steps[-1]
    bottle.source = life.steps[0].transaction
    bottle.state, bottle.step, bottle.last_transaction = last.state, len(life.steps), last.transaction.pk
    bottle.location_id, bottle.row, bottle.column = last.place.location_id, last.place.row, last.place.column


def _insert(
    model: type[Bottle | Transaction | TransactionLine], rows: Sequence[object], error: type[Exception]
) -> None:
    try:
        for part in chunks(rows, BATCH):
            model.objects.bulk_create(part)  # type: ignore[arg-type]
    except IntegrityError as refused:
        raise error from refused


def _lines(life: Life) -> list[TransactionLine]:
    lines = []
    state, place = str(State.VOID), NOWHERE
    for number, step in enumerate(life.steps, start=1):
        lines.append(
            TransactionLine(
                transaction=step.transaction,
                bottle=life.bottle,
                step=number,
                state_before=state,
                state_after=step.state,
                location_before_id=place.location_id,
                row_before=place.row,
                column_before=place.column,
                location_after_id=step.place.location_id,
                row_after=step.place.row,
                column_after=step.place.column,
            )
        )
        state, place = step.state, step.place
    return lines


def _deltas(lives: Sequence[Life]) -> dict[UUID, Counter[str]]:
    by_wine: dict[UUID, Counter[str]] = defaultdict(Counter)
    for life in lives:
        by_wine[life.bottle.wine_id][COUNTERS[State(life.bottle.state)]] += 1
    return by_wine


def _take_back(lives: Sequence[Life], written: Written) -> None:
    """Undo by hand what was written, where the engine has no transactions; nobody was told of it."""
    for wine_ids, steps in written.counters:
        bump(wine_ids, {name: -step for name, step in steps.items()})
    ids = written.transactions
    for part in chunks(ids):
        QuerySet.delete(TransactionLine.objects.filter(transaction_id__in=part))
        Bottle.objects.filter(source_id__in=part).delete()
    for part in chunks(ids):
        QuerySet.delete(Transaction.objects.filter(pk__in=part))
