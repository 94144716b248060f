"""Words as an engine read them, folded, with how far they can be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cellar.folding import fold

_WORD = re.compile(r"[a-z0-9]+")
# How sure an engine is of a word that it read several times rises, and never to certainty.
_TRUST = 0.9
# How sure an engine has to be of a word in a text. Specks and shadows become words of few letters.
_SURE_ENOUGH, _SURE_ENOUGH_OF_SHORT = 0.35, 0.6
_SHORT = 4


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with the engine's confidence (0 to 1) and its box in pixels of the picture that was read."""

    text: str
    confidence: float
    left: int
    top: int
    width: int
    height: int
    line: tuple[int, ...] = ()

    def precedes(self, other: ReadWord) -> bool:
        """Say whether the other one follows in the same line, so close that both may be parts of one word."""
        height = max(self.height, other.height)
        gap = other.left - self.left - self.width
        apart = abs((self.top + self.height / 2) - (other.top + other.height / 2))
        return apart < height / 2 and -height < gap < 1.5 * height


Reading = Sequence[ReadWord]


def lines(reading: Reading) -> str:
    """Return the text line by line, without words of which the engine was not sure enough."""
    found: dict[tuple[int, ...], list[str]] = {}
    for word in reading:
        if _is_there(word):
            found.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(words) for words in found.values())


def _is_there(word: ReadWord) -> bool:
    letters = sum(map(str.isalpha, word.text))
    is_short = letters <= _SHORT and not any(map(str.isdigit, word.text))
    least = _SURE_ENOUGH_OF_SHORT if is_short else _SURE_ENOUGH
    return word.confidence >= least and any(map(str.isalnum, word.text))


def tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared: folded, without signs; "d'Asti" is two."""
    return _WORD.findall(fold(text))


def trusted(readings: Iterable[Reading]) -> dict[str, float]:
    """Return every word of all readings with how far to trust it: more, the more readings have it."""
    doubt: dict[str, float] = {}
    for reading in readings:
        here: dict[str, float] = {}
        for word, confidence in _with_joined(reading):
            here[word] = max(confidence, here.get(word, 0.0))
        for word, confidence in here.items():
            doubt[word] = doubt.get(word, 1.0) * (1 - _TRUST * confidence)
    return {word: 1 - left for word, left in doubt.items()}


def _with_joined(reading: Reading) -> Iterator[tuple[str, float]]:
    """Yield the words and each pair of neighbours as one word: engines cut "SAN CERRE" where letters stand wide."""
    before: tuple[str, ReadWord] | None = None
    for word in reading:
        parts = tokens(word.text)
        whole = "".join(parts)
        yield from ((part, word.confidence) for part in parts)
        if len(parts) > 1:
            yield whole, 0.9 * word.confidence
        if not whole:
            continue
        if before and before[1].precedes(word):
            yield before[0] + whole, 0.95 * min(before[1].confidence, word.confidence)
        before = whole, word
