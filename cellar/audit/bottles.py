"""Bottles against their lines: what they are, where they lie, and that nothing is missing in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count

from cellar.audit.looking import Finding
from cellar.audit.wines import hold_wines
from cellar.ledger import NOWHERE, Place
from cellar.models import PRESENT, Bottle, Kind, Location, State, Transaction, TransactionLine

BRINGING = (Kind.CHECK_IN, Kind.ORDER, Kind.COUNT)


class How(NamedTuple):
    """How a bottle is: its state and place."""

    state: str
    place: Place


NEVER_HERE = How(State.VOID, NOWHERE)


class Line(NamedTuple):
    step: int
    transaction_id: UUID
    before: How
    after: How


def look_at_bottles(ids: Sequence[UUID]) -> list[Finding]:
    """Find bottles that are not what their lines say, whose lines have a gap, or that lie where nobody sees them."""
    bottles = list(Bottle.objects.filter(pk__in=ids))
    lines = _lines_of(ids)
    transactions = _transactions_of(lines)
    places = Location.objects.in_bulk({one.location_id for one in bottles if one.location_id})
    found = []
    for bottle in bottles:
        mine = lines[bottle.pk]
        problems = [("chain", one) for one in _chain_problems(bottle, mine, transactions)]
        problems += [("bottle", one) for one in _bottle_problems(bottle, mine)]
        problems += [("place", one) for one in _place_problems(bottle, places)]
        found += [Finding(check, bottle.pk, problem) for check, problem in problems]
    return found


def hold_bottles(ids: Sequence[UUID]) -> None:
    wine_ids = Bottle.objects.filter(pk__in=ids).order_by().values_list("wine_id", flat=True)
    hold_wines(sorted(set(wine_ids)))


def _lines_of(bottle_ids: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """Return the lines of some bottles in the order of their steps."""
    lines: dict[UUID, list[Line]] = defaultdict(list)
    rows = TransactionLine.objects.filter(bottle__in=bottle_ids).order_by("bottle_id", "step")
    for one in rows:
        before = How(one.state_before, Place(one.location_before_id, one.row_before, one.column_before))
        after = How(one.state_after, Place(one.location_after_id, one.row_after, one.column_after))
        lines[one.bottle_id].append(Line(one.step, one.transaction_id, before, after))
    return lines


def _transactions_of(lines: dict[UUID, list[Line]]) -> dict[UUID, tuple[UUID, str]]:
    """Return wine and kind of the transactions that wrote these lines."""
    ids = sorted({line.transaction_id for group in lines.values() for line in group})
    rows = Transaction.objects.filter(pk__in=ids).order_by().values_list("pk", "wine_id", "kind")
    return {pk: (wine_id, kind) for pk, wine_id, kind in rows}


def _chain_problems(bottle: Bottle, lines: Sequence[Line], transactions: dict[UUID, tuple[UUID, str]]) -> Iterator[str]:
    if [line.step for line in lines] != list(range(1, len(lines) + 1)):
        yield "its lines are not numbered from 1 without gaps"
    if lines and lines[0].before != NEVER_HERE:
        yield "its first line does not begin with nothing"
    if any(earlier.after != later.before for earlier, later in pairwise(lines)):
        yield "a line does not begin where the one before it ended"
    if any(transactions.get(line.transaction_id, (None, ""))[0] != bottle.wine_id for line in lines):
        yield "a line belongs to a transaction of another wine"
    if lines and transactions.get(lines[0].transaction_id, (None, ""))[1] not in BRINGING:
        yield "its first line is not of a transaction that brings bottles"


def _bottle_problems(bottle: Bottle, lines: Sequence[Line]) -> Iterator[str]:
    how = lines[-1].after if lines else NEVER_HERE
    if bottle.state != how.state:
        yield f"it is “{bottle.state}”, its last line says “{how.state}”"
    if Place(bottle.location_id, bottle.row, bottle.column) != how.place:
        yield "it is not where its last line says"
    if bottle.step != (lines[-1].step if lines else 0) or bottle.last_transaction != (
        lines[-1].transaction_id if lines else None
    ):
        yield "it does not name its last line"
    if lines and bottle.source_id != lines[0].transaction_id:
        yield "it does not name the transaction it came with"


def _place_problems(bottle: Bottle, places: dict[UUID, Location]) -> Iterator[str]:
    if bottle.location_id is None:
        if bottle.row is not None or bottle.column is not None:
            yield "it has a slot, but no place"
        return
    place = places.get(bottle.location_id)
    if bottle.state not in PRESENT:
        yield "it has a place, but is not here"
    elif place is None or place.archived_at is not None:
        yield "it lies at a place that was deleted"
    elif (bottle.row is None) != (bottle.column is None) or (
        bottle.row is not None and not place.has_slot(bottle.row, bottle.column or 0)
    ):
        yield "it lies in a slot that its rack does not have"


def mend_bottles(ids: Sequence[UUID]) -> None:
    """Make bottles what their last lines say; one whose slot another bottle has stays without a slot."""
    lines = _lines_of(ids)
    # Out of their slots first: two of them may have to change places.
    Bottle.objects.filter(pk__in=ids).update(row=None, column=None)
    for pk in ids:
        last = lines[pk][-1] if lines[pk] else Line(0, UUID(int=0), NEVER_HERE, NEVER_HERE)
        place = last.after.place
        in_slot = Bottle.objects.filter(location=place.location_id, row=place.row, column=place.column)
        if place.is_slot and in_slot.exists():
            place = Place(place.location_id)
        facts: dict[str, Any] = {"last_transaction": last.transaction_id if lines[pk] else None}
        if lines[pk]:
            facts["source_id"] = lines[pk][0].transaction_id
        Bottle.objects.filter(pk=pk).update(
            state=last.after.state,
            location_id=place.location_id,
            row=place.row,
            column=place.column,
            step=last.step,
            **facts,
        )


def look_at_slots() -> list[Finding]:
    """Find slots that hold more than one bottle."""
    rows = Bottle.objects.filter(row__isnull=False).order_by().values_list("location_id", "row", "column")
    return [
        Finding("slot", location_id, f"{number} bottles are in row {row}, column {column}")
        for location_id, row, column, number in rows.annotate(number=Count("pk")).filter(number__gt=1)
    ]
