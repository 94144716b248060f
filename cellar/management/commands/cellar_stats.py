"""`manage.py cellar_stats`: how much there is."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cellar.imports.taking_back import undone_actions
from cellar.models import Bottle, Label, State, TastingNote, Transaction, Wine


def cellar_stats() -> dict[str, int]:
    """Return how many there are of each; what an import brought that was undone is not there.

    Bottles are counted themselves, not taken from the wines' counters.
    """
    bottles = Bottle.objects.order_by()
    return {
        "wines": Wine.objects.count() - _taken_back_wines(),
        "bottles_in_cellar": bottles.filter(state=State.IN_CELLAR).count(),
        "bottles_open": bottles.filter(state=State.OPEN).count(),
        "bottles_on_order": bottles.filter(state=State.ON_ORDER).count(),
        "bottles_gone": bottles.filter(state=State.GONE).count(),
        "transactions": _transactions(),
        "notes": TastingNote.objects.count(),
        "labels": Label.objects.count(),
    }


def _taken_back_wines() -> int:
    """Return how many wines are archived because all that ever happened to them came with an import that was undone."""
    unused = Wine.objects.filter(
        archived_at__isnull=False, count_on_order=0, count_in_cellar=0, count_open=0, count_gone=0
    )
    ids = set(unused.order_by().values_list("pk", flat=True))
    if not ids or not (undone := undone_actions()):
        return 0
    steps = Transaction.objects.filter(wine__in=ids).order_by()
    brought = set(steps.filter(action__in=undone).values_list("wine_id", flat=True).distinct())
    return len(brought - set(steps.exclude(action__in=undone).values_list("wine_id", flat=True).distinct()))


def _transactions() -> int:
    """Return how many transactions there are, but for those of imports that were undone, and their undoing."""
    return Transaction.objects.count() - Transaction.objects.filter(action__in=undone_actions()).count()


class Command(BaseCommand):
    help = "Tell how many wines, bottles, transactions, notes and labels there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        stats = cellar_stats()
        if options["json"]:
            self.stdout.write(json.dumps(stats))
            return
        for name, number in stats.items():
            self.stdout.write(f"{name.replace('_', ' ')}: {number}")
