"""Transactions and lines against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Count

from cellar.audit.looking import Finding
from cellar.models import Bottle, Kind, Transaction, TransactionLine


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
