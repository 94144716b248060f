"""What is printed: the cellar book, and the inventory for the insurer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar.contexts.bottles import attach_places
from cellar.ledger import chunks
from cellar.models import Bottle, Transaction, Wine, WineType
from cellar.models.wine import WineQuerySet
from cellar.money import format_money
from cellar.sizes import size_label
from cellar.tree import SEPARATOR, Tree

MOST = 3000
PART = 300
_TYPES = {kind.value: number for number, kind in enumerate(WineType)}


@dataclass
class Line:
    """A wine of the book."""

    wine: Wine
    places: str


@dataclass
class Chapter:
    """The wines of one type and region."""

    type: str
    origin: str
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.wine.count_present for line in self.lines)


def printable(wines: WineQuerySet) -> list[Wine]:
    """Return the wines that are here, by type, country and region; so many as fit into a page."""
    here = wines.in_stock().defer("search_text", "facets", "identity_key").select_related(None)
    found = list(here.order_by("sort_key", "id")[:MOST])
    return sorted(found, key=lambda wine: (_TYPES.get(wine.type, 99) or 99, wine.country, wine.region))


def book(wines: Sequence[Wine], tree: Tree) -> list[Chapter]:
    """Return the chapters of the cellar book."""
    chapters: list[Chapter] = []
    for part in chunks(wines, PART):
        for wine in attach_places(part, tree):
            kind = str(WineType(wine.type).label)
            origin = SEPARATOR.join(filter(None, (wine.country, wine.region)))
            if not chapters or (chapters[-1].type, chapters[-1].origin) != (kind, origin):
                chapters.append(Chapter(kind, origin))
            parts = wine.places  # type: ignore[attr-defined]
            places = "; ".join(f"{one.label} ({one.count})" if len(parts) > 1 else one.label for one in parts)
            chapters[-1].lines.append(Line(wine, places))
    return chapters


@dataclass(frozen=True)
class Item:
    """Bottles of a wine that were bought together."""

    count: int
    size: str
    bought_on: date
    store: str
    price: str
    total: str


@dataclass
class Asset:
    """A wine of the inventory, and its bottles by purchase."""

    wine: Wine
    items: list[Item] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(item.count for item in self.items)


@dataclass
class Inventory:
    """What is here and what was paid for it, by the household's own figures."""

    assets: list[Asset] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)
    bottles: int = 0
    unpriced: int = 0

    @property
    def sums(self) -> list[str]:
        return [format_money(total, currency) for currency, total in self.totals.most_common()]


def inventory(wines: Sequence[Wine]) -> Inventory:
    """Return the inventory of some wines."""
    result = Inventory()
    for part in chunks(wines, PART):
        groups = _groups(part)
        sources = _sources(groups)
        for wine in part:
            asset = Asset(wine)
            for source_id, size, count in groups[wine.pk]:
                asset.items.append(_item(sources[source_id], size, count, result))
            asset.items.sort(key=lambda item: item.bought_on)
            result.assets.append(asset)
    return result


def _groups(wines: Sequence[Wine]) -> dict[UUID, list[tuple[UUID, int, int]]]:
    bottles = Bottle.objects.present().filter(wine_id__in=[wine.pk for wine in wines]).order_by()
    groups: dict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    rows = bottles.values_list("wine_id", "source_id", "size_ml").annotate(number=Count("pk"))
    for wine_id, source_id, size, number in rows:
        groups[wine_id].append((source_id, size, number))
    return groups


def _sources(groups: dict[UUID, list[tuple[UUID, int, int]]]) -> dict[UUID, Transaction]:
    ids: Iterable[UUID] = {source for rows in groups.values() for source, _size, _number in rows}
    found: dict[UUID, Transaction] = {}
    for part in chunks(sorted(ids), PART):
        found |= Transaction.objects.in_bulk(part)
    return found


def _item(source: Transaction, size: int, count: int, result: Inventory) -> Item:
    result.bottles += count
    price = total = _("not recorded")
    if source.unit_price is None:
        result.unpriced += count
    else:
        result.totals[source.currency] += source.unit_price * count
        price = format_money(source.unit_price, source.currency)
        total = format_money(source.unit_price * count, source.currency)
    day = timezone.localtime(source.happened_at).date()
    return Item(count, size_label(size), day, source.store, price, total)
