"""Whether what a model says of a label can be true of a wine; what cannot is left out, and said to be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cellar.drinking import Window
from cellar.folding import fold
from cellar.labels.reading.findings import MOST_TEXT, Finding, Findings
from cellar.models import ProducerType, Sweetness, WineType
from cellar.models.wine import FIRST_YEAR, GRAPE_LENGTH, LAST_YEAR, MAX_GRAPES, NAME_LENGTH, PLACE_LENGTH
from cellar.reference import canonical_grape, country_of
from cellar.sizes import SIZES, parse_size

# A model that says it is certain is as sure as we ever are.
MOST_SURE = 0.95
_NON_VINTAGE = frozenset({"nv", "n.v.", "non-vintage", "non vintage"})
_MOST_ALCOHOL = Decimal(100)
_MOST_PERCENT = 100.001

# What a field is called in a warning.
TITLES: Mapping[str, Any] = {
    "producer": gettext_lazy("producer"),
    "name": gettext_lazy("name"),
    "vintage": gettext_lazy("vintage"),
    "type": gettext_lazy("type"),
    "sweetness": gettext_lazy("sweetness"),
    "country": gettext_lazy("country"),
    "region": gettext_lazy("region"),
    "sub_region": gettext_lazy("sub-region"),
    "appellation": gettext_lazy("appellation"),
    "vineyard": gettext_lazy("vineyard"),
    "classification": gettext_lazy("classification"),
    "alcohol": gettext_lazy("alcohol"),
    "size": gettext_lazy("size"),
    "drink_from": gettext_lazy("drink from"),
    "drink_until": gettext_lazy("drink until"),
    "producer_type": gettext_lazy("kind of producer"),
    "grapes": gettext_lazy("grapes"),
    "text": gettext_lazy("text"),
}


class _Untrue(ValueError):
    """A value that no wine has."""


def findings(
    values: Mapping[str, tuple[str, float]], blend: tuple[Iterable[tuple[str, float]], float]
) -> tuple[Findings, list[str]]:
    """Return what holds of the values and grapes (each with how sure it is), and the names of the fields left out."""
    found: Findings = {}
    dropped: list[str] = []
    for name, (value, confidence) in values.items():
        try:
            found[name] = Finding(_RULES[name](one_line(value)), _sure(confidence))
        except (_Untrue, KeyError):
            dropped.append(name)
    window = Window(_year_in(found, "drink_from"), _year_in(found, "drink_until"), None, None)
    if window.errors():
        dropped += [name for name in ("drink_from", "drink_until") if found.pop(name, None)]
    grapes, whole = _grapes(blend[0])
    if grapes:
        found["grapes"] = Finding(grapes, _sure(blend[1]))
    if not whole:
        dropped.append("grapes")
    return found, dropped


def left_out(names: Iterable[str]) -> str:
    """Return a sentence about fields that were left out."""
    listed = ", ".join(str(TITLES.get(name, name)) for name in names)
    return _("Left out, because no wine can be like that: %(fields)s.") % {"fields": listed}


def one_line(text: str) -> str:
    """Return the text without what cannot be seen (control characters, turned directions), with single spaces."""
    normal = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if c.isspace() else c for c in normal if c.isspace() or _is_seen(c)).split())


def lines(text: str) -> str:
    """Return the text of a label line by line, no longer than anybody reads."""
    cleaned = [one_line(line) for line in text[: 4 * MOST_TEXT].splitlines()]
    return "\n".join(line for line in cleaned if line)[:MOST_TEXT]


def _is_seen(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")


def _sure(confidence: float) -> float:
    return round(min(confidence, MOST_SURE), 2) if math.isfinite(confidence) and confidence > 0 else 0.0


def _text(length: int) -> Callable[[str], str]:
    def rule(text: str) -> str:
        if not any(map(str.isalnum, text)) or len(text) > length:
            raise _Untrue
        return text

    return rule


def _one_of(choices: type[TextChoices]) -> Callable[[str], str]:
    def rule(text: str) -> str:
        if not text or text not in choices.values:
            raise _Untrue
        return text

    return rule


def _vintage(text: str) -> str:
    if fold(text) in _NON_VINTAGE:
        return "NV"
    # What is sold before it is picked.
    return _year(text, timezone.localdate().year + 2)


def _year(text: str, last: int = LAST_YEAR) -> str:
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= last:
        raise _Untrue
    return text


def _country(text: str) -> str:
    found = country_of(text) if len(text) <= PLACE_LENGTH else None
    if found is None:
        raise _Untrue
    return found.name


def _alcohol(text: str) -> str:
    match = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?\s*(?:%.{0,10})?", text)
    percent = round(Decimal(f"{match[1]}.{match[2] or 0}"), 1) if match else Decimal(0)
    if not 0 < percent <= _MOST_ALCOHOL:
        raise _Untrue
    return f"{percent:g}" if percent % 1 else f"{int(percent)}"


def _size(text: str) -> str:
    try:
        ml = parse_size(text[:40])
    except ValueError:
        raise _Untrue from None
    if ml not in SIZES:
        raise _Untrue
    return str(ml)


_RULES: Mapping[str, Callable[[str], str]] = {
    "producer": _text(NAME_LENGTH),
    "name": _text(NAME_LENGTH),
    "vintage": _vintage,
    "type": _one_of(WineType),
    "sweetness": _one_of(Sweetness),
    "country": _country,
    "region": _text(PLACE_LENGTH),
    "sub_region": _text(PLACE_LENGTH),
    "appellation": _text(PLACE_LENGTH),
    "vineyard": _text(PLACE_LENGTH),
    "classification": _text(PLACE_LENGTH),
    "alcohol": _alcohol,
    "size": _size,
    "drink_from": _year,
    "drink_until": _year,
    "producer_type": _one_of(ProducerType),
}


def _year_in(found: Findings, name: str) -> int | None:
    return int(found[name].value) if name in found else None


def _grapes(blend: Iterable[tuple[str, float]]) -> tuple[list[dict[str, Any]], bool]:
    """Return the grapes under the names most used, and whether all that was said of them holds."""
    rows: dict[str, dict[str, Any]] = {}
    whole = True
    for said, percent in blend:
        name = one_line(said)
        if not any(map(str.isalnum, name)) or len(name) > GRAPE_LENGTH or len(rows) >= MAX_GRAPES:
            whole = whole and not name
            continue
        name = canonical_grape(name) or name
        rows.setdefault(fold(name), {"name": name, "percent": round(percent, 2) or None})
    if sum(row["percent"] or 0 for row in rows.values()) > _MOST_PERCENT:
        return [{"name": row["name"], "percent": None} for row in rows.values()], False
    return list(rows.values()), whole
