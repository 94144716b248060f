"""Completing what somebody types from our lists and from the cellar's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from cellar.reference import lists
from cellar.reference.lists import key


def _grape_names(country: str | None) -> Iterator[str]:
    for grape in lists.grapes():
        yield grape.name
        yield from grape.synonyms


def _country_names(country: str | None) -> Iterator[str]:
    return (one.name for one in lists.countries())


def _region_names(country: str | None) -> tuple[str, ...]:
    return lists.regions(country) + lists.sub_regions(country)


_LISTS: dict[str, Callable[[str | None], Iterable[str]]] = {
    "grapes": _grape_names,
    "countries": _country_names,
    "regions": _region_names,
    "sub_regions": lists.sub_regions,
    "appellations": lists.appellations,
    "classifications": lists.classifications,
}
KINDS = tuple(_LISTS)


def suggest(
    kind: str, text: str, limit: int = 10, *, extra: Iterable[str] = (), country: str | None = None
) -> list[str]:
    """Return names of a kind (see KINDS) that begin with the text, have a word that does, or contain it, in this order.

    `extra`, the cellar's own values, come before those of our list; with nothing typed they are all there is. A
    country narrows our list, unless it is none we know.
    """
    wanted = key(text)
    known = lists.country_of(country) if country else None
    own = [(key(name), name) for name in extra]
    ours = _keyed(kind, known.code if known else None) if wanted else ()
    found: dict[str, str] = {}
    for names in (own, ours):
        matches = [pair for pair in names if wanted in pair[0]]
        for folded, name in sorted(matches, key=lambda pair: _rank(pair[0], wanted)):
            found.setdefault(folded, name)
    return list(found.values())[:limit]


def _rank(folded: str, wanted: str) -> int:
    """Return 0 where the name begins with what is wanted, 1 where one of its words does, else 2."""
    if folded.startswith(wanted):
        return 0
    return 1 if f" {wanted}" in folded else 2


@cache
def _keyed(kind: str, country: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((key(name), name) for name in _LISTS[kind](country))
