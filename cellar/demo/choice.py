"""Which wines the demo has, and what is known about each of them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from cellar import reference
from cellar.demo.prices import usual_price
from cellar.models import Wine
from cellar.pairings import fitting_pairings
from cellar.reference.catalogue import CatalogueWine, read_wines
from cellar.reference.lists import key
from cellar.reference.loading import ACIDITIES, BODIES

OLDEST = 30  # years

# Years after the vintage: drink from, best from, best until, drink until; by type and body, "" is any other body.
_WINDOWS: dict[tuple[str, str], tuple[int, int, int, int]] = {
    ("red", "Very full-bodied"): (4, 8, 16, 25),
    ("red", "Full-bodied"): (3, 5, 10, 15),
    ("red", "Medium-bodied"): (2, 3, 6, 9),
    ("red", ""): (1, 1, 3, 5),
    ("white", "Very full-bodied"): (2, 4, 8, 12),
    ("white", "Full-bodied"): (2, 3, 6, 9),
    ("white", ""): (1, 1, 3, 5),
    ("rose", ""): (1, 1, 2, 3),
    ("sparkling", ""): (2, 4, 8, 12),
    ("dessert", ""): (3, 8, 20, 35),
    ("fortified", ""): (5, 12, 25, 45),
}
_NON_VINTAGE_WINDOW = (0, 0, 2, 4)
_LONG_WINDOW = (0, 0, 50, 100)  # of spirits

_PRODUCER_TYPES = {
    "estate": (
        "chateau",
        "domaine",
        "quinta",
        "weingut",
        "tenuta",
        "estate",
        "fattoria",
        "castello",
        "podere",
        "finca",
    ),
    "cooperative": ("adega", "cantina", "cave", "cooperativa", "winzergenossenschaft"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A wine of the demo, not saved yet, with what it usually costs (minor units of the household's currency)."""

    wine: Wine
    price: int
    body: str


@cache
def _catalogue() -> tuple[CatalogueWine, ...]:
    return tuple(read_wines())


def available(until: date) -> list[tuple[CatalogueWine, int | None]]:
    """Return every wine and vintage of the catalogue that one might have bought in the last ten years."""
    return [
        (wine, vintage)
        for wine in _catalogue()
        for vintage in (*wine.vintages, *([None] if wine.non_vintage else []))
        if vintage is None or until.year - OLDEST <= vintage < until.year
    ]


def choose_wines(rng: random.Random, count: int, until: date) -> list[Chosen]:
    """Return n different wines, young ones more often than old ones."""
    drawn = [(rng.random() ** (1 / _weight(wine, vintage, until)), wine, vintage) for wine, vintage in available(until)]
    drawn.sort(key=lambda one: one[0], reverse=True)
    return [_chosen(rng, wine, vintage, until) for _luck, wine, vintage in drawn[:count]]


def _weight(wine: CatalogueWine, vintage: int | None, until: date) -> float:
    age = until.year - (vintage or until.year)
    rare = 0.3 if wine.type == "other" or age > _usual_window(wine)[3] else 1.0
    return rare / (1 + age / 4)


def _chosen(rng: random.Random, source: CatalogueWine, vintage: int | None, until: date) -> Chosen:
    wine = Wine(
        pk=new_id(rng),
        producer=source.producer,
        name=source.name,
        vintage=vintage,
        non_vintage=vintage is None,
        type=source.type,
        colour=_colour(source),
        sweetness=_sweetness(source),
        body=BODIES.get(source.body, ""),
        acidity=ACIDITIES.get(source.acidity, ""),
        pairings=fitting_pairings(source.harmonize),
        classification=_classification(source),
        grapes=_grapes(rng, source.grapes),
        alcohol=source.abv.quantize(Decimal("0.1")),
        producer_type=_producer_type(source.producer),
        custom_fields=_custom_fields(rng, source),
        minimum_stock=rng.choice([3, 6]) if rng.random() < 0.03 else None,
        **_place(source),
        **_window(rng, source, vintage, until),
    )
    return Chosen(wine, usual_price(rng, source, vintage, until), source.body)


def new_id(rng: random.Random) -> uuid.UUID:
    """Return an id that the same seed gives again."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _colour(source: CatalogueWine) -> str:
    if source.type not in {"sparkling", "dessert", "fortified"}:
        return ""
    words = key(source.name).split()
    if "rose" in words or "rosado" in words:
        return "rose"
    return "red" if {"ruby", "tawny", "rosso", "tinto", "zinfandel"} & set(words) else "white"


def _sweetness(source: CatalogueWine) -> str:
    words = set(key(source.name).split())
    if source.is_sweet or words & {"cream", "px", "auslese", "moscato", "moscatel"}:
        return "sweet"
    if words & {"kabinett", "demi", "riche"}:
        return "off_dry"
    return "" if source.type in {"fortified", "other"} else "dry"


def _classification(source: CatalogueWine) -> str:
    """Return the longest classification of the country that stands in the wine's name."""
    name = f" {key(source.name)} {key(source.region)} "
    found = [one for one in reference.classifications(source.country) if f" {key(one)} " in name]
    return max(found, key=len, default="")


def _place(source: CatalogueWine) -> dict[str, str]:
    # Behind the region stand the country, its name in other letters, or the village of a Champagne.
    name = source.region.partition(" (")[0].partition(" Grand Cru '")[0].partition(" 1er Cru '")[0]
    place = reference.place_of(name, source.country)
    if place is None:
        return {"country": source.country, "region": name}
    return {
        "country": place.country,
        "region": place.region,
        "sub_region": place.sub_region,
        "appellation": place.appellation,
    }


def _grapes(rng: random.Random, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the grapes, of a blend half the time with percentages that are a whole, the first one leading."""
    known = list(dict.fromkeys(reference.canonical_grape(name) or name for name in names))
    if len(known) == 1:
        return [{"name": known[0], "percent": 100}]
    if not known or len(known) > 6 or rng.random() < 0.5:
        return [{"name": name, "percent": None} for name in known]
    cuts = [0, *sorted(rng.sample(range(5, 100, 5), len(known) - 1)), 100]
    percents = sorted((end - start for start, end in pairwise(cuts)), reverse=True)
    return [{"name": name, "percent": percent} for name, percent in zip(known, percents, strict=True)]


def _producer_type(producer: str) -> str:
    words = set(key(producer).split())
    return next((kind for kind, signs in _PRODUCER_TYPES.items() if words & set(signs)), "")


def _custom_fields(rng: random.Random, source: CatalogueWine) -> dict[str, str]:
    return {"Website": source.website} if rng.random() < 0.25 and source.website else {}


def _window(rng: random.Random, source: CatalogueWine, vintage: int | None, until: date) -> dict[str, int]:
    if source.type == "other" or rng.random() < 0.12:
        return {}
    base = vintage or until.year - rng.randint(0, 2)
    years = _NON_VINTAGE_WINDOW if vintage is None else _usual_window(source)
    first, best_first, best_last, last = (base + year for year in years)
    longer = rng.randint(0, 2) + (2 if source.acidity == "High" and source.type != "rose" else 0)
    window = {"drink_from": first, "drink_until": last + longer}
    if rng.random() < 0.6:
        window |= {"best_from": best_first, "best_until": best_last + longer // 2}
    return window


def _usual_window(source: CatalogueWine) -> tuple[int, int, int, int]:
    return _WINDOWS.get((source.type, source.body)) or _WINDOWS.get((source.type, ""), _LONG_WINDOW)
