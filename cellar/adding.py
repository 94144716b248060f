"""Adding a wine with its photos and its first bottles: all of it or nothing, and once for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellar import wines
from cellar.ledger import Actor
from cellar.models import Transaction, Wine
from cellar.settling import settle
from cellar.stock import Arrival, check_in_many
from cellar.wines import StoredPhoto
from winebox import databases


@dataclass(frozen=True)
class Added:
    """A wine, and the transaction that brought its bottles, where there were any."""

    wine: Wine
    transaction: Transaction | None = None


def added_with(key: UUID) -> Added | None:
    """Return what was added with this key before."""
    transaction = Transaction.objects.filter(pk=key).select_related("wine").first()
    if transaction is not None:
        return Added(transaction.wine, transaction)
    wine = Wine.objects.filter(pk=key).first()
    return None if wine is None else Added(wine)


def add(
    *,
    key: UUID,
    facts: Mapping[str, Any],
    photos: Mapping[str, StoredPhoto],
    bottles: Mapping[str, Any],
    actor: Actor,
    existing: Wine | None = None,
    text: str = "",
) -> Added:
    """Add a wine, or take one that exists, and put bottles and photos to it.

    `facts` is what `wines.add_wine` takes, `photos` goes by side, `text` is what stands on them, `bottles` is what
    `stock.Arrival` takes; a quantity of 0 is a wine without bottles.
    """
    result: list[Added] = []

    def work() -> list[Transaction]:
        result[:] = [added_with(key) or _add(key, facts, photos, bottles, actor, existing, text)]
        return []

    settle(work, None)
    return result[0]


def _add(
    key: UUID,
    facts: Mapping[str, Any],
    photos: Mapping[str, StoredPhoto],
    bottles: Mapping[str, Any],
    actor: Actor,
    existing: Wine | None,
    text: str,
) -> Added:
    wine = existing or wines.add_wine(key=key, **facts)
    try:
        transaction = _first_bottles(wine, bottles, actor)
    except BaseException:
        if existing is None and not databases.rolls_back():
            wines.delete_wine(wine=wine)
        raise
    # Last: a photo that takes the place of another one cannot be put back.
    for side, photo in photos.items():
        wines.attach_photo(wine=wine, kind=side, name=photo.name, width=photo.width, height=photo.height, text=text)
        text = ""  # it was read from all photos together, and stands with the first of them
    return Added(wine, transaction)


def _first_bottles(wine: Wine, bottles: Mapping[str, Any], actor: Actor) -> Transaction | None:
    if not bottles["quantity"]:
        return None
    return check_in_many(arrivals=[Arrival(wine=wine, **bottles)], actor=actor)[0]
