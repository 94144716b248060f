"""What may be meant by a search that finds nothing: the nearest words of the wines there are."""

from __future__ import annotations

import re

from django.core.cache import cache
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from cellar.models import Wine
from cellar.reference.completing import forgiven
from cellar.reference.completing import words_of as words_in
from cellar.search import words_of

# Their words are read once a minute at most, and in a very large cellar not those of every wine.
SECONDS = 60
MOST_WINES = 20_000
_NAMED = re.compile(r"\|(?:country|region|grape):([^|]+)")


def meant(query: str) -> str:
    """Return the query with each word that no wine has in its name or origin replaced by the nearest one that is there.

    Nothing is returned where one of them is like none.
    """
    words = words_of(query)
    known: list[str] = cache.get_or_set("cellar.words", _known, SECONDS) or []
    nearest = [_nearest(word, known) for word in words]
    return " ".join(nearest) if all(nearest) and nearest != words else ""


def _known() -> list[str]:
    """Return the words of all names, countries, regions and grapes, folded. One query."""
    words: set[str] = set()
    wines = Wine.objects.current().order_by().values_list("sort_key", "facets")[:MOST_WINES]
    for name, facets in wines.iterator(chunk_size=2000):
        words.update(words_in(" ".join([name, *_NAMED.findall(facets)])))
    return sorted(words)


def _nearest(word: str, known: list[str]) -> str:
    if any(word in one for one in known):
        return word
    most = forgiven(word)
    # Another year is another wine.
    if not most or word.isdigit():
        return ""
    found = process.extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return found[0] if found else ""
