"""Which wines of a catalogue the words of a label speak of: rare words count more, misread ones less."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from cellar.folding import fold
from cellar.labels.reading.words import tokens

# Words that say nothing of which wine it is, in the languages of labels: also those of a founder and of a bottler, who
# are on many labels and in few names.
_FILLERS = frozenset({
    "a", "and", "az", "by", "da", "das", "de", "del", "della", "delle", "dei", "den", "der", "des", "di", "do",
    "dos", "du", "e", "el", "et", "il", "in", "la", "las", "le", "les", "lo", "los", "of", "the", "und", "van",
    "vin", "vino", "vinho", "von", "wine", "wein", "y", "product", "bottled",
    "anno", "contains", "contiene", "depuis", "desde", "embotellado", "engarrafado", "erzeugerabfullung", "estd",
    "fondata", "founded", "gutsabfullung", "imbottigliato", "prodotto", "produced", "producto", "produit", "produto",
    "seit", "since", "solfiti", "sulfites", "sulfitos", "sulphites",
})  # fmt: skip
# What stands on labels of all wines.
BOILERPLATE = frozenset({
    "alc", "appellation", "bottled", "bouteille", "bottle", "contains", "controlada", "controlee", "controllata",
    "denominacao", "denominacion", "denominazione", "domaine", "estate", "estd", "grown", "imbottigliato", "mis",
    "origem", "origen", "origine", "orig", "produce", "produced", "product", "produit", "produto", "prodotto",
    "regional", "since", "sulfites", "sulphites", "solfiti", "sulfitos", "vino", "vin", "vinho", "vinhos", "vol",
    "wine", "wines",
})  # fmt: skip
_FILLER_WEIGHT = 0.3
_FIRST_ROUND = 300
# How like a word has to be, by its length: a letter more or less in four, one misread in five, two in eight.
_LIKENESS = {4: 0.86, 5: 0.8}
_LIKENESS_OF_LONG = 0.74
_SHARPNESS = 4
# Words of a label that are compared, the surest first, and letters of one that may be another one misread.
_MOST_WORDS = 1_000
_LONGEST_WORD = 30
# What a country named on the label says for its wines, and against all others.
_SAME_COUNTRY = 0.8
# From here on (of 100) two spellings of a producer are one.
_SAME_PRODUCER = 80
# Below that a wine shares no more with the label than with any other photo.
WORST = 0.2
# How far a word of so many letters can be trusted to be there rather than to be made of specks and shadows.
_WEIGHT_BY_LENGTH = {3: 0.35, 4: 0.7, 5: 0.9}
_WEIGHT_OF_SCRAPS = 0.1


@dataclass(frozen=True, slots=True)
class KnownWine:
    """What a catalogue knows of a wine: what its label tells, and what completes the form."""

    wine_id: int
    producer: str
    name: str
    type: str = ""
    country: str = ""
    region: str = ""
    grapes: tuple[str, ...] = ()
    alcohol: Decimal | None = None
    vintages: frozenset[int] = frozenset()
    non_vintage: bool = False
    body: str = ""
    acidity: str = ""
    pairings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wine that may be the one on the label.

    `score` counts rare words read well: one word that a single wine has is about 1. `producer_seen` and `name_seen`
    are the shares of their words that were read, between 0 and 1.
    """

    wine: KnownWine
    score: float
    producer_seen: float
    name_seen: float


@dataclass(frozen=True, slots=True)
class Clues:
    """What a label says beside its words: type, country, alcohol, vintage; each may be missing."""

    types: frozenset[str] = frozenset()
    country: str = ""
    alcohol: Decimal | None = None
    vintage: int | None = None
    hue: str = ""


@dataclass(slots=True)
class _Seen:
    """A word of the catalogue found on the label: how sure, and as which word it was read."""

    value: float
    read_as: str


