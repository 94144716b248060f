"""`manage.py cellar_stats`: how much there is."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cellar.models import Bottle, Label, State, TastingNote, Transaction, Wine


def cellar_stats() -> dict[str, int]:
    """Return how many there are of each; bottles are counted themselves, not taken from the wines' counters."""
    bottles = Bottle.objects.order_by()
    return {
        "wines": Wine.objects.count(),
        "bottles_in_cellar": bottles.filter(state=State.IN_CELLAR).count(),
        "bottles_open": bottles.filter(state=State.OPEN).count(),
        "bottles_on_order": bottles.filter(state=State.ON_ORDER).count(),
        "bottles_gone": bottles.filter(state=State.GONE).count(),
        "transactions": Transaction.objects.count(),
        "notes": TastingNote.objects.count(),
        "labels": Label.objects.count(),
    }


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
