"""Completing a wine from the first letters of its words, with small typing errors forgiven."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from cellar.folding import fold
from cellar.models import ReferenceWine
from cellar.reference.versioned import Versioned

LIMIT = 10
FEWEST_LETTERS = 2
MOST_LETTERS = 80
MOST_WORDS = 8
# A word has so many letters before one of them may be wrong, or two.
FORGIVEN = ((8, 2), (4, 1))
EXACT, BEGINS, MISTYPED = 3.0, 2.0, 1.0
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared; half characters are none."""
    return _WORD.findall(fold(text.encode("utf-8", "replace").decode("utf-8")))


class WordIndex:
    """Which wines have which words in producer or name; `numbers` are their X-Wines ids."""

    def __init__(self, wines: Iterable[tuple[int, str]]) -> None:
        self.numbers = array("Q")
        rows: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for row, (number, text) in enumerate(wines):
            self.numbers.append(number)
            for word in dict.fromkeys(words_of(text)):
                rows[word].append(row)
        self.words = sorted(rows)
        self.rows = [rows[word] for word in self.words]

    def find(self, text: str, limit: int) -> list[int]:
        """Return the wines that have every word of a text, whole, begun or nearly; the best first."""
        if len("".join(words_of(text[:MOST_LETTERS]))) < FEWEST_LETTERS:
            return []
        scores: dict[int, float] | None = None
        for word in sorted(set(words_of(text[:MOST_LETTERS])), key=len, reverse=True)[:MOST_WORDS]:
            found = self._having(word)
            if scores is not None:
                found = {row: found[row] + score for row, score in scores.items() if row in found}
            scores = found
            if not scores:
                return []
        best = sorted((scores or {}).items(), key=lambda pair: (-pair[1], pair[0]))
        return [self.numbers[row] for row, _score in best[:limit]]

    def _having(self, word: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for number in self._mistyped(word):
            found.update(dict.fromkeys(self.rows[number], MISTYPED))
        start, end = bisect_left(self.words, word), bisect_left(self.words, word + "\U0010ffff")
        for number in range(end - 1, start - 1, -1):
            score = EXACT if self.words[number] == word else BEGINS + 1 / len(self.words[number])
            for row in self.rows[number]:
                found[row] = max(score, found.get(row, 0.0))
        return found

    def _mistyped(self, word: str) -> list[int]:
        """Return the words that differ by a letter or two; the first letter is taken to be right."""
        most = next((errors for letters, errors in FORGIVEN if len(word) >= letters), 0)
        if not most:
            return []
        start, end = bisect_left(self.words, word[0]), bisect_left(self.words, word[0] + "\U0010ffff")
        near = process.extract(
            word, self.words[start:end], scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=None
        )
        return [start + position for _found, _distance, position in near]


def _index() -> WordIndex:
    rows = ReferenceWine.objects.order_by("number").values_list("number", "producer", "name")
    return WordIndex((number, f"{producer} {name}") for number, producer, name in rows.iterator(chunk_size=2000))


# The index of this process.
_shared = Versioned(_index)


def complete(text: str, limit: int = LIMIT) -> list[ReferenceWine]:
    """Return the wines of the catalogue whose producer and name have every word that was typed, the best first."""
    if len(text.strip()) < FEWEST_LETTERS:
        return []
    numbers = _shared.get().find(text, limit)
    found = {wine.number: wine for wine in ReferenceWine.objects.filter(number__in=numbers).order_by()}
    return [found[number] for number in numbers if number in found]
