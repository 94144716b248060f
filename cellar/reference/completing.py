"""Completing a wine from the first letters of its words, with small typing errors forgiven."""

from __future__ import annotations

import heapq
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

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
Matches = list[tuple[float, "array[int]"]]


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared; half characters are none."""
    return _WORD.findall(fold(text.encode("utf-8", "replace").decode("utf-8")))


def _number(matches: Matches) -> int:
    return sum(len(rows) for _score, rows in matches)


def _best_of(matches: Matches, limit: int) -> dict[int, float]:
    """Return the wines of the best words alone: a word of two letters begins those of half of the catalogue."""
    scores: dict[int, float] = {}
    last = 0.0
    for score, rows in reversed(matches):
        if len(scores) >= limit and score < last:
            break
        last = score
        for row in rows:
            scores.setdefault(row, score)
    return scores


def _of_all(having: Sequence[Matches]) -> dict[int, float]:
    """Return the wines that have every word; the rarest is asked first, so that few are left for the others."""
    found = _scores(having[0])
    for matches in having[1:]:
        scores = _scores(matches, among=found)
        found = {row: found[row] + score for row, score in scores.items()}
    return found


def _scores(matches: Matches, among: Mapping[int, float] | None = None) -> dict[int, float]:
    scores: dict[int, float] = {}
    for score, rows in matches:
        scores.update(dict.fromkeys(rows if among is None else filter(among.__contains__, rows), score))
    return scores


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
        words = words_of(text[:MOST_LETTERS])
        if len("".join(words)) < FEWEST_LETTERS:
            return []
        having = sorted((self._having(word) for word in sorted(set(words), key=len)[-MOST_WORDS:]), key=_number)
        scores = _best_of(having[0], limit) if len(having) == 1 else _of_all(having)
        best = heapq.nsmallest(limit, scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self.numbers[row] for row, _score in best]

    def _having(self, word: str) -> Matches:
        """Return the words that are meant, each with its score and the wines that have it; the best last."""
        found = dict.fromkeys(self._mistyped(word), MISTYPED)
        start, end = bisect_left(self.words, word), bisect_left(self.words, word + "\U0010ffff")
        for number in range(start, end):
            found[number] = EXACT if self.words[number] == word else BEGINS + 1 / len(self.words[number])
        return sorted(((score, self.rows[number]) for number, score in found.items()), key=itemgetter(0))

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
