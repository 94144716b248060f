"""Our own lists: CSV files in `lists/`, read once. Well-known names stand before rare ones."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from cellar.folding import fold

FOLDER = Path(__file__).parent / "lists"
_SPACES = str.maketrans("-'.·", "    ")


@dataclass(frozen=True, slots=True)
class GrapeName:
    """A grape under the name most used, with its other names."""

    name: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country that makes wine: ISO 3166 code, English name, and what its people or neighbours call it."""

    code: str
    name: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WinePlace:
    """A place wines are from; `country` is the English name, narrower levels may be empty."""

    country: str
    region: str
    sub_region: str = ""
    appellation: str = ""


def key(text: str) -> str:
    """Return under what a name is looked up: folded, and "Côtes-du-Rhône" like "Côtes du Rhône"."""
    return " ".join(fold(text).translate(_SPACES).split())


@cache
def grapes() -> tuple[GrapeName, ...]:
    """Return every grape, the best-known first."""
    return tuple(GrapeName(row["name"], _split(row["synonyms"])) for row in _by_fame(_rows("grapes")))


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries that make wine, by name."""
    return tuple(Country(row["code"], row["name"], _split(row["synonyms"])) for row in _rows("countries"))


@cache
def places() -> tuple[WinePlace, ...]:
    """Return every region, sub-region and appellation, the best-known first."""
    names = {country.code: country.name for country in countries()}
    return tuple(
        WinePlace(names[row["country"]], row["region"], row["sub_region"], row["appellation"])
        for row in _by_fame(_rows("places"))
    )


@lru_cache(maxsize=256)
def regions(country: str | None = None) -> tuple[str, ...]:
    """Return the regions of a country, or of all."""
    return _unique(place.region for place in _places_in(country))


@lru_cache(maxsize=256)
def sub_regions(country: str | None = None, region: str | None = None) -> tuple[str, ...]:
    """Return the sub-regions of a country and region, or of all."""
    return _unique(place.sub_region for place in _places_in(country, region))


@lru_cache(maxsize=256)
def appellations(country: str | None = None, region: str | None = None) -> tuple[str, ...]:
    """Return the appellations of a country and region, or of all."""
    return _unique(place.appellation for place in _places_in(country, region))


@lru_cache(maxsize=256)
def classifications(country: str | None = None) -> tuple[str, ...]:
    """Return what may be on a label beside the name ("Grand Cru Classé", "Smaragd") in a country, or in all."""
    code = _code(country)
    return _unique(row["name"] for row in _rows("classifications") if country is None or row["country"] == code)


def canonical_grape(name: str) -> str | None:
    """Return the name most used for a grape ("Shiraz" and "Syrah/Shiraz" are "Syrah"), or None for a stranger."""
    known = _grapes_by_key()
    return next((known[part] for part in (key(name), *map(key, name.split("/"))) if part in known), None)


def country_of(text: str) -> Country | None:
    """Return the country meant by a code, a name or another language's name."""
    return _countries_by_key().get(key(text))


def place_of(name: str, country: str | None = None) -> WinePlace | None:
    """Return the place of that name, the widest first: with "Margaux" come Médoc, Bordeaux and France."""
    found = country_of(country) if country else None
    if country and found is None:
        return None
    named = _places_by_key().get(key(name), ())
    return next((place for place in named if found is None or place.country == found.name), None)


@cache
def _grapes_by_key() -> dict[str, str]:
    names = {key(other): grape.name for grape in grapes() for other in grape.synonyms}
    return names | {key(grape.name): grape.name for grape in grapes()}


@cache
def _countries_by_key() -> dict[str, Country]:
    return {key(name): country for country in countries() for name in (country.code, country.name, *country.synonyms)}


@cache
def _places_by_key() -> dict[str, tuple[WinePlace, ...]]:
    found: dict[str, list[WinePlace]] = {}
    for place in sorted(places(), key=lambda place: (bool(place.appellation), bool(place.sub_region))):
        found.setdefault(key(place.appellation or place.sub_region or place.region), []).append(place)
    return {name: tuple(same) for name, same in found.items()}


def _places_in(country: str | None, region: str | None = None) -> Iterable[WinePlace]:
    found = country_of(country) if country else None
    for place in places():
        is_there = country is None or (found is not None and place.country == found.name)
        if is_there and (region is None or key(place.region) == key(region)):
            yield place


def _code(country: str | None) -> str:
    found = country_of(country) if country else None
    return found.code if found else ""


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _by_fame(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of which the catalogue has most wines first; the files are in the order of the alphabet."""
    return sorted(rows, key=lambda row: -int(row["wines"]))


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split("; ")) if names else ()


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
