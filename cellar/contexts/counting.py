"""What there is to count at a place."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from cellar.models import PRESENT, Bottle, Wine
from cellar.sizes import STANDARD, size_label

EXPECTED = "expected_"


@dataclass(frozen=True)
class CountRow:
    """What the book has of one wine in one size at a place."""

    wine_id: UUID
    size_ml: int
    label: str
    expected: int
    wine: Wine

    @property
    def field(self) -> str:
        return f"found_{self.wine_id.hex}_{self.size_ml}"

    @property
    def expected_field(self) -> str:
        return f"{EXPECTED}{self.wine_id.hex}_{self.size_ml}"


def count_rows(location_id: UUID) -> list[CountRow]:
    """Return what to count at a place: each wine and size that the book has there."""
    bottles = Bottle.objects.filter(location_id=location_id, state__in=PRESENT).order_by()
    groups = list(bottles.values_list("wine_id", "size_ml").annotate(n=Count("id")))
    wines = Wine.objects.in_bulk({wine_id for wine_id, _size, _n in groups})
    rows = [
        CountRow(wine_id, size, _count_label(wines[wine_id], size), n, wines[wine_id]) for wine_id, size, n in groups
    ]
    return sorted(rows, key=lambda row: (row.wine.sort_key, row.size_ml))


def empty_count_row(wine: Wine, size_ml: int) -> CountRow:
    """Return the row of a wine of which the book has none at a place."""
    return CountRow(wine.pk, size_ml, _count_label(wine, size_ml), 0, wine)


def _count_label(wine: Wine, size_ml: int) -> str:
    return wine.full_name if size_ml == STANDARD else f"{wine.full_name}, {size_label(size_ml)}"
