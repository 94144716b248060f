"""The catalogue as labels are compared with it: the shipped wines, read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from cellar.labels.reading.matching import Index, KnownWine
from cellar.reference.catalogue import CatalogueWine, read_wines
from cellar.reference.loading import ACIDITIES, BODIES


class Catalogue:
    """Wines and the index of their words."""

    def __init__(self, wines: Iterable[CatalogueWine]) -> None:
        self._wines = {wine.wine_id: wine for wine in wines}
        self.index = Index.of(
            (wine.wine_id, f"{wine.producer} {wine.name} {wine.region}") for wine in self._wines.values()
        )

    def wines(self, wine_ids: Iterable[int]) -> list[KnownWine]:
        return [_known(self._wines[wine_id]) for wine_id in wine_ids]


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return Catalogue(read_wines())


def _known(wine: CatalogueWine) -> KnownWine:
    return KnownWine(
        wine_id=wine.wine_id,
        producer=wine.producer,
        name=wine.name,
        type=wine.type,
        country=wine.country,
        region=wine.region,
        grapes=wine.grapes,
        alcohol=wine.abv,
        vintages=frozenset(wine.vintages),
        non_vintage=wine.non_vintage,
        body=BODIES.get(wine.body, ""),
        acidity=ACIDITIES.get(wine.acidity, ""),
        pairings=wine.harmonize,
    )
