"""What can be put into a free slot of a rack: bottles that have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cellar.models import Bottle, Location, State, Wine
from cellar.models.bottle import BottleQuerySet
from cellar.money import format_money
from cellar.sizes import STANDARD, size_label
from cellar.tree import SEPARATOR, Tree

OFFERED = 40
# A wine has at most some hundreds of bottles.
MOST_READ = 2000


@dataclass(frozen=True)
class Kind:
    """What tells bottles of a wine at one place from each other: size, state, and what one of them cost."""

    size_ml: int
    state: str
    unit_price: int | None
    currency: str


@dataclass
class Line:
    """Bottles of a wine that are alike; `url` leads to moving the oldest of them."""

    wine: Wine
    place: str
    kind: Kind
    url: str
    names_price: bool = False
    count: int = 0

    @property
    def label(self) -> str:
        """Return what tells them from the others: "Magnum (1.5 l) · €30.00 each · open"."""
        kind, parts = self.kind, []
        if kind.size_ml != STANDARD:
            parts.append(size_label(kind.size_ml))
        if self.names_price:
            is_known = kind.unit_price is not None
            price = format_money(kind.unit_price or 0, kind.currency)
            parts.append(_("%(price)s each") % {"price": price} if is_known else _("price not known"))
        if kind.state == State.OPEN:
            parts.append(_("open"))
        return SEPARATOR.join(parts)


@dataclass
class Group:
    """Lines with a title; `names_place` where they lie at different places."""

    title: str
    names_place: bool
    lines: list[Line] = field(default_factory=list)


def without_slot(rack: Location, tree: Tree, slot: str) -> list[Group]:
    """Return some wines with bottles that have no slot, by where these lie: in the rack, at no place, elsewhere.

    `slot` is what a link says of the slot that is to be filled.
    """
    groups = {
        "here": Group(_("In this rack, without a slot"), names_place=False),
        "nowhere": Group(_("Has no place yet"), names_place=False),
        "elsewhere": Group(_("Lies elsewhere, without a slot"), names_place=True),
    }
    for place, line in _lines(rack, tree, slot):
        groups["here" if place == rack.pk else "nowhere" if place is None else "elsewhere"].lines.append(line)
    for group in groups.values():
        group.lines.sort(key=lambda line: line.wine.sort_key)
    return [group for group in groups.values() if group.lines]


def _lines(rack: Location, tree: Tree, slot: str) -> Iterator[tuple[UUID | None, Line]]:
    loose = Bottle.objects.present().filter(row=None)
    is_near = Q(location=None) | Q(location=rack)
    by_pair: dict[tuple[UUID, UUID | None], list[Row]] = defaultdict(list)
    for row in _rows(loose.filter(is_near)) + _rows(loose.exclude(is_near)):
        by_pair[row.wine_id, row.location_id].append(row)
    offered = list(by_pair.items())[:OFFERED]
    wines = Wine.objects.in_bulk({wine_id for (wine_id, _place), _rows in offered})
    prices: dict[UUID, set[tuple[int | None, str]]] = defaultdict(set)
    for (wine_id, _place), rows in offered:
        prices[wine_id] |= {(row.kind.unit_price, row.kind.currency) for row in rows}
    for (wine_id, place), rows in offered:
        lines: dict[Kind, Line] = {}
        for row in rows:
            if row.kind not in lines:
                url = f"{reverse('move', args=[wine_id])}?bottle={row.pk}&{slot}"
                lines[row.kind] = Line(wines[wine_id], tree.label(place), row.kind, url, len(prices[wine_id]) > 1)
            lines[row.kind].count += 1
        yield from ((place, line) for line in lines.values())


class Row(NamedTuple):
    """What is read of a bottle."""

    pk: UUID
    wine_id: UUID
    location_id: UUID | None
    kind: Kind


def _rows(loose: BottleQuerySet) -> list[Row]:
    """Return bottles of some wines, the oldest of each wine first: all of those wines, as far as they are read."""
    columns = ("pk", "wine_id", "location_id", "size_ml", "state", "source__unit_price", "source__currency")
    found = list(loose.order_by("wine_id", "created_at", "id").values_list(*columns)[: MOST_READ + 1])
    rows = [Row(pk, wine_id, location_id, Kind(*facts)) for pk, wine_id, location_id, *facts in found]
    if len(rows) <= MOST_READ:
        return rows
    # Of the last wine there may be more.
    return [row for row in rows if row.wine_id != rows[-1].wine_id] or rows
