"""From the text of a label to fields, by rules and by our own lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from django.utils import timezone

from cellar.folding import fold
from cellar.labels.reading.findings import Finding, Findings
from cellar.reference import lists
from cellar.sizes import SIZES, parse_size

FIRST_VINTAGE = 1900
# A year in words before which a house was founded, not a wine made.
_FOUNDED = re.compile(
    r"\b(since|est|estd|established|founded|anno|seit|gegr\w*|depuis|fond\w*|desde|dal|dal|casa|famil\w*|clas\w* en"
    r"|in|en|em|de|of|from|anos?|desde|lot|l|nr?|no|art|iso|reg|www|copyright|©)\W{0,3}$"
)
_MADE = re.compile(
    r"\b(vintage|millesime|recolte|vendange|cosecha|anada|vindima|colheita|vendemmia|annata|jahrgang|harvest)\W{0,3}$"
)
_YEAR = re.compile(
    r"(?<![\d.,/€$£-])(?<![€$£] )(1[89]\d\d|20\d\d)(?![\d%€$£/]|[.,]\d|\s*(?:ml|cl|%|°|[€$£]|eur|chf|usd|ha\b|m\b))"
)
_ALCOHOL = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:\s?[.,]\s?\d{1,2})?)\s*(%|°|º|o/o)\s*(?:by\s*)?(vol|alc|alk|acl|a\.?b\.?v)?|"
    r"\b(?:alc|alk|alcohol|alcool|abv)\W{0,3}(\d{1,2}(?:[.,]\d{1,2})?)(?!\d)"
)
_WEAKEST, _STRONGEST = 4.5, 24.0
_SIZE = re.compile(
    r"(?<![\d.,])(\d{1,4}(?:[.,]\d{1,3})?)\s?(ml|cl|dl|litres?|liters?|litri|litros?|lt|l)\s?[e℮]?(?![a-z0-9])"
)
_SIZE_NAME = re.compile(r"\b(double magnum|magnum|half bottle|demi-bouteille|imperiale?|methuselah|salmanazar)\b")
_NON_VINTAGE = re.compile(r"(?<!\w)(n\.?\s?v\.?|non[ -]vintage|sans annee)(?!\w)")

_TYPE_WORDS = {
    "red": "tinto rosso rouge red rotwein tinta rot",
    "white": "branco bianco blanc white weisswein blanco weiss",
    "rose": "rose rosado rosato roze roseda",
    "orange": "orange skin-contact",
    "sparkling": "espumante spumante sparkling cava cremant champagne sekt winzersekt brut prosecco franciacorta"
    " mousseux espumoso frizzante methode-traditionnelle",
    "fortified": "port porto sherry jerez madeira marsala banyuls maury rivesaltes oloroso amontillado manzanilla",
    "dessert": "sauternes barsac icewine eiswein beerenauslese trockenbeerenauslese tokaji tokaj passito recioto",
}
TYPE_OF_WORD = {word: kind for kind, words in _TYPE_WORDS.items() for word in words.split()}
# A word of the first says more than one of the second: a "Brut Rosé" is sparkling, a "White Port" fortified.
_STRONGER = ("fortified", "dessert", "sparkling", "orange", "rose", "red", "white")
COLOURS = frozenset({"rose", "red", "white"})
_SWEETNESS = (
    ("off_dry", r"extra dry|halbtrocken|feinherb|off[ -]dry|abboccato|semi[ -]?dry"),
    (
        "medium",
        r"demi[ -]sec|medium dry|semi[ -]?seco|meio seco|lieblich|amabile|semi[ -]?dulce|meio doce|medium sweet",
    ),
    (
        "sweet",
        r"doux|moelleux|liquoreux|dolce|dulce|doce|suss|edelsuss|sweet|beerenauslese|trockenbeerenauslese|eiswein",
    ),
    ("dry", r"brut nature|extra brut|brut|trocken|secco|seco|dry(?! (?:creek|river))|sec"),
)
_PRODUCER_TYPE = (
    ("cooperative", r"cooperative|cooperativa|cantina sociale|adega cooperativa|winzergenossenschaft|cave cooperative"),
    ("negociant", r"negociants?(?:[ -]eleveurs?)?"),
    (
        "estate",
        r"mis en bouteille (?:au|a la) (?:chateau|domaine|propriete)|estate bottled|erzeugerabfullung|gutsabfullung"
        r"|imbottigliato all'origine|engarrafado na (?:quinta|origem|propriedade)",
    ),
)
_LONG_CLASSES = (
    ("DOCG", r"denominazione di origine controllata e garantita"),
    ("DOC", r"denominazione di origine controllata|denominacao de origem controlada"),
    ("DO", r"denominacion de origen(?! calificada| protegida)"),
    ("DOCa", r"denominacion de origen calificada"),
    ("AOC", r"appellation [\w' -]{0,40}controlee"),
    ("IGT", r"indicazione geografica tipica"),
    ("Vinho Regional", r"vinho regional"),
)
# Words of our lists that stand on labels for other reasons as well.
_TOO_COMMON = frozenset({
    "classic", "cru", "superior", "selection", "premium", "reserve", "quinta", "clos", "wein", "rive", "noble",
    "vigna", "village", "castelli", "leal", "joven", "cream", "viejo", "escolha", "brut", "sec", "doux", "trocken",
    "seco", "branco", "tinto", "rosso", "bianco", "blanc", "noir", "doc", "mesa", "cava", "selo",
})  # fmt: skip
_LONGEST_NAME = 6
_FEW_LETTERS = 3
_OF_FEW_LETTERS = 0.7
# Letters before a figure that say what it is.
_WORDS_BEFORE = 40


def findings(texts: Sequence[str], *, trust: float = 0.95) -> Findings:
    """Return the fields that the text of a label tells; of several readings of it, more agree on what is sure.

    `trust` is how sure a value is that every reading has.
    """
    folded = [[fold(line) for line in text.splitlines()] for text in texts]
    found: Findings = {}
    for name, of_line in _LINE_RULES.items():
        _vote(found, name, [list(_all(of_line, lines)) for lines in folded], trust)
    _vote(found, "type", [_types(lines) for lines in folded], trust * 0.95)
    for name, values in _places([" ".join(lines) for lines in folded]).items():
        _vote(found, name, values, trust * 0.9)
    grapes = [_grapes(" ".join(lines)) for lines in folded]
    if names := _agreed([[(name, 0.85) for name in one] for one in grapes]):
        percents = {name: percent for one in grapes for name, percent in one.items() if percent is not None}
        rows = [{"name": name, "percent": percents.get(name)} for name in names]
        found["grapes"] = Finding(rows, round(trust * 0.9 * min(names.values()), 2))
    return found


def _all(rule: object, lines: Iterable[str]) -> Iterator[tuple[str, float]]:
    assert callable(rule)  # noqa: S101 (for the type checker)
    for line in lines:
        yield from rule(line)


def _agreed(readings: Sequence[Sequence[tuple[str, float]]]) -> dict[str, float]:
    """Return each value with its weight, less where only one of several readings has it; most agreed upon first.

    What stands on few letters is left out where only one of several readings has it: specks are read as "NV" or "AVA".
    """
    counts: Counter[str] = Counter()
    weights: dict[str, float] = {}
    for values in readings:
        for value, weight in values:
            weights[value] = max(weight, weights.get(value, 0.0))
        counts.update(dict.fromkeys((value for value, _weight in values), 1))
    enough = min(2, len(readings))
    agreed = {
        value: weights[value] * (1.0 if counts[value] >= enough else 0.7)
        for value in counts
        if counts[value] >= enough or weights[value] > _OF_FEW_LETTERS
    }
    return dict(sorted(agreed.items(), key=lambda pair: (-pair[1], -counts[pair[0]])))


def _vote(found: Findings, name: str, readings: Sequence[Sequence[tuple[str, float]]], trust: float) -> None:
    agreed = list(_agreed(readings).items())
    if not agreed:
        return
    value, weight = agreed[0]
    rivals = [other for _value, other in agreed[1:] if other > 0.6 * weight]
    found[name] = Finding(value, round(trust * weight * (0.6 if rivals else 1), 2))


def _before(line: str, match: re.Match[str]) -> str:
    """Return the words right before what was found; a line may be as long as a label's text."""
    return line[max(0, match.start() - _WORDS_BEFORE) : match.start()]


