"""The catalogue as labels are compared with it: the words of the wines that are loaded, and what is known of a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Protocol

from django.db import DatabaseError

from cellar.labels.reading.matching import Index, KnownWine
from cellar.models import ReferenceWine
from cellar.reference.catalogue import CatalogueWine, read_wines
from cellar.reference.loading import row_of
from cellar.reference.versioned import Versioned

_WORDS = ("number", "producer", "name", "region")
_AT_ONCE = 2000
# Numbers are read from forms, too, and no database takes one of any length.
_MOST = 2**53


class Catalogue(Protocol):
    """Wines, and the index of their words."""

    @property
    def index(self) -> Index: ...

    def wines(self, wine_ids: Sequence[int]) -> list[KnownWine]:
        """Return the wines with these ids in this order, without those that there are not."""
        ...


class Loaded:
    """The wines in the database: their words are in memory, what else is known of them is asked for."""

    def __init__(self) -> None:
        rows = ReferenceWine.objects.order_by("number").values_list(*_WORDS).iterator(chunk_size=_AT_ONCE)
        self.index = Index.of((number, f"{producer} {name} {region}") for number, producer, name, region in rows)

    def wines(self, wine_ids: Sequence[int]) -> list[KnownWine]:
        return loaded_wines(wine_ids)


class Listed:
    """Wines of a list, in memory as a whole."""

    def __init__(self, wines: Iterable[CatalogueWine]) -> None:
        self._wines = {wine.wine_id: wine for wine in wines}
        self.index = Index.of(
            (wine.wine_id, f"{wine.producer} {wine.name} {wine.region}") for wine in self._wines.values()
        )

    def wines(self, wine_ids: Sequence[int]) -> list[KnownWine]:
        return [known_as(row_of(self._wines[wine_id])) for wine_id in wine_ids if wine_id in self._wines]


_loaded = Versioned(Loaded)


def catalogue() -> Catalogue:
    """Return the catalogue that is loaded, as new as it is in the database; it may have no wine."""
    return _loaded.get()


@cache
def shipped() -> Catalogue:
    """Return the wines that come with WineBox, loaded or not."""
    return Listed(read_wines())


def is_loaded() -> bool:
    """Say whether there is a wine in the catalogue, and a database at all."""
    try:
        return ReferenceWine.objects.order_by().exists()
    except DatabaseError:
        return False


def loaded_wines(wine_ids: Sequence[int]) -> list[KnownWine]:
    """Return the wines of the catalogue with these ids in this order, without those that there are not."""
    wanted = [wine_id for wine_id in wine_ids if 0 < wine_id < _MOST]
    if not wanted:
        return []
    found = {wine.number: wine for wine in ReferenceWine.objects.filter(number__in=wanted).order_by()}
    return [known_as(found[wine_id]) for wine_id in wanted if wine_id in found]


def known_as(wine: ReferenceWine) -> KnownWine:
    """Return what labels are compared with."""
    return KnownWine(
        wine_id=wine.number,
        producer=wine.producer,
        name=wine.name,
        type=wine.type,
        country=wine.country,
        region=wine.region,
        grapes=tuple(wine.grapes),
        alcohol=wine.alcohol,
        vintages=frozenset(wine.vintages),
        non_vintage=wine.non_vintage,
        body=wine.body,
        acidity=wine.acidity,
        pairings=tuple(wine.pairings),
    )
