"""Reading single cells: numbers, money, dates, vintages, quantities, in all the ways people write them.

A reader takes a text that is not empty and returns its value, or raises CellError with a sentence for the person. What
can be read in two ways is refused unless the column, or the person, says which is meant: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports.currencies import CROWNS, DOLLARS, currency_named
from cellar.money import MAX_MINOR, exponent
from cellar.sizes import parse_size

MAX_QUANTITY = 1200
FIRST_VINTAGE = 1800
NO_VALUE = frozenset({"", "-", "--", "–", "—", "n/a", "na", "(n/a)", "null", "none", "nan", "?", "unknown", "#n/a"})
_SPACES = " \u00a0\u202f\u2009'’"
_DIGITS = re.compile(r"[+]?\d+(?:[.,\s'’]\d+)*")
_THOUSANDS = re.compile(rf"[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?")
_MAX_DIGITS = 15


# What a spreadsheet shows for a formula without a result, in its language; "#N/A" is no value.
ERROR = re.compile(r"#[A-ZÄÖÜÉ/0-9_]{2,15}[!?]")


class CellError(ValueError):
    """A cell that cannot be read; the text is for the person."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units; `currency` is empty where the cell does not say."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Vintage:
    """A year, non-vintage, or unknown (neither)."""

    year: int | None = None
    non_vintage: bool = False


def read_number(text: str, decimal: str = "") -> Decimal:
    """Read 1.234,56, 1 234,56, 1,234.56 or 0,75; `decimal` is the decimal sign, where the column is known to have one.

    "1,234" alone is refused unless `decimal` says what it is.
    """
    return _number(text, decimal, is_money=False)


def _number(text: str, decimal: str, *, is_money: bool) -> Decimal:
    bare = text.strip()
    if _THOUSANDS.fullmatch(bare):
        bare = bare.translate(str.maketrans("", "", _SPACES))
        if "." not in bare and "," not in bare:
            return Decimal(bare)
        decimal = decimal or ("," if "," in bare else ".")
    if not _DIGITS.fullmatch(bare) or len(bare) > 2 * _MAX_DIGITS or any(sign in bare for sign in _SPACES):
        raise CellError(_unreadable_number(text))
    return _decimal_of(bare.removeprefix("+"), decimal, text, is_money=is_money)


def _decimal_of(bare: str, decimal: str, text: str, *, is_money: bool) -> Decimal:
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        decimal = "," if bare.rindex(",") > bare.rindex(".") else "."
    elif dots > 1 or commas > 1:
        decimal = "," if dots else "."
    elif dots or commas:
        decimal = _single(bare, "." if dots else ",", decimal, text, is_money=is_money)
    other = "." if decimal == "," else ","
    whole, _sign, fraction = bare.partition(decimal) if decimal else (bare, "", "")
    if other in whole:
        groups = whole.split(other)
        if not all(len(part) == 3 for part in groups[1:]) or not 1 <= len(groups[0]) <= 3:
            raise CellError(_unreadable_number(text))
        whole = "".join(groups)
    if other in fraction or len(whole) > _MAX_DIGITS:
        raise CellError(_unreadable_number(text))
    return Decimal(f"{whole}.{fraction or 0}")


def _single(bare: str, sign: str, decimal: str, text: str, *, is_money: bool) -> str:
    """Return the decimal sign of a number with a single sign in it."""
    whole, _sign, fraction = bare.partition(sign)
    could_be_thousands = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if not could_be_thousands:
        return sign
    if decimal:
        return decimal
    if is_money:  # nobody pays tenths of a cent
        return "," if sign == "." else "."
    raise CellError(
        _("“%(text)s” could be %(thousands)s or %(fraction)s: choose the decimal sign.")
        % {"text": text.strip()[:40], "thousands": whole + fraction, "fraction": f"{whole}.{fraction}"}
    )


def decimal_sign(values: Iterable[str]) -> str:
    """Return the decimal sign of a column by the evidence of all its cells, or "" where there is none, or both."""
    signs = {sign for text in values if (sign := _decimal_shown(text))}
    return signs.pop() if len(signs) == 1 else ""


def _decimal_shown(text: str) -> str:
    match = re.search(r"\d[\d.,\s'’]*", text)
    bare = match.group(0).strip(" .,") if match else ""
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        return "," if bare.rindex(",") > bare.rindex(".") else "."
    if dots + commas == 0:
        return ""
    sign = "." if dots else ","
    if dots + commas > 1:
        return "," if dots else "."
    whole, _sign, fraction = bare.partition(sign)
    is_clear = len(fraction) != 3 or len(whole) > 3 or whole.startswith("0")
    return sign if is_clear else ""


