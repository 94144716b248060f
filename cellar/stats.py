"""Figures of the whole cellar for its pictures: where it is from, how it ripens, how it grew. A query each."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear

from cellar.dashboard import PRESENT_COUNT
from cellar.drinking import this_year
from cellar.models import PRESENT, TransactionLine, Wine

MOST = 15
MOST_VINTAGES = 40
YEARS_BACK, YEARS_AHEAD = 3, 25
Figures = list[tuple[str, int]]


def by_origin(name: str) -> Figures:
    """Return the bottles by country or region, most first."""
    rows = Wine.objects.in_stock().order_by().values_list(name).annotate(number=Sum(PRESENT_COUNT))
    found = sorted(rows, key=lambda row: (-row[1], row[0]))
    return [(str(label), int(number)) for label, number in found]


def by_vintage() -> list[tuple[int | None, bool, int]]:
    """Return the bottles by vintage, youngest first; without a year those that have none, or an unknown one."""
    rows = Wine.objects.in_stock().order_by().values_list("vintage", "non_vintage").annotate(n=Sum(PRESENT_COUNT))
    return sorted(((year, nv, int(n)) for year, nv, n in rows), key=lambda row: (-(row[0] or 0), row[1]))


def ripening() -> list[tuple[int, int, int]]:
    """Return, by year, how many of the bottles that are here are drinkable then, and how many at their best."""
    names = ("drink_from", "drink_until", "best_from", "best_until")
    windows = Wine.objects.in_stock().exclude(drink_from=None, drink_until=None).order_by().values_list(*names)
    now = this_year()
    years = range(now - YEARS_BACK, now + YEARS_AHEAD + 1)
    drinkable: Counter[int] = Counter()
    best: Counter[int] = Counter()
    for start, end, best_start, best_end, number in windows.annotate(number=Sum(PRESENT_COUNT)):
        for year in years:
            if (start or 0) <= year <= (end or 9999):
                drinkable[year] += number
                if (best_start or best_end) and (best_start or 0) <= year <= (best_end or 9999):
                    best[year] += number
    if not drinkable:
        return []
    last = max((year for year in years if drinkable[year]), default=now)
    return [(year, drinkable[year], best[year]) for year in years if year <= max(last, now)]


@dataclass(frozen=True)
class YearEnd:
    """How many bottles there were at the end of a year, and what had been paid for them (minor units)."""

    year: int
    bottles: int
    value: int


def growth() -> list[YearEnd]:
    """Return the stock at the end of each year, and today; what was taken back counts on the day it was taken back."""
    came, left = Q(state_after__in=PRESENT), Q(state_before__in=PRESENT)
    own = Q(bottle__source__currency=settings.CURRENCY)
    lines = TransactionLine.objects.filter((came & ~left) | (left & ~came)).order_by()
    rows = lines.annotate(year=ExtractYear("transaction__happened_at")).values_list("year")
    sums: dict[str, Any] = {
        "came": Count("pk", filter=came),
        "left": Count("pk", filter=left),
        "paid": Sum(F("bottle__source__unit_price"), filter=came & own),
        "gone": Sum(F("bottle__source__unit_price"), filter=left & own),
    }
    changes: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for year, came_in, went, paid, gone in rows.annotate(**sums):
        changes[year] = (came_in - went, (paid or 0) - (gone or 0))
    if not changes:
        return []
    result, bottles, value = [], 0, 0
    for year in range(min(changes), max(max(changes), this_year()) + 1):
        bottles, value = bottles + changes[year][0], value + changes[year][1]
        result.append(YearEnd(year, bottles, value))
    return result
