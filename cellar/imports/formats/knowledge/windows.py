"""Drink windows as they are written: "2024-2030", "2026 2034", "from 2025", "2030+", "12/31/2046"."""

from __future__ import annotations

import re

FIRST, LAST = 1800, 2200
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_SHORT = re.compile(r"(?<!\d)(\d{4})\s*[-–/]\s*(\d{2})(?!\d)")
_NOTHING = re.compile(r"[0\s\-–.,;/]*|n/?a|none|null|unknown|9999", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:until|till|by|before|to|jusqu|avant|bis|entro|fino|hasta|ate|tot|now|jetzt|maintenant)\b", re.IGNORECASE
)
_FROM = re.compile(r"\b(?:from|after|since|ab|von|des|depuis|dal|da|desde|fran|fra|vanaf)\b|\+", re.IGNORECASE)


class UnreadableWindowError(ValueError):
    """Text that is no window of years."""


def read_window(text: str) -> tuple[int | None, int | None]:
    """Return the first and last year of a window; both may be missing. Raises UnreadableWindowError."""
    if _NOTHING.fullmatch(text.strip()):
        return None, None
    years = [int(year) for year in _YEAR.findall(text) if year != "9999"]
    short = _SHORT.search(text)
    if short and len(years) == 1:
        years.append(int(short.group(1)[:2] + short.group(2)))
    if not years and "9999" in text:
        return None, None
    if not 1 <= len(years) <= 2 or not all(FIRST <= year <= LAST for year in years):
        raise UnreadableWindowError
    if len(years) == 2:
        return _in_order(*years)
    return _one_sided(text, years[0])


def read_year(text: str) -> int | None:
    """Return the year of "2030", "2030.0", "1/1/2018" or "9999" (which is none). Raises UnreadableWindowError."""
    if _NOTHING.fullmatch(text.strip()):
        return None
    years = {int(year) for year in _YEAR.findall(text)}
    if len(years) != 1:
        raise UnreadableWindowError
    year = years.pop()
    if year == 9999:
        return None
    if not FIRST <= year <= LAST:
        raise UnreadableWindowError
    return year


def _in_order(first: int, last: int) -> tuple[int, int]:
    if first > last:
        raise UnreadableWindowError
    return first, last


def _one_sided(text: str, year: int) -> tuple[int | None, int | None]:
    if _FROM.search(text):
        return year, None
    if _UNTIL.search(text):
        return None, year
    # "2030" alone could be either.
    raise UnreadableWindowError