def _vintages(line: str) -> Iterator[tuple[str, float]]:
    for match in _YEAR.finditer(line):
        year, before = int(match[1]), _before(line, match)
        if not FIRST_VINTAGE <= year <= timezone.localdate().year + 1:
            continue
        if _MADE.search(before):
            yield str(year), 1.0
        elif not _FOUNDED.search(before):
            # A bare year of the years before most bottles that are still closed is rather that of a foundation.
            yield str(year), 0.9 if year >= 1970 else 0.4
    if _NON_VINTAGE.search(line):
        yield "NV", 0.5


def _alcohol(line: str) -> Iterator[tuple[str, float]]:
    for match in _ALCOHOL.finditer(line):
        text = (match[1] or match[4]).replace(" ", "").replace(",", ".")
        named = bool(match[3] or match[4]) or re.search(r"(alc|vol|alk)\W*$", _before(line, match))
        if match[2] == "°" and not named and "." not in text:
            continue
        if match[2] and not named and re.match(r"\s*[a-z]{3}", line[match.end() :]):
            continue  # "60 % Merlot"
        # A figure without its sign may have lost its decimals, too: "Alc. 14." of "Alc. 14.5 %".
        has_sign = bool(match[2]) or re.match(r"\s?(%|°|º|o/o)", line[match.end() :]) is not None
        if _WEAKEST <= float(text) <= _STRONGEST:
            yield f"{float(text):g}", 1.0 if named and has_sign else 0.75


