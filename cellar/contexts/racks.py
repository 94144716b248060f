"""A rack as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cellar import drinking
from cellar.models import Bottle, Location, Wine


@dataclass(frozen=True)
class Slot:
    label: str
    url: str
    wine: Wine | None = None

    @property
    def readiness(self) -> drinking.Readiness | None:
        return self.wine.readiness if self.wine else None


@dataclass(frozen=True)
class RackRow:
    label: int
    slots: list[Slot]


@dataclass(frozen=True)
class Rack:
    name: str
    columns: list[int]
    rows: list[RackRow]


def rack(location: Location, bottles: Iterable[Bottle], *, may_change: bool) -> Rack:
    """Return a rack as rows of slots: a free one leads to adding, a taken one to its bottle.

    For guests a free one leads nowhere, and a taken one to its wine.
    """
    by_slot = {(bottle.row, bottle.column): bottle for bottle in bottles if bottle.row}
    columns = list(range(1, (location.columns or 0) + 1))
    rows = []
    for row in range(1, (location.rows or 0) + 1):
        slots = [_slot(location, row, column, by_slot.get((row, column)), may_change) for column in columns]
        rows.append(RackRow(row, slots))
    return Rack(location.name, columns, rows)


def _slot(location: Location, row: int, column: int, bottle: Bottle | None, may_change: bool) -> Slot:
    where = _("row %(row)d, column %(column)d") % {"row": row, "column": column}
    if bottle is None:
        url = f"{reverse('fill_slot', args=[location.pk])}?row={row}&column={column}" if may_change else ""
        return Slot(_("%(where)s: free") % {"where": where}, url)
    readiness = bottle.wine.readiness.label
    url = reverse("bottle", args=[bottle.pk]) if may_change else reverse("wine", args=[bottle.wine_id])
    return Slot(f"{where}: {bottle.wine.full_name}, {readiness}", url, bottle.wine)
