"""A rack as a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from cellar import drinking
from cellar.models import Bottle, Location, Wine
from cellar.models.location import slot_name


@dataclass(frozen=True)
class Slot:
    label: str
    url: str
    row: int
    column: int
    wine: Wine | None = None

    @property
    def readiness(self) -> drinking.Readiness | None:
        return self.wine.readiness if self.wine else None


@dataclass(frozen=True)
class RackRow:
    label: int
    slots: list[Slot]


@dataclass(frozen=True)
class Loose:
    """Bottles of a wine that lie in a rack, but in none of its slots; `url` leads to giving one of them a slot."""

    wine: Wine
    count: int
    url: str


@dataclass(frozen=True)
class Rack:
    name: str
    columns: list[int]
    rows: list[RackRow]
    loose: list[Loose]
    free: int

    @property
    def fitting(self) -> int:
        """Return how many of the bottles without a slot would find one."""
        return min(self.free, sum(one.count for one in self.loose))

    @property
    def all_fit(self) -> bool:
        return self.fitting == sum(one.count for one in self.loose)


def rack(location: Location, bottles: Iterable[Bottle], *, may_change: bool) -> Rack:
    """Return a rack as rows of slots: a free one leads to adding, a taken one to its bottle.

    For guests a free one leads nowhere, and a taken one to its wine.
    """
    bottles = list(bottles)
    by_slot = {(bottle.row, bottle.column): bottle for bottle in bottles if bottle.row}
    columns = list(range(1, (location.columns or 0) + 1))
    rows = []
    for row in range(1, (location.rows or 0) + 1):
        slots = [_slot(location, row, column, by_slot.get((row, column)), may_change) for column in columns]
        rows.append(RackRow(row, slots))
    free = [slot for row in rows for slot in row.slots if slot.wine is None]
    loose = _loose(location, bottles, free[0] if free and may_change else None)
    return Rack(location.name, columns, rows, loose, len(free))


def _loose(location: Location, bottles: Iterable[Bottle], free: Slot | None) -> list[Loose]:
    """Return the bottles without a slot, by wine; the first free slot is proposed."""
    by_wine: dict[UUID, list[Bottle]] = defaultdict(list)
    for bottle in bottles:
        if bottle.row is None:
            by_wine[bottle.wine_id].append(bottle)
    found = []
    for group in sorted(by_wine.values(), key=lambda group: group[0].wine.sort_key):
        first, url = group[0], ""
        if free is not None:
            slot = f"location={location.pk}&row={free.row}&column={free.column}"
            url = f"{reverse('move', args=[first.wine_id])}?bottle={first.pk}&{slot}"
        found.append(Loose(first.wine, len(group), url))
    return found


def _slot(location: Location, row: int, column: int, bottle: Bottle | None, may_change: bool) -> Slot:
    where = slot_name(row, column)
    if bottle is None:
        url = f"{reverse('fill_slot', args=[location.pk])}?row={row}&column={column}" if may_change else ""
        return Slot(_("%(where)s: free") % {"where": where}, url, row, column)
    readiness = bottle.wine.readiness.label
    url = reverse("bottle", args=[bottle.pk]) if may_change else reverse("wine", args=[bottle.wine_id])
    return Slot(f"{where}: {bottle.wine.full_name}, {readiness}", url, row, column, bottle.wine)
