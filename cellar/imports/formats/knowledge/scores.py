"""What critics print: "92-94", "18-19+", "(93-95)", "17.5/20"; and who they are."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

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
_SCALES = (Decimal(5), Decimal(20), Decimal(100))


def scale_of(printed: str) -> str:
    """Return the scale a printed score is on ("5", "20" or "100"), or nothing where it is no score."""
    match = _SCORE.fullmatch(printed.strip())
    if match is None or len(printed.strip()) > _PRINTED:
        return ""
    low, high, said = match.group("low"), match.group("high"), match.group("scale")
    top = max(_number(low), _number(high or low))
    if high in {"20", "100"} and "/" in printed and _number(low) <= _number(high):
        return high
    if said:
        return said if top <= Decimal(said) else ""
    if top <= 0 or (high and _number(low) > _number(high)):
        return ""
    return next((str(scale) for scale in _SCALES if top <= scale), "")


def is_range(printed: str) -> bool:
    return len(re.findall(_NUMBER, printed)) > 1


def critic(code: str) -> str:
    """Return a critic's name; of one that is not known, the letters."""
    return CRITICS.get(code, code)


def rating_scale(text: str) -> str:
    """Read how a file names the scale of a rating ("20", "100-point", "5 stars"), or nothing."""
    number = re.match(r"\s*(\d{1,3})", text)
    return number.group(1) if number and number.group(1) in Scale.values else ""


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
