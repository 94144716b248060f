"""Completing a wine from the first letters of its words, with small typing errors forgiven."""

from __future__ import annotations

import heapq
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# The same of a word that is only begun.
FORGIVEN_BEGUN = ((6, 2), (4, 1))
EXACT, BEGINS, MISTYPED, BEGINS_MISTYPED = 3.0, 2.0, 1.0, 0.5
# A slip in the first letter is rarer than one in any other.
SAME_LETTER = 0.25
_WORD = re.compile(r"[^\W_]+")
# Comes after every letter.
_LAST = "\U0010ffff"
Matches = list[tuple[float, "array[int]"]]


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared; half characters are none."""
    return _WORD.findall(fold(text.encode("utf-8", "replace").decode("utf-8")))


def forgiven(word: str, table: Sequence[tuple[int, int]] = FORGIVEN) -> int:
    """Return how many letters of a word may be wrong."""
    return next((errors for letters, errors in table if len(word) >= letters), 0)


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
        if not found:
            break
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
        """Return the wines that have every word of a text: whole, begun, or with a slip in it; the best first."""
        words = words_of(text[:MOST_LETTERS])
        if len("".join(words)) < FEWEST_LETTERS:
            return []
        words = sorted(set(words), key=len)[-MOST_WORDS:]
        # Each word may begin one that there is, and all of them together be of no wine: then they are taken for slips.
        scores = self._scores(words, limit) or self._scores(words, limit, all_slips=True)
        best = heapq.nsmallest(limit, scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self.numbers[row] for row, _score in best]

    def _scores(self, words: Iterable[str], limit: int, *, all_slips: bool = False) -> dict[int, float]:
        having = sorted((self._having(word, all_slips) for word in words), key=_number)
        return _best_of(having[0], limit) if len(having) == 1 else _of_all(having)

    def _having(self, word: str, all_slips: bool) -> Matches:
        """Return the words that are meant, each with its score and the wines that have it; the best last."""
        begun = self._begun(word)
        found = self._begun_mistyped(word) if all_slips or not begun else {}
        found |= dict.fromkeys(self._mistyped(word), MISTYPED)
        for number in begun:
            found[number] = EXACT if self.words[number] == word else BEGINS + 1 / len(self.words[number])
        return sorted(((score, self.rows[number]) for number, score in found.items()), key=itemgetter(0))

    def _begun(self, beginning: str, among: range | None = None) -> range:
        """Return the words that begin like that; they lie beside each other."""
        low, high = (among.start, among.stop) if among is not None else (0, len(self.words))
        start = bisect_left(self.words, beginning, low, high)
        return range(start, bisect_left(self.words, beginning + _LAST, start, high))

    def _begun_mistyped(self, word: str) -> dict[int, float]:
        """Return the words that begin like this one but for a slip, or else for two, each with its score."""
        most = forgiven(word, FORGIVEN_BEGUN)
        if not most:
            return {}
        numbers = {number for among, beginning in self._one_slip_from(word) for number in self._begun(beginning, among)}
        if not numbers and most > 1:
            # As long as what was typed: a letter too much or too few counts as two slips here.
            numbers = set(self._near(word, most, length=len(word)))
        return {number: self._likeness(self.words[number], word) for number in numbers}

    def _one_slip_from(self, word: str) -> Iterator[tuple[range, str]]:
        """Yield the beginnings that are one slip away, each with the words among which they are.

        The letters before the slip are right, so no more is looked at than the words that begin with these.
        """
        for place in range(len(word)):
            head, slip, tail = word[:place], word[place], word[place + 1 :]
            among = self._begun(head)
            if not among:
                return
            yield among, head + tail
            if tail:
                yield among, head + tail[0] + slip + tail[1:]
            for letter in self._letters_after(head, among):
                yield among, head + letter + tail
                yield among, head + letter + slip + tail

    def _letters_after(self, head: str, among: range) -> Iterator[str]:
        """Yield the letters that follow this beginning in any word."""
        number = among.start
        while number < among.stop:
            letter = self.words[number][len(head) : len(head) + 1]
            # Only the beginning itself, the first of them, has none.
            if letter:
                yield letter
            number = bisect_left(self.words, head + letter + _LAST, number, among.stop) if letter else number + 1

    @staticmethod
    def _likeness(meant: str, typed: str) -> float:
        return BEGINS_MISTYPED + SAME_LETTER * (meant[0] == typed[0]) + 0.1 / len(meant)

    def _mistyped(self, word: str) -> list[int]:
        """Return the words that differ by a letter or two."""
        most = forgiven(word)
        return self._near(word, most) if most else []

    def _near(self, word: str, most: int, *, length: int | None = None) -> list[int]:
        """Return the words that differ so much, or begin so; the first letter is taken to be right."""
        alike = self._begun(word[0])
        compared = [one[:length] for one in self.words[alike.start : alike.stop]]
        near = process.extract(word, compared, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=None)
        return [alike.start + position for _found, _distance, position in near]


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
