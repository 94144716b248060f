"""Wines against their bottles: the counters, and what they are found by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count

from cellar import search
from cellar.audit.looking import Finding
from cellar.ledger import COUNTERS
from cellar.models import Bottle, State, Wine
from cellar.tree import load_tree


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