@dataclass(slots=True)
class Index:
    """The words of a catalogue: which wines have each, and which words share three letters in a row."""

    wine_ids: array[int] = field(default_factory=lambda: array("Q"))
    wines: dict[str, array[int]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    threes: dict[str, array[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[tuple[int, str]]) -> Index:
        """Build the index from each wine's id and its producer, name and region in one text."""
        index = cls()
        wines: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, (wine_id, text) in enumerate(names):
            index.wine_ids.append(wine_id)
            for word in set(tokens(text)):
                wines[word].append(number)
        index.wines = dict(wines)
        index.words = [word for word in wines if len(word) >= min(_LIKENESS)]
        threes: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for number, word in enumerate(index.words):
            for three in _threes(word):
                threes[three].append(number)
        index.threes = dict(threes)
        return index

    def rarity(self, word: str) -> float:
        """Return how much a word tells: the logarithm of how few wines have it."""
        found = len(self.wines.get(word, ()))
        weight = math.log((len(self.wine_ids) + 1) / (found + 0.5))
        return max(0.0, weight * (_FILLER_WEIGHT if word in _FILLERS else 1))

    def seen(self, read: Mapping[str, float]) -> dict[str, _Seen]:
        """Return the catalogue's words that were read, letter by letter or nearly."""
        found: dict[str, _Seen] = {}
        surest = sorted(read.items(), key=lambda pair: -pair[1])[:_MOST_WORDS]
        for word, trust in surest:
            if word in self.wines and len(word) < 3:
                _keep(found, word, _WEIGHT_OF_SCRAPS * trust, word)
            elif word in self.wines:
                _keep(found, word, _weight(word) ** (2 - 2 * trust) * (0.4 + 0.6 * trust), word)
            if len(word) >= min(_LIKENESS):
                # A word that is one in its own right is seldom another one misread.
                sharpness = (0.3 + 0.7 * trust) * (0.6 if word in self.wines or word in BOILERPLATE else 1)
                for near, likeness in self._near(word):
                    _keep(found, near, _weight(near) * likeness**_SHARPNESS * sharpness, word)
        return found

    def _near(self, word: str) -> list[tuple[str, float]]:
        if len(word) > _LONGEST_WORD:
            return []
        shared: Counter[int] = Counter()
        for three in _threes(word):
            shared.update(self.threes.get(three, ()))
        enough = max(1, (len(word) - 2) // 3)
        result = []
        for number, count in shared.items():
            if count < enough:
                continue
            other = self.words[number]
            least = _LIKENESS.get(len(other), _LIKENESS_OF_LONG)
            likeness = Indel.normalized_similarity(word, other, score_cutoff=least)
            if least <= likeness < 1:
                result.append((other, likeness))
        return result

    def first_round(self, seen: Mapping[str, _Seen]) -> list[int]:
        """Return the ids of the wines that have most of what was read, the best first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word, one in seen.items():
            gain = one.value * self.rarity(word)
            for number in self.wines[word]:
                scores[number] += gain
        best = sorted(scores, key=lambda number: -scores[number])[:_FIRST_ROUND]
        return [self.wine_ids[number] for number in best]


def _threes(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _weight(word: str) -> float:
    return _WEIGHT_BY_LENGTH.get(len(word), 1.0)


def _keep(found: dict[str, _Seen], word: str, value: float, read_as: str) -> None:
    before = found.get(word)
    if before is None or value > before.value:
        found[word] = _Seen(value, read_as)


def ranked(
    wines: Sequence[KnownWine], index: Index, seen: Mapping[str, _Seen], clues: Clues, *, limit: int = 30
) -> list[Candidate]:
    """Return the wines by how well they explain what was read, the best first."""
    unit = math.log(len(index.wine_ids) + 2)
    scored = sorted(((_score(wine, index, seen, clues), wine) for wine in wines), key=lambda pair: -pair[0][0])
    return [
        Candidate(wine, score / unit, producer_seen, name_seen)
        for (score, producer_seen, name_seen), wine in scored[:limit]
        if score / unit >= WORST
    ]


def _score(wine: KnownWine, index: Index, seen: Mapping[str, _Seen], clues: Clues) -> tuple[float, float, float]:
    producer, name = set(tokens(wine.producer)), set(tokens(wine.name))
    # Names of wines hold few countries, so how rare they are there says nothing: `_agreement` looks at them.
    place = set(tokens(wine.region)) - producer - name
    grapes = set(tokens(" ".join(wine.grapes))) - producer - name - place
    values = _explained(producer | name | place | grapes, seen)

    def part(words: set[str]) -> tuple[float, float]:
        weights = {word: index.rarity(word) for word in words}
        return sum(weights[word] * values.get(word, 0.0) for word in words), sum(weights.values())

    both, all_of_both = part(producer | name)
    share = both / all_of_both if all_of_both else 0.0
    # A word of the producer that the name has, too, says nothing of which of the producer's wines it is.
    shares = [got / total if total else 0.0 for got, total in (part(producer), part(name - producer or name))]
    score = both * share**0.4 + 0.25 * part(place)[0] + 0.15 * part(grapes)[0]
    score += 2 * math.sqrt(shares[0] * shares[1])
    score += _agreement(wine, clues)
    return score, shares[0], shares[1]


def _explained(words: set[str], seen: Mapping[str, _Seen]) -> dict[str, float]:
    """Return how well each word was seen, where one word on the label stands for one word of the wine."""
    taken: set[str] = set()
    values = {}
    for word in sorted(words & seen.keys(), key=lambda word: -seen[word].value):
        one = seen[word]
        if one.read_as not in taken:
            taken.add(one.read_as)
            values[word] = one.value
    return values


def _agreement(wine: KnownWine, clues: Clues) -> float:
    """Return what speaks for the wine beside its words, or against it."""
    gain = 0.0
    if clues.types and wine.type:
        gain += 1.0 if wine.type in clues.types else -0.5
    elif clues.hue and wine.type:
        gain += 0.4 if wine.type == clues.hue else 0.0
    if clues.country and wine.country:
        gain += _SAME_COUNTRY if wine.country == clues.country else -_SAME_COUNTRY
    if clues.alcohol is not None and wine.alcohol is not None:
        apart = abs(wine.alcohol - clues.alcohol)
        gain += 0.5 if apart <= Decimal("0.5") else -0.5 if apart > 2 else 0.0
    if clues.vintage and wine.vintages:
        gain += 0.3 if clues.vintage in wine.vintages else -0.3
    return gain


def is_same_producer(first: str, second: str) -> bool:
    """Say whether two spellings may be of one producer: "Ch. Suduiraut" and "Château Suduiraut Sauternes"."""
    return fuzz.token_set_ratio(fold(first), fold(second)) >= _SAME_PRODUCER
