"""Reading the grapes of a cell: "Cabernet Sauvignon 60%, Merlot 40 %", "Pinot noir (100%)", "Syrah / Grenache"."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports.cells import NO_VALUE, CellError
from cellar.models.wine import GRAPE_LENGTH, MAX_GRAPES

_PERCENT = r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%"
_AFTER = re.compile(rf"(.+?)[\s:(\[-]*{_PERCENT}\s*[)\]]?")
_BEFORE = re.compile(rf"{_PERCENT}\s*(?:of\s+)?(.+)")
# A comma between digits belongs to a percentage.
_BETWEEN = re.compile(r"\s*(?:[;|\n+&]|,(?!\d+\s*%)|\s/\s|\s(?:and|und|et|y|e)\s)\s*")
_SLASH = re.compile(r"\s*/\s*")


def read_grapes(text: str) -> list[dict[str, Any]]:
    """Return the grapes as a wine keeps them; refused when their percentages are more than 100 together."""
    if fold(text) in NO_VALUE:
        return []
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(parts) == 1 and text.count("/") > 1:
        parts = _SLASH.split(text.strip())
    grapes: dict[str, dict[str, Any]] = {}
    for part in parts:
        grape = _grape(part.strip(" .,"))
        if grape["name"]:
            grapes.setdefault(fold(grape["name"]), grape)
    if sum(grape["percent"] or 0 for grape in grapes.values()) > 100.001:
        raise CellError(_("“%(text)s”: together these are more than 100 %%.") % {"text": text.strip()[:60]})
    if any(len(name) > GRAPE_LENGTH for name in grapes):
        raise CellError(_("A grape's name has at most %(most)d letters.") % {"most": GRAPE_LENGTH})
    if len(grapes) > MAX_GRAPES:
        raise CellError(_("“%(text)s” names more than %(most)d grapes.") % {"text": text[:60], "most": MAX_GRAPES})
    return list(grapes.values())


def _grape(part: str) -> dict[str, Any]:
    if match := _AFTER.fullmatch(part):
        return {"name": match.group(1).strip(), "percent": _share(match.group(2))}
    if match := _BEFORE.fullmatch(part):
        return {"name": match.group(2).strip(), "percent": _share(match.group(1))}
    return {"name": part, "percent": None}


def _share(text: str) -> float | None:
    share = float(text.replace(",", "."))
    if share > 100:
        raise CellError(_("“%(text)s” is more than 100 %%.") % {"text": text})
    return share or None
