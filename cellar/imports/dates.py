"""Reading dates, and finding out from a whole column whether the day or the month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports.cells import CellError

FIRST_YEAR, LAST_YEAR = 1900, 2200
_NUMBERS = re.compile(r"(\d{1,4})\s*([./\-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?(?:[T\s,]+\d{1,2}:\d{2}.*)?")
_ISO_BASIC = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_EPOCH = date(1899, 12, 30)
# 1954 to 2064: what is bought and drunk.
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_DAY_FIRST = re.compile(
    r"(?:[a-z]+\.?,?\s+)?(\d{1,2})(?:\.|st|nd|rd|th|er|º)?[\s\-]+(?:de\s+)?([a-z]+)\.?,?[\s\-]+(?:de\s+)?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"(?:[a-z]+\.?,?\s+)?([a-z]+)\.?[\s\-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(\d{4})")
_TIME = re.compile(r"[T\s,]+\d{1,2}:\d{2}.*$")
# The beginnings of the months in English, German, French, Italian, Spanish, Portuguese, Dutch, Swedish, Danish.
_MONTHS = (
    ("jan", "gen", "ene", "janv"), ("feb", "fev", "fevr"), ("mar", "maerz", "marz", "mrz", "maa", "mrt"),
    ("apr", "avr", "abr"), ("may", "mai", "mag", "maj", "mei"), ("jun", "giu", "juin"), ("jul", "lug", "juil"),
    ("aug", "aou", "ago"), ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "dez", "dic"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateOrder:
    """What a column shows: "dmy", "mdy" or "ymd"; "" where all dates could be both, or some are one, some the other."""

    order: str
    is_mixed: bool = False
    # A date that shows it ("25.12.2023"), for the person.
    example: str = ""


def date_order(values: Iterable[str]) -> DateOrder:
    """Return in which order the dates of a column are, by the evidence of all of them."""
    evidence: dict[str, str] = {}
    for text in values:
        if (order := _order_shown(text)) and order not in evidence:
            evidence[order] = text.strip()[:40]
    numbered = {order: text for order, text in evidence.items() if order != "ymd"}
    if len(numbered) > 1:
        return DateOrder("", is_mixed=True)
    if not numbered:
        return DateOrder("ymd", example=evidence["ymd"]) if evidence else DateOrder("")
    order, example = next(iter(numbered.items()))
    return DateOrder(order, example=example)


def _order_shown(text: str) -> str:
    match = _NUMBERS.fullmatch(text.strip())
    if match is None:
        return ""
    first, second, last = match.group(1), int(match.group(3)), match.group(4)
    if len(first) == 4:
        return "ymd"
    if len(last) not in {2, 4}:
        return ""
    if int(first) > 12 >= second:
        return "dmy"
    if second > 12 >= int(first):
        return "mdy"
    # Where dates are written with points, the day comes first.
    return "dmy" if match.group(2) == "." and int(first) <= 12 and second <= 12 else ""


def read_date(text: str, order: str = "") -> date:
    """Read a date: ISO, numbers in the given order, or with the month's name in the languages of wine."""
    bare = text.strip()
    if match := _NUMBERS.fullmatch(bare):
        return _of_numbers(match.group(1), match.group(3), match.group(4), match.group(2), order, text)
    if match := _ISO_BASIC.fullmatch(bare):
        return _day(match.group(1), match.group(2), match.group(3), text)
    if match := _SERIAL.fullmatch(bare):
        return _of_serial(int(match.group(1)), text)
    folded = fold(_TIME.sub("", bare))
    if match := _DAY_FIRST.fullmatch(folded):
        return _day(match.group(3), _month(match.group(2), text), match.group(1), text)
    if match := _MONTH_FIRST.fullmatch(folded):
        return _day(match.group(3), _month(match.group(1), text), match.group(2), text)
    raise CellError(_unreadable(text))


def _of_serial(number: int, text: str) -> date:
    """Return the day that a spreadsheet counts, from the end of 1899 on."""
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        raise CellError(_unreadable(text))
    return _EPOCH + timedelta(days=number)


def _of_numbers(first: str, second: str, last: str, sign: str, order: str, text: str) -> date:
    if len(first) == 4:
        return _day(first, second, last, text)
    if len(last) not in {2, 4} or len(first) > 2:
        raise CellError(_unreadable(text))
    if order == "ymd" and len(last) == 2:
        return _day(first, second, last, text)
    day_first = _is_day_first(int(first), int(second), sign, order, text)
    day, month = (first, second) if day_first else (second, first)
    return _day(last, month, day, text)


def _is_day_first(first: int, second: int, sign: str, order: str, text: str) -> bool:
    if order in {"dmy", "mdy"}:
        return order == "dmy"
    if first > 12 or first == second or sign == ".":
        return True
    if second > 12:
        return False
    raise CellError(_("“%(text)s”: the day or the month could come first; choose which.") % {"text": text.strip()[:40]})


def _month(name: str, text: str) -> int:
    found = [number for number, starts in enumerate(_MONTHS, start=1) if name.startswith(starts)]
    if len(found) != 1:
        raise CellError(_unreadable(text))
    return found[0]


def _day(year: str | int, month: str | int, day: str | int, text: str) -> date:
    number = int(year)
    if len(str(year)) == 2:
        number += 1900 if number >= 70 else 2000
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise CellError(_unreadable(text))
    try:
        return date(number, int(month), int(day))
    except ValueError as error:
        raise CellError(_unreadable(text)) from error


def _unreadable(text: str) -> str:
    return _("“%(text)s” cannot be read as a date.") % {"text": text.strip()[:40]}