def read_money(text: str, currency: str = "", decimal: str = "") -> Money:
    """Read "€12.00", "$1,234.50", "25 kr", "SEK 899" or a bare number, which is in the `currency` given."""
    bare, found = _without_currency(text.strip(), currency)
    number = _number(bare, decimal, is_money=True)
    code = found or currency
    minor = int((number * 10 ** exponent(code)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if minor > MAX_MINOR:
        raise CellError(_("“%(text)s” is more than an amount can be.") % {"text": text.strip()[:40]})
    return Money(minor, code)


_AMOUNT = re.compile(r"(?P<before>[^\d+\-]*?)\s*(?P<number>[+\-]?\d[\d.,\s'’]*?)\s*(?:[-–—]\s*)?(?P<after>[^\d]*)")


def _without_currency(text: str, default: str) -> tuple[str, str]:
    """Return the number of an amount, and the currency before or after it."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise CellError(_unreadable_number(text))
    words = [word for word in (match.group("before").strip(), match.group("after").strip(" .,-–—")) if word]
    if len(words) > 1 or match.group("number").startswith("-"):
        raise CellError(_unreadable_number(text))
    return match.group("number").rstrip(" .,"), _currency(words[0], default) if words else ""


def _currency(word: str, default: str) -> str:
    if (bare := word.rstrip(".").casefold()) in {"kr", "skr", "nkr", "dkr"}:
        named = {"skr": "SEK", "nkr": "NOK", "dkr": "DKK"}.get(bare, default if default in CROWNS else "")
        if not named:
            raise CellError(_("“kr” is the money of several countries: choose the currency."))
        return named
    if word == "$":
        return default if default in DOLLARS else "USD"
    code = currency_named(word)
    if not code:
        raise CellError(_("“%(word)s” is no currency that is known here.") % {"word": word[:20]})
    return code


def read_currency(text: str) -> str:
    """Read "EUR", "€" or "euro" as an ISO 4217 code."""
    code = "USD" if text.strip() == "$" else currency_named(text)
    if not code:
        raise CellError(_("“%(word)s” is no currency that is known here.") % {"word": text.strip()[:20]})
    return code


def read_quantity(text: str) -> int:
    """Read a whole number of bottles: "6", "6.0", "6 bottles"; 0 is 0."""
    match = re.fullmatch(r"[+]?(\d{1,6})(?:[.,]0*)?(?:\s*[^\W\d_]+\.?)?", text.strip())
    if match is None:
        raise CellError(_("“%(text)s” is no number of bottles.") % {"text": text.strip()[:40]})
    number = int(match.group(1))
    if number > MAX_QUANTITY:
        raise CellError(
            _("%(number)d bottles are more than %(most)d in one row.") % {"number": number, "most": MAX_QUANTITY}
        )
    return number


_NON_VINTAGE = frozenset(
    fold(text)
    for text in (
        "NV", "N.V.", "N.V", "N/V", "MV", "1001", "S.A.", "SA", "o.J.", "non-vintage", "nonvintage", "multi-vintage",
        "non vintage", "multi vintage", "non millésimé", "non-millésimé", "sans année", "ohne Jahrgang", "sin añada",
    )
)  # fmt: skip
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:\s*/\s*(?:\d{2}|\d{4}))?")


# "’98": written so it is a year; "98" alone could be anything.
_SHORT_YEAR = re.compile(r"['’‘`´](\d{2})")


def read_vintage(text: str, last: int) -> Vintage:
    """Read "2015", "2023/24" (its first year), "NV", "1001" (non-vintage), "9999" (unknown), up to the year `last`."""
    folded = fold(text)
    if folded in _NON_VINTAGE:
        return Vintage(non_vintage=True)
    if folded in NO_VALUE or folded in {"9999", "0", "0000"}:
        return Vintage()
    if short := _SHORT_YEAR.fullmatch(text.strip()):
        return Vintage(_in_full(int(short.group(1)), last))
    match = _YEAR.fullmatch(folded)
    if match is None or not FIRST_VINTAGE <= int(match.group(1)) <= last:
        raise CellError(
            _("“%(text)s” is no vintage between %(first)d and %(last)d.")
            % {"text": text.strip()[:40], "first": FIRST_VINTAGE, "last": last}
        )
    return Vintage(int(match.group(1)))


def _in_full(year: int, last: int) -> int:
    """Return the year of which the last two figures are written after an apostrophe, the latest that there was."""
    century = last - last % 100
    return century + year if century + year <= last else century - 100 + year


def read_size(text: str) -> int:
    """Read "750ml", "75 cl", "1.5L", "Magnum" as millilitres."""
    return parse_size(text)


def read_alcohol(text: str, decimal: str = "") -> Decimal:
    """Read "13.5 %", "13,5", "13.5% vol."."""
    bare = re.sub(r"\s*(?:%|°)?\s*(?:vol|abv|alc)?\.?\s*$", "", text.strip(), flags=re.IGNORECASE)
    number = read_number(bare.rstrip("% °"), decimal)
    if not 0 <= number <= 100:
        raise CellError(_("“%(text)s” is no alcohol between 0 and 100 %%.") % {"text": text.strip()[:40]})
    return number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def read_yes(text: str) -> bool:
    """Read "Yes", "TRUE", "1", "x", "oui", "ja", and their opposites."""
    folded = fold(text).rstrip(".")
    if folded in {"yes", "y", "true", "1", "x", "oui", "ja", "si", "sim", "wahr", "vrai", "verdadero", "✓", "1.0"}:
        return True
    if folded in {"no", "n", "false", "0", "non", "nein", "nao", "nej", "falsch", "faux", "falso", "", "-", "0.0"}:
        return False
    raise CellError(_("“%(text)s” is neither yes nor no.") % {"text": text.strip()[:40]})


def _unreadable_number(text: str) -> str:
    return _("“%(text)s” cannot be read as a number.") % {"text": text.strip()[:40]}
