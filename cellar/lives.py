"""Writing whole lives of bottles into the ledger at once: bought, delivered, opened, gone, each with its own day.

For bottles that nobody has seen yet: those of an import. One by one, through the verbs of `cellar.stock`, ten thousand
of them would take minutes.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from cellar.ledger import (
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
from cellar.models import Bottle, Kind, State, Transaction, TransactionLine
from winebox import databases
from winebox.inserting import Insertion, id_near, insertion

# What a transaction may say, and what it says where nothing is known.
_FACTS = {
    "size_ml": None, "note": "", "unit_price": None, "currency": "", "store": "", "expected_on": None, "reason": "",
    "recipient": "", "revenue": None,
}  # fmt: skip
_TRANSACTION = ("id", "kind", "wine_id", "quantity", "actor_id", "action", "happened_at", *_FACTS)
_BOTTLE = (
    "id", "wine_id", "size_ml", "note", "barcode", "import_key", "state", "step", "source_id", "last_transaction",
    "location_id", "row", "column",
)  # fmt: skip
_LINE = (
    "id", "transaction_id", "bottle_id", "step", "state_before", "state_after", "location_before_id", "row_before",
    "column_before", "location_after_id", "row_after", "column_after",
)  # fmt: skip


@dataclass(slots=True)
class Happening:
    """A transaction that is not there yet, as values of its columns; a model of it takes ten times as long to make."""

    pk: UUID
    kind: Kind
    wine_id: UUID
    actor_id: Any
    action: UUID
    happened_at: datetime
    facts: dict[str, Any]
    quantity: int = 0

    def values(self) -> tuple[Any, ...]:
        own = (self.pk, self.kind, self.wine_id, self.quantity, self.actor_id, self.action, self.happened_at)
        return (*own, *(self.facts.get(name, usual) for name, usual in _FACTS.items()))

    def transaction(self) -> Transaction:
        return Transaction(**dict(zip(_TRANSACTION, self.values(), strict=True)))


@dataclass(slots=True)
class Step:
    """What one transaction does to a bottle: how and where it is afterwards."""

    transaction: Happening
    state: State
    place: Place = NOWHERE


@dataclass(slots=True)
class Life:
    """A bottle that is not there yet, and its steps, the first of which brings it."""

    wine_id: UUID
    size_ml: int
    note: str = ""
    barcode: str = ""
    import_key: str = ""
    bottle_id: UUID = field(default_factory=uuid.uuid4)
    steps: list[Step] = field(default_factory=list)

    def bottle(self) -> tuple[Any, ...]:
        """Return what is written about the bottle: what its last step says."""
        last = self.steps[-1]
        return (
            self.bottle_id, self.wine_id, self.size_ml, self.note, self.barcode, self.import_key, last.state,
            len(self.steps), self.steps[0].transaction.pk, last.transaction.pk, last.place.location_id,
            last.place.row, last.place.column,
        )  # fmt: skip

    def lines(self) -> Iterator[tuple[Any, ...]]:
        state, place = State.VOID, NOWHERE
        for number, step in enumerate(self.steps, start=1):
            yield (
                id_near(self.bottle_id), step.transaction.pk, self.bottle_id, number, state, step.state,
                place.location_id, place.row, place.column, step.place.location_id, step.place.row, step.place.column,
            )  # fmt: skip
            state, place = step.state, step.place


@dataclass(frozen=True, slots=True)
class Prepared:
    """Lives that only need to be written."""

    transaction_ids: Sequence[UUID]
    transactions: Insertion
    bottles: Insertion
    lines: Insertion
    counters: dict[UUID, Counter[str]]


def prepared(lives: Sequence[Life]) -> Prepared:
    """Return what is written about bottles with all that happened to them; that takes longer than to write it.

    The transactions' quantities follow from the steps.
    """
    transactions = _transactions(lives)
    return Prepared(
        [one.pk for one in transactions],
        insertion(Transaction, _TRANSACTION, (one.values() for one in transactions)),
        insertion(Bottle, _BOTTLE, (life.bottle() for life in lives)),
        insertion(TransactionLine, _LINE, (line for life in lives for line in life.lines())),
        _deltas(lives),
    )


def record_lives(lives: Prepared) -> None:
    """Write bottles with all that happened to them, all or none; call it inside `databases.atomic()`.

    Wines are indexed by the caller. Raises AlreadyDoneError when one of the transactions is there, LostRaceError when
    a slot was taken.
    """
    written = Written()
    try:
        _write(lives.transactions, AlreadyDoneError)
        written.transactions.extend(lives.transaction_ids)
        _write(lives.bottles, LostRaceError)
        _write(lives.lines, AlreadyDoneError)
        # What is written does not depend on anything that is read: nothing has to be held.
        bump_counters(lives.counters, written, hold=False)
    except BaseException:
        if not databases.rolls_back():
            _take_back(written)
        raise


def _transactions(lives: Sequence[Life]) -> list[Happening]:
    found: dict[UUID, Happening] = {}
    numbers: Counter[UUID] = Counter()
    for life in lives:
        for step in life.steps:
            found[step.transaction.pk] = step.transaction
            numbers[step.transaction.pk] += 1
    for pk, number in numbers.items():
        found[pk].quantity = number
    return list(found.values())


def _write(rows: Insertion, error: type[Exception]) -> None:
    try:
        rows.write()
    except IntegrityError as refused:
        raise error from refused


def _deltas(lives: Sequence[Life]) -> dict[UUID, Counter[str]]:
    by_wine: dict[UUID, Counter[str]] = defaultdict(Counter)
    for life in lives:
        by_wine[life.wine_id][COUNTERS[life.steps[-1].state]] += 1
    return by_wine


def _take_back(written: Written) -> None:
    """Undo by hand what was written, where the engine has no transactions; nobody was told of it."""
    for wine_ids, steps in written.counters:
        bump(wine_ids, {name: -step for name, step in steps.items()})
    ids = written.transactions
    for part in chunks(ids):
        QuerySet.delete(TransactionLine.objects.filter(transaction_id__in=part))
        Bottle.objects.filter(source_id__in=part).delete()
    for part in chunks(ids):
        QuerySet.delete(Transaction.objects.filter(pk__in=part))
