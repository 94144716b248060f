"""What critics print: "92-94", "18-19+", "(93-95)", "17.5/20"; and who they are."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from cellar.imports import cells
from cellar.imports.rows import CriticScore
from cellar.models import Scale

# The critics whom CellarTracker names by letters and who are known beyond doubt; others keep their letters.
CRITICS = {
    "WA": "Wine Advocate", "WS": "Wine Spectator", "IWC": "International Wine Cellar", "BH": "Burghound",
    "AG": "Vinous", "WE": "Wine Enthusiast", "JR": "Jancis Robinson", "JG": "John Gilman",
    "WFW": "World of Fine Wine", "WD": "Winedoctor", "JH": "James Halliday", "WWR": "Washington Wine Report",
    "TWF": "The Wine Front", "JS": "James Suckling", "JD": "Jeb Dunnuck", "WAL": "WineAlign",
}  # fmt: skip
CODES = (
    "WA", "WS", "IWC", "BH", "AG", "WE", "JR", "RH", "JG", "GV", "JK", "LD", "CW", "WFW", "PR", "SJ", "WD", "RR", "JH",
    "MFW", "WWR", "IWR", "CHG", "TT", "TWF", "DR", "FP", "JM", "PG", "WAL", "JS", "BG", "FTLOP", "BR", "LF", "GA", "JD",
)  # fmt: skip

_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_SCORE = re.compile(
    rf"[(\[]?\s*(?P<low>{_NUMBER})\s*(?:[-–—/]\s*(?P<high>{_NUMBER}))?\s*[+\-]?\s*[)\]]?\s*(?:/\s*(?P<scale>5|20|100))?"
    r"\s*(?:points|point|pts|pt|p)?\.?\s*[+]?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?P<source>[^\W\d][^:\d]{1,60}?)\s*[:\s–-]\s*(?P<score>[(\[]?\d.*)")
_BETWEEN = re.compile(r"\s*[;\n|]\s*|,\s+(?=[^\W\d])")
_PRINTED = 16
# "20", "1-5", "out of 100".
_TOP = re.compile(r"(?:\d+\s*[-–]\s*)?(\d+)")
_STARS = re.compile(r"([★*]{1,5})[☆]*")
_POINTS = re.compile(r"\s*(?:[*★]|stars?|points?|pts?\.?|punkte|puntos|punti)$", re.IGNORECASE)
_SCALES = (Decimal(5), Decimal(20), Decimal(100))


def scale_of(printed: str) -> str:
    """Return the scale a printed score is on ("5", "20" or "100"), or nothing where it is no score."""
    match = _SCORE.fullmatch(printed.strip())
    if match is None or len(printed.strip()) > _PRINTED:
        return ""
    low, high, said = match.group("low"), match.group("high"), match.group("scale")
    top = max(_number(low), _number(high or low))
    if "/" in printed and high:
        # "17/20", but also "92/94"; "8/10" is on a scale that no score is kept on.
        if high in Scale.values and _number(low) <= _number(high):
            return high
        if _number(high) <= 10:
            return ""
    if said:
        return said if top <= Decimal(said) else ""
    if top <= 0 or (high and _number(low) > _number(high)):
        return ""
    return next((str(scale) for scale in _SCALES if top <= scale), "")


def critic(code: str) -> str:
    """Return a critic's name; of one that is not known, the letters."""
    return CRITICS.get(code, code)


def rating_scale(text: str) -> str:
    """Read how a file names the scale of a rating ("20", "100-point", "5 stars"), or nothing."""
    number = _TOP.search(text)
    return number.group(1) if number and number.group(1) in Scale.values else ""


def is_scale(text: str) -> bool:
    """Whether a rating that a file says to be on this scale can be kept."""
    number = _TOP.search(text)
    return number is not None and (number.group(1) == "10" or number.group(1) in Scale.values)


def read_rating(text: str, scale: str, decimal: str = "") -> tuple[Decimal, str]:
    """Read somebody's own rating: "4.5", "17/20", "93 points", "★★★★"; and on which scale it is.

    `scale` is what the file says of it, in its words. Ten points are kept as a hundred, which is the same.
    """
    stars = _STARS.fullmatch(text.strip())
    bare, _slash, top = (str(len(stars.group(1))), "/", "5") if stars else text.partition("/")
    number = cells.read_number(_POINTS.sub("", bare.strip()), decimal)
    said = _TOP.search(top.strip() or scale)
    asked = said.group(1) if said else top or scale or scale_of(f"{number:f}")
    if asked == "10" and number <= 10:
        number, asked = number * 10, "100"
    rounded = number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if rounded <= 0 or asked not in Scale.values or number > int(asked):
        raise cells.CellError(_("This is no rating of 5, 10, 20 or 100 points."))
    return rounded, asked


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def community(source: str, average: Decimal, scale: str) -> CriticScore:
    """Return a community's average: a score under its name, never somebody's own rating."""
    rounded = average.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP).normalize()
    return CriticScore(source=source, value=f"{rounded:f}", scale=scale)


def pairs(text: str) -> list[tuple[str, str]]:
    """Read "Decanter: 94; Parker: 92-94" as critics and their scores; nothing where the cell is one score."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    found = [match for part in parts if (match := _NAMED.fullmatch(part))]
    if not found or len(found) < len(parts):
        return []
    return [(match.group("source").strip(" :-–"), match.group("score").strip()) for match in found]
