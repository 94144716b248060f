"""Where the bottles of wines lie, in groups and as choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from cellar.folding import counted
from cellar.models import Bottle, State, Wine
from cellar.money import format_money
from cellar.sizes import STANDARD, size_label
from cellar.tree import SEPARATOR, Tree, slots_label

NO_PLACE = "none"


@dataclass(frozen=True)
class WherePart:
    """Some bottles of one wine at one place."""

    label: str
    count: int
    location_id: UUID | None

    @property
    def url(self) -> str:
        return location_url(self.location_id)


def location_url(location_id: UUID | None) -> str:
    return reverse("location", args=[location_id]) if location_id else reverse("no_place")


def attach_places(wines: Iterable[Wine], tree: Tree) -> list[Wine]:
    """Give each wine `places`: where its bottles lie, most bottles first. One query."""
    rows = list(wines)
    bottles = Bottle.objects.present().filter(wine_id__in=[wine.pk for wine in rows]).order_by()
    where: dict[UUID, dict[UUID | None, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for wine_id, location_id, row in bottles.values_list("wine_id", "location_id", "row"):
        where[wine_id][location_id].append(row)
    for wine in rows:
        groups = sorted(where[wine.pk].items(), key=lambda group: -len(group[1]))
        wine.places = [  # type: ignore[attr-defined]
            WherePart(_group_label(tree, place, in_rows), len(in_rows), place) for place, in_rows in groups
        ]
    return rows


def _group_label(tree: Tree, location_id: UUID | None, rows: Sequence[int | None]) -> str:
    """Return "Rack B · row 2" when all lie in one row, else the place alone."""
    label = tree.short_label(location_id)
    row = rows[0] if len(set(rows)) == 1 else None
    return label if row is None else f"{label}{SEPARATOR}{_('row %(row)d') % {'row': row}}"


@dataclass
class BottleGroup:
    """Bottles of one wine that are alike: same place, size and state."""

    location_id: UUID | None
    size_ml: int
    state: str
    label: str
    bottles: list[Bottle] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.bottles)

    @property
    def size_label(self) -> str:
        return "" if self.size_ml == STANDARD else size_label(self.size_ml)

    @property
    def slots_label(self) -> str:
        """Return the slots as people say them: "row 2, column 3–6"."""
        return slots_label((bottle.row, bottle.column) for bottle in self.bottles if bottle.row and bottle.column)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def value(self) -> str:
        return f"{self.location_id or NO_PLACE}:{self.size_ml}"

    @property
    def url(self) -> str:
        return location_url(self.location_id)


def bottle_groups(bottles: Iterable[Bottle], tree: Tree) -> list[BottleGroup]:
    """Return the bottles grouped by place, size and state, places in the order of their names."""
    groups: dict[tuple[Any, ...], BottleGroup] = {}
    for bottle in bottles:
        key = (bottle.location_id, bottle.size_ml, bottle.state)
        if key not in groups:
            groups[key] = BottleGroup(*key, label=tree.label(bottle.location_id))
        groups[key].bottles.append(bottle)
    return sorted(groups.values(), key=lambda group: (group.location_id is None, counted(group.label), group.size_ml))


def bottle_choices(
    wine: Wine, states: Sequence[str], tree: Tree, bottle_id: UUID | None = None
) -> list[tuple[str, str]]:
    """Return which bottles of a wine a form may ask for: by place and size, and the one that was pointed at."""
    bottles = Bottle.objects.filter(wine=wine, state__in=states)
    # Counted by the database: of some wines there are hundreds, and this is asked with every check-out.
    groups = (
        bottles.order_by().values_list("location_id", "size_ml").annotate(count=Count("pk"), oldest=Min("created_at"))
    )
    result = [
        (
            f"{location_id or NO_PLACE}:{size_ml}",
            f"{tree.label(location_id)}{SEPARATOR}{size_label(size_ml)} ({count})",
        )
        for location_id, size_ml, count, _oldest in groups.order_by("oldest")
    ]
    one = bottles.filter(pk=bottle_id).select_related("source").first() if bottle_id else None
    if one is not None:
        result.insert(0, (f"bottle:{one.pk}", _the_one(one, tree)))
    return result


def _the_one(bottle: Bottle, tree: Tree) -> str:
    """Return a bottle as one of several of its wine: "the one at Rack B · row 2, column 3 · 75 cl · €12.50"."""
    place = tree.slot_label(bottle.location_id, bottle.row, bottle.column)
    where = _("the one at %(place)s") % {"place": place} if bottle.location_id else _("one without a place")
    price = bottle.source.unit_price
    parts = [where, size_label(bottle.size_ml)]
    return SEPARATOR.join(parts if price is None else [*parts, format_money(price, bottle.source.currency)])
