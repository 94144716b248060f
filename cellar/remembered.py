"""Figures of the whole cellar, kept in memory until something in it changes.

They are sums over every bottle, so a large cellar would pay for them on every visit. What changes a wine, a bottle
or a note also marks the wine as changed (`WineQuerySet.hold`), so the newest mark tells whether a figure still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from cellar.drinking import this_year
from cellar.models import Wine

Figure = TypeVar("Figure")

# On a server that others write to at the same moment, a mark may be older than it was written; not for long.
SECONDS = 60


def stamp() -> str:
    """Return a text that is another one when the cellar has changed. One query."""
    newest = Wine.objects.order_by("-updated_at").values_list("updated_at", "id").first()
    return f"{this_year()}.{newest[0].timestamp()}.{newest[1].hex}" if newest else f"{this_year()}.empty"


def remembered(name: str, compute: Callable[[], Figure], *, at: str) -> Figure:
    """Return the figure that was computed at this stamp, or compute it."""
    key = f"cellar.{name}.{at}"
    kept: tuple[Figure] | None = cache.get(key)
    if kept is None:
        kept = (compute(),)
        cache.set(key, kept, SECONDS)
    return kept[0]