def _sizes(line: str) -> Iterator[tuple[str, float]]:
    for match in _SIZE.finditer(line):
        try:
            ml = parse_size(match[0].rstrip("e℮ "))
        except ValueError:
            continue
        if ml in SIZES:
            yield str(ml), 1.0 if match[2] != "l" else 0.8
    for match in _SIZE_NAME.finditer(line):
        yield str(parse_size(match[1])), 0.8


def _one_of(rules: Sequence[tuple[str, str]], weight: float) -> object:
    compiled = [(value, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")) for value, pattern in rules]

    def of_line(line: str) -> Iterator[tuple[str, float]]:
        for value, pattern in compiled:
            if pattern.search(line):
                yield value, weight
                return

    return of_line


def _types(lines: Sequence[str]) -> list[tuple[str, float]]:
    words = {word for line in lines for word in re.findall(r"[a-z-]+", line)}
    kinds = {TYPE_OF_WORD[word] for word in words & TYPE_OF_WORD.keys()}
    strongest = next((kind for kind in _STRONGER if kind in kinds), None)
    # Where only a colour was read, a smaller word may say that the wine is sparkling, or sweet.
    return [(strongest, 0.85 if strongest in COLOURS else 1.0)] if strongest else []


def types_named(words: Iterable[str]) -> frozenset[str]:
    """Return the types that words name, all of them."""
    return frozenset(TYPE_OF_WORD[word] for word in words if word in TYPE_OF_WORD)


def _classes(line: str) -> Iterator[tuple[str, float]]:
    for value, pattern in _COMPILED_CLASSES:
        if pattern.search(line):
            yield value, 0.8
            return
    named = list(_named(line, _class_names()))
    if named:
        longest = max(named, key=len)
        yield longest, 0.85 if len(longest) > _FEW_LETTERS else _OF_FEW_LETTERS


def _places(texts: Sequence[str]) -> dict[str, list[list[tuple[str, float]]]]:
    """Return for each level what each reading names; the narrowest place brings those around it along."""
    levels: dict[str, list[list[tuple[str, float]]]] = {
        name: [[] for _text in texts] for name in ("country", "region", "sub_region", "appellation")
    }
    for number, text in enumerate(texts):
        named = list(_named(text, _place_names()))
        countries = set(_named(text, _country_names()))
        for country in countries:
            levels["country"][number].append((country, 0.95))
        for one in sorted(named, key=len, reverse=True)[:1]:
            place = lists.place_of(one, next(iter(countries)) if len(countries) == 1 else None) or lists.place_of(one)
            if place is None:
                continue
            levels["region"][number].append((place.region, 0.9))
            if place.sub_region:
                levels["sub_region"][number].append((place.sub_region, 0.85))
            if place.appellation:
                levels["appellation"][number].append((place.appellation, 0.85))
            if not countries:
                levels["country"][number].append((place.country, 0.85))
    return {name: values for name, values in levels.items() if any(values)}


def _grapes(text: str) -> dict[str, float | None]:
    """Return the grapes that are named, with the percentage before or behind each ("60 % Merlot")."""
    found: dict[str, float | None] = {}
    for name in _named(text, _grape_names()):
        grape = lists.canonical_grape(name)
        if grape:
            found.setdefault(grape, _percent_beside(text, name))
    if sum(percent or 0 for percent in found.values()) > 100:
        return dict.fromkeys(found)
    return found


def _percent_beside(text: str, name: str) -> float | None:
    words = re.escape(fold(name)).replace(r"\ ", r"[\s-]+")
    figure = r"(\d{1,3}(?:[.,]\d)?)\s?%"
    match = re.search(rf"{figure}\s?{words}", text) or re.search(rf"{words}\s?[(:]?\s?{figure}", text)
    percent = float(match[1].replace(",", ".")) if match else 0.0
    return percent if 0 < percent <= 100 else None


def _named(text: str, names: dict[str, str]) -> Iterator[str]:
    """Yield the names of a list that stand in the text, the longest where one is part of another."""
    words = lists.key(text).replace(",", " ").replace(";", " ").split()
    words = [word.strip('()[]|:!*"') for word in words]
    start = 0
    while start < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            name = names.get(" ".join(words[start : start + length]))
            if name is not None:
                yield name
                start += length
                break
        else:
            start += 1


@cache
def _place_names() -> dict[str, str]:
    names = (name for place in lists.places() for name in (place.region, place.sub_region, place.appellation) if name)
    return _worth_finding(names)


@cache
def _grape_names() -> dict[str, str]:
    return _worth_finding(name for grape in lists.grapes() for name in (grape.name, *grape.synonyms))


@cache
def _class_names() -> dict[str, str]:
    return _worth_finding(lists.classifications(), shortest=3)


@cache
def _country_names() -> dict[str, str]:
    return {
        lists.key(name): country.name
        for country in lists.countries()
        for name in (country.name, *country.synonyms)
        if len(name) >= 4
    }


def _worth_finding(names: Iterable[str], shortest: int = 4) -> dict[str, str]:
    """Return the names by their key, without those so short or common that they say nothing."""
    keyed: dict[str, str] = {}
    for name in names:
        key = lists.key(name)
        if len(key) >= shortest and key not in _TOO_COMMON:
            keyed.setdefault(key, name)
    return keyed


_COMPILED_CLASSES = [(value, re.compile(pattern)) for value, pattern in _LONG_CLASSES]
_LINE_RULES = {
    "vintage": _vintages,
    "alcohol": _alcohol,
    "size": _sizes,
    "classification": _classes,
    "sweetness": _one_of(_SWEETNESS, 0.85),
    "producer_type": _one_of(_PRODUCER_TYPE, 0.85),
}
