"""Figures of the whole cellar, kept in memory until something in it changes.

They are sums over every bottle, so a large cellar would pay for them on every visit. What changes a wine, a bottle
or a note also marks the wine as changed (`WineQuerySet.hold`), and what deletes one marks another, so the newest mark
tells whether a figure still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from cellar.drinking import this_year
from cellar.models import Wine
from winebox import databases

Figure = TypeVar("Figure")
Mark: TypeAlias = tuple[datetime, UUID]

# On a server that others write to at the same moment, a mark may be older than it was written; not for long.
SECONDS = 60


def stamp() -> str:
    """Return a text that is another one when the cellar has changed. One query."""
    return _text(_newest())


def settled_stamp() -> str | None:
    """Return the stamp if no mark older than it can come any more, else nothing. One query.

    Where writers take turns, one that waits for its turn may have looked at the clock before; it waits no longer than
    this, and a mark that is not yet as old may be joined by an older one.
    """
    newest = _newest()
    if newest is not None and newest[0] > timezone.now() - timedelta(seconds=databases.PATIENCE_SECONDS):
        return None
    return _text(newest) if databases.writers_take_turns() else None


def _newest() -> Mark | None:
    return Wine.objects.order_by("-updated_at").values_list("updated_at", "id").first()


def _text(newest: Mark | None) -> str:
    return f"{this_year()}.{newest[0].timestamp()}.{newest[1].hex}" if newest else f"{this_year()}.empty"


def remembered(name: str, compute: Callable[[], Figure], *, at: str, seconds: int = SECONDS) -> Figure:
    """Return the figure that was computed at this stamp, or compute it."""
    key = f"cellar.{name}.{at}"
    kept: tuple[Figure] | None = cache.get(key)
    if kept is None:
        kept = (compute(),)
        cache.set(key, kept, seconds)
    return kept[0]
