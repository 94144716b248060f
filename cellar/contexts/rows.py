"""Wines as rows and cards of a list: all there is to print, worked out once.

A list shows fifty of them; a template that asked each wine for each thing would take most of the page's time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypedDict
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import get_language

from cellar.contexts.bottles import WherePart
from cellar.drinking import Readiness, this_year
from cellar.models import Wine
from cellar.models.wine import WineType
from cellar.tree import SEPARATOR

PLACES_SHOWN = 3
_ANY = UUID(int=0)


class WineRow(TypedDict):
    """What a list prints of a wine."""

    id: UUID
    url: str
    title: str
    vintage: str
    full_name: str
    cover_id: UUID | None
    type: str
    origin: str
    readiness: str
    readiness_label: str
    window: str
    where: str
    count: int
    open: int
    coming: int
    drink_url: str
    plus_url: str
    drink_key: str
    plus_key: str


# What a row is made with: its wines have these and their `places`, and nothing else is read of them.
ROW_FIELDS = (
    "producer", "name", "vintage", "non_vintage", "type", "country", "region", "sub_region", "appellation",
    "drink_from", "drink_until", "best_from", "best_until", "count_on_order", "count_in_cellar", "count_open", "cover",
)  # fmt: skip


def wine_row(wine: Wine, *, year: int | None = None) -> WineRow:
    """Return what a list prints of a wine that has its `places`; the keys make each button work once."""
    title, vintage, window = wine.title, wine.vintage_label, wine.window
    readiness = window.readiness(year or this_year())
    types, labels = _words(get_language())
    return {
        "id": wine.pk,
        "url": address_of("wine", wine.pk),
        "title": title,
        "vintage": vintage,
        "full_name": f"{title} {vintage}".strip(),
        "cover_id": wine.cover_id,
        "type": wine.type,
        "origin": SEPARATOR.join(filter(None, (types.get(wine.type), wine.place_line))),
        "readiness": readiness.value,
        "readiness_label": labels[readiness],
        "window": window.label,
        "where": _where(getattr(wine, "places", ())),
        "count": wine.count_present,
        "open": wine.count_open,
        "coming": wine.count_on_order,
        "drink_url": address_of("drink", wine.pk),
        "plus_url": address_of("plus", wine.pk),
        "drink_key": str(uuid4()),
        "plus_key": str(uuid4()),
    }


def wine_rows(wines: Iterable[Wine]) -> list[WineRow]:
    year = this_year()
    return [wine_row(wine, year=year) for wine in wines]


def address_of(name: str, id_: UUID) -> str:
    """Return the address of the page or verb `name` of one thing."""
    before, after = _pattern(name)
    return f"{before}{id_}{after}"


@lru_cache
def _words(language: str | None) -> tuple[dict[str, str], dict[Readiness, str]]:
    """Return what types and readiness are called: translated once, and not for each wine."""
    types = {kind.value: str(kind.label) for kind in WineType if kind.value}
    return types, {one: str(one.label) for one in Readiness}


@lru_cache
def _pattern(name: str) -> tuple[str, str]:
    # Looking up 150 addresses would take as long as drawing the list.
    before, _id, after = reverse(name, args=[_ANY]).partition(str(_ANY))
    return before, after


def _where(places: Iterable[WherePart]) -> str:
    """Return the places with most bottles in one line: "Rack B · row 2 (4), Fridge"."""
    parts = [f"{place.label} ({place.count})" if place.count > 1 else place.label for place in places]
    return ", ".join(parts[:PLACES_SHOWN]) + (" …" if len(parts) > PLACES_SHOWN else "")
