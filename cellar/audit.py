"""Proving the book: each bottle, counter, slot and index against the ledger, part by part, while the site runs.

What looks wrong at first is looked at again with its wines held, so that a change that was just being
made is no finding. Mending sets what follows from the ledger; the ledger itself is never edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count

from cellar import search
from cellar.ledger import COUNTERS, NOWHERE, Place
from cellar.models import PRESENT, Bottle, Kind, Location, State, Transaction, TransactionLine, Wine
from cellar.tree import load_tree
from winebox import databases

PART = 500
BRINGING = (Kind.CHECK_IN, Kind.ORDER, Kind.COUNT)


@dataclass
class Finding:
    """Something that is wrong: which check found it, about which row, and what it is."""

    check: str
    id: UUID
    problem: str
    mended: bool = False

    @property
    def key(self) -> tuple[str, UUID, str]:
        return (self.check, self.id, self.problem)


@dataclass
class Report:
    """What was looked at, and what was found."""

    counted: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return all(finding.mended for finding in self.findings)


@dataclass(frozen=True)
class Check:
    """How rows of one model are looked at, by their ids, and what is done about what is wrong with them."""

    model: type[Bottle] | type[Transaction] | type[TransactionLine] | type[Wine]
    look: Callable[[Sequence[UUID]], list[Finding]]
    hold: Callable[[Sequence[UUID]], object] = list
    mend: Callable[[Sequence[UUID]], None] | None = None
    part: int = PART


def audit(*, fix: bool = False) -> Report:
    """Check all invariants; with `fix` mend bottles, counters and the search index from the ledger."""
    report = Report()
    # In this order: the counters follow from the bottles, and the index from where they lie.
    checks = [
        Check(Bottle, look_at_bottles, hold_bottles, mend_bottles),
        Check(Wine, look_at_counters, hold_wines, mend_counters),
        Check(Wine, look_at_index, hold_wines, search.reindex, part=search.BATCH),
        Check(Transaction, look_at_transactions),
    ]
    if not connection.features.supports_foreign_keys:
        checks.append(Check(TransactionLine, look_at_lines))
    for check in checks:
        report.findings.extend(_findings(check, fix=fix))
    report.findings.extend(look_at_slots() and look_at_slots())
    models = {"bottles": Bottle, "lines": TransactionLine, "transactions": Transaction, "wines": Wine}
    report.counted = {name: model._default_manager.count() for name, model in models.items()}
    return report


def _findings(check: Check, *, fix: bool) -> Iterator[Finding]:
    for part in databases.keys_in_parts(check.model._default_manager.all(), check.part):
        suspects = sorted({finding.id for finding in check.look(part)})
        if suspects:
            yield from databases.atomically(lambda ids=suspects: _look_again(check, ids, fix=fix))  # type: ignore[misc]


def _look_again(check: Check, ids: Sequence[UUID], *, fix: bool) -> list[Finding]:
    check.hold(ids)
    found = check.look(ids)
    if fix and found and check.mend is not None:
        check.mend(sorted({finding.id for finding in found}))
        left = {finding.key for finding in check.look(ids)}
        for finding in found:
            finding.mended = finding.key not in left
    return found


# -- Bottles and their lines -------------------------------------------------------------------------------------------


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


# -- Transactions ------------------------------------------------------------------------------------------------------


def look_at_transactions(ids: Sequence[UUID]) -> list[Finding]:
    """Find transactions that do not have a line for each bottle, or take back what is not theirs."""
    lines = TransactionLine.objects.filter(transaction__in=ids).order_by().values_list("transaction_id")
    numbers = dict(lines.annotate(number=Count("pk")))
    transactions = list(Transaction.objects.filter(pk__in=ids))
    originals = Transaction.objects.in_bulk([one.reverses_id for one in transactions if one.reverses_id])
    return [
        Finding("transaction", one.pk, problem)
        for one in transactions
        for problem in _transaction_problems(one, numbers.get(one.pk, 0), originals)
    ]


def _transaction_problems(one: Transaction, lines: int, originals: dict[UUID, Transaction]) -> Iterator[str]:
    if one.quantity != lines:
        yield f"it is about {one.quantity} bottles, but has {lines} lines"
    if (one.kind == Kind.UNDO) != (one.reverses_id is not None):
        yield "it is an undo of nothing, or takes something back without being one"
    original = originals.get(one.reverses_id) if one.reverses_id else None
    if original is not None and (original.wine_id, original.quantity) != (one.wine_id, one.quantity):
        yield "it takes back another number of bottles, or those of another wine"


def look_at_lines(ids: Sequence[UUID]) -> list[Finding]:
    """Find lines without their bottle or transaction, where the engine does not forbid that itself."""
    rows = list(TransactionLine.objects.filter(pk__in=ids).values_list("pk", "bottle_id", "transaction_id"))
    bottles = set(Bottle.objects.filter(pk__in={row[1] for row in rows}).values_list("pk", flat=True))
    transactions = set(Transaction.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", flat=True))
    return [
        Finding("chain", pk, "a line without its bottle or its transaction")
        for pk, bottle_id, transaction_id in rows
        if bottle_id not in bottles or transaction_id not in transactions
    ]


# -- Wines -------------------------------------------------------------------------------------------------------------


def hold_wines(ids: Sequence[UUID]) -> None:
    Wine.objects.filter(pk__in=ids).hold()


def look_at_counters(ids: Sequence[UUID]) -> list[Finding]:
    """Find wines whose counters are not the number of their bottles in each state."""
    found = []
    right = _counted(ids)
    for wine in Wine.objects.filter(pk__in=ids):
        for name, number in right[wine.pk].items():
            if getattr(wine, name) != number:
                problem = f"{name} is {getattr(wine, name)}, there are {number} such bottles"
                found.append(Finding("counter", wine.pk, problem))
    return found


def mend_counters(ids: Sequence[UUID]) -> None:
    for wine_id, counters in _counted(ids).items():
        Wine.objects.filter(pk=wine_id).update(**counters)


def _counted(wine_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return, by wine, what its counters have to be."""
    result = {pk: dict.fromkeys(COUNTERS.values(), 0) for pk in wine_ids}
    rows = Bottle.objects.filter(wine__in=wine_ids).order_by().values_list("wine_id", "state")
    for wine_id, state, number in rows.annotate(number=Count("pk")):
        if state in COUNTERS:
            result[wine_id][COUNTERS[State(state)]] = number
    return result


def look_at_index(ids: Sequence[UUID]) -> list[Finding]:
    """Find wines that would not be found by what they are, or whose last price is an old one."""
    return [Finding("search", pk, "it is not found by what it is") for pk in search.stale(ids, load_tree())]
