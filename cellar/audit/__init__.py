"""Proving the book: each bottle, counter, slot and index against the ledger, part by part, while the site runs.

What looks wrong at first is looked at again with its wines held, so that a change that was just being
made is no finding. Mending sets what follows from the ledger; the ledger itself is never edited.
"""

from __future__ import annotations

from django.db import connection

from cellar import search
from cellar.audit.bottles import hold_bottles, look_at_bottles, look_at_slots, mend_bottles
from cellar.audit.looking import Check, Report, findings
from cellar.audit.transactions import look_at_lines, look_at_transactions
from cellar.audit.wines import hold_wines, look_at_counters, look_at_index, mend_counters
from cellar.models import Bottle, Transaction, TransactionLine, Wine

__all__ = ["Report", "audit", "mend_counters"]


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
        report.findings.extend(findings(check, fix=fix))
    report.findings.extend(look_at_slots() and look_at_slots())
    models = {"bottles": Bottle, "lines": TransactionLine, "transactions": Transaction, "wines": Wine}
    report.counted = {name: model._default_manager.count() for name, model in models.items()}
    return report
