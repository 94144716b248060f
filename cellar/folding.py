"""Folding text so that what a person types finds what is written, whatever the accents, case or keyboard."""

import re
import unicodedata
from functools import lru_cache

# Letters and signs that Unicode does not decompose, with what people type instead of them (on phones, too, whose
# keyboards write curly quotes and long dashes by themselves).
_PLAIN = str.maketrans(
    {
        "œ": "oe",
        "ø": "o",
        "æ": "ae",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
        "`": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{HYPHEN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
    }
)
# There are none beyond.
_LETTERS = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(letter))
_COMBINING = re.compile(f"[{_LETTERS}]+")
# Most of a text is plain, and this much is told quickly.
_NOT_PLAIN = re.compile(r"[^\x00-\x7f]+")
_NUMBER = re.compile(r"(\d+)")
# Names come again and again, long texts do not.
_REMEMBERED_LENGTH = 100


def fold(text: str) -> str:
    """Return the text lower-cased, without accents, with single spaces: "CHÂTEAU  Pétrus" becomes "chateau petrus"."""
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return _remembered(text) if len(text) <= _REMEMBERED_LENGTH else _folded(text)


def counted(text: str) -> list[str | int]:
    """Return what a name is sorted by where people count: "Shelf 2" stands before "Shelf 10"."""
    # Words and numbers take turns, so that like is compared with like.
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBER.split(fold(text)))]


def _folded(text: str) -> str:
    plain = _without_accents(text)
    if plain.isascii():
        return fold(plain)
    # Casefold turns ß into ss and may itself bring new accents (İ) or letters to decompose: hence twice.
    folded = _without_accents(plain.casefold())
    return " ".join(folded.translate(_PLAIN).split())


def _without_accents(text: str) -> str:
    # Before decomposing, which would turn a lone acute accent into a space.
    decomposed = unicodedata.normalize("NFKD", text.replace("\N{ACUTE ACCENT}", "'"))
    return _NOT_PLAIN.sub(lambda match: _COMBINING.sub("", match.group()), decomposed)


_remembered = lru_cache(maxsize=4096)(_folded)
