"""The life of a bottle as the ledger tells it: ordered, arrived, opened, gone; what was taken back never happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cellar.ledger import chunks
from cellar.models import Bottle, Kind, Reason, State, Transaction, TransactionLine

# In the order in which a bottle goes through them.
STATES = (State.ON_ORDER, State.IN_CELLAR, State.OPEN, State.GONE)


@dataclass
class Life:
    """By which transactions a bottle became what it was; those that never happened are missing."""

    ordered: Transaction | None = None
    arrived: Transaction | None = None
    opened: Transaction | None = None
    gone: Transaction | None = None

    @property
    def delivered(self) -> Transaction | None:
        """By which it came on a later day than it was ordered."""
        later = self.ordered and self.arrived and self.ordered.happened_at.date() < self.arrived.happened_at.date()
        return self.arrived if later else None

    @property
    def bought(self) -> Transaction | None:
        """By which it came into the book: the order, or else the check-in."""
        return self.ordered or self.arrived

    @property
    def bought_at(self) -> datetime | None:
        """When it was ordered, or came, if that was the same day."""
        first = self.bought if self.delivered or not self.arrived else self.arrived
        return first.happened_at if first else None

    @property
    def reason(self) -> str:
        """Why it is gone; what a stock-take did not find is missing."""
        if self.gone is None:
            return ""
        return self.gone.reason or str((Reason.MISSING if self.gone.kind == Kind.COUNT else Reason.OTHER).value)

    def note(self, state: str, transaction: Transaction) -> None:
        """Take the next step; coming back to a state takes back what followed it."""
        names = ("ordered", "arrived", "opened", "gone")
        if state == State.VOID:
            # It never came; should that be taken back, it is again what it was.
            return
        place = STATES.index(State(state))
        for name in names[place + 1 :]:
            setattr(self, name, None)
        # A move leaves the state as it is, and an undo brings back one that was there before.
        if transaction.kind != Kind.UNDO and getattr(self, names[place]) is None:
            setattr(self, names[place], transaction)


def lives_of(bottles: Sequence[Bottle]) -> dict[UUID, Life]:
    """Return the lives of some bottles; two queries for some hundred."""
    lives = {bottle.pk: Life() for bottle in bottles}
    for part in chunks(list(lives)):
        steps = list(_steps(part))
        transactions = _transactions({transaction_id for _bottle, transaction_id, _state in steps})
        for bottle_id, transaction_id, state in steps:
            lives[bottle_id].note(state, transactions[transaction_id])
    return lives


def _steps(bottle_ids: Sequence[UUID]) -> Iterable[tuple[UUID, UUID, str]]:
    lines = TransactionLine.objects.filter(bottle__in=bottle_ids).order_by("bottle_id", "step")
    return lines.values_list("bottle_id", "transaction_id", "state_after")


def _transactions(ids: Iterable[UUID]) -> dict[UUID, Transaction]:
    found: dict[UUID, Transaction] = {}
    for part in chunks(sorted(ids)):
        found |= Transaction.objects.in_bulk(part)
    return found
