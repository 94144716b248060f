"""What the columns of a spreadsheet are called in nine languages: `headers.csv`, and how a header is matched to it.

A file's row is a field, a language and its names, the usual ones first. A name may belong to several fields ("Note" is
a comment in Italy and a rating in France): then the cells decide, in `columns`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from cellar.folding import fold
from cellar.money import CURRENCIES

FILE = Path(__file__).with_name("headers.csv")
_LONGEST = 80
# A misspelt header ("Appelation", "Purchse date") is this much like the right one, of 100.
_ALIKE = 88
_SHORTEST_FUZZY = 5
# So many rows of titles may be above the headers, of which at least so many are known.
_TITLES, _HEADERS = 6, 3
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "zł": "PLN", "Kč": "CZK"}
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_NO_WORD = re.compile(r"[^a-z0-9#/%]+")
_UNIT = re.compile(r"(?:^|[\s(\[])(ml|cl|dl|l|lt|ltr|liters?|litres?|liter|litri|litros)(?:$|[\s)\]])")
_UNITS = {"ml": "ml", "cl": "cl", "dl": "dl"}
_SLASH_SCALE = re.compile(r"/\s*(?:5|10|20|100)\s*$")
_OUT_OF = re.compile(r"(?:/|sur|out of|von|of|su|de|av|van)\s*(5|10|20|100)\b|\((5|10|20|100)\)")


@dataclass(frozen=True, slots=True)
class Named:
    """A field that a header may mean; `rank` is 0 for its usual name."""

    field: str
    rank: int


def key(header: str) -> str:
    """Return under what a header is looked up: "DateAdded", "date_added" and "Date added (UTC)" are "date added"."""
    spaced = _SLASH_SCALE.sub("", _BRACKETS.sub(" ", _CAMEL.sub(" ", header[:_LONGEST])))
    return _words(spaced) or _words(header[:_LONGEST])


def fields_of(header: str) -> tuple[Named, ...]:
    """Return the fields a header may mean, the likeliest first; none for a header nobody knows."""
    asked = _without_currency(key(header))
    known = _by_key()
    if asked in known:
        return known[asked]
    joined = asked.replace(" ", "")
    if joined in _joined():
        return known[_joined()[joined]]
    if len(asked) < _SHORTEST_FUZZY:
        return ()
    alike = process.extractOne(asked, known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return known[alike[0]] if alike else ()


def below_titles(rows: Sequence[Sequence[str]]) -> int:
    """Return how far below the first of these rows the headers are: above may be a title of some cells."""
    known = [sum(bool(cell.strip() and fields_of(cell)) for cell in row) for row in rows[:_TITLES]]
    wide = [sum(bool(cell.strip()) for cell in row) for row in rows[:_TITLES]]
    return next(
        (
            place
            for place in range(1, len(known))
            if known[place] >= _HEADERS and known[place] > 2 * known[0] and wide[place] >= 2 * wide[0]
        ),
        0,
    )


def currency_of(header: str) -> str:
    """Return the currency a header names ("Price (USD)", "Preis €"), or nothing."""
    for word in re.findall(r"[A-Z]{3}", header):
        if word in CURRENCIES:
            return str(word)
    return next((code for sign, code in _SIGNS.items() if sign in header), "")


def unit_of(header: str) -> str:
    """Return the unit of volume a header names ("Bottle Size Liters", "Volume (ml)"), or nothing."""
    found = _UNIT.search(fold(_CAMEL.sub(" ", header)))
    return _UNITS.get(found.group(1), "l") if found else ""


def scale_of(header: str) -> str:
    """Return the scale of ratings a header names ("Note /20", "Score (100)"), or nothing."""
    found = _OUT_OF.search(fold(header))
    return (found.group(1) or found.group(2)) if found else ""


@cache
def names() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return every field, language and names of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple((row["field"], row["language"], tuple(row["names"].split("; "))) for row in csv.DictReader(file))


def _words(text: str) -> str:
    return " ".join(word for word in _NO_WORD.split(fold(text)) if word)


def _without_currency(asked: str) -> str:
    """Return a header without a currency or unit that stands at its end: "price usd" is "price"."""
    words = asked.split()
    codes = {code.lower() for code in CURRENCIES}
    while len(words) > 1 and (words[-1] in codes or words[-1] == "in"):
        words.pop()
    return " ".join(words)


@cache
def _by_key() -> dict[str, tuple[Named, ...]]:
    found: dict[str, dict[str, int]] = {}
    for field, _language, written in names():
        for rank, name in enumerate(written):
            ranks = found.setdefault(key(name), {})
            ranks[field] = min(rank, ranks.get(field, rank))
    return {
        name: tuple(Named(field, rank) for field, rank in sorted(ranks.items(), key=lambda item: item[1]))
        for name, ranks in found.items()
    }


@cache
def _joined() -> dict[str, str]:
    """Return the names without spaces: "purchasedate" is "purchase date"."""
    return {name.replace(" ", ""): name for name in reversed(_by_key())}
