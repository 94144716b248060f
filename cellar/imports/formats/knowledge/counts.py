"""Numbers of bottles that are more than a number: "2 cases", "6 x 75cl"."""

from __future__ import annotations

import re

from cellar.folding import fold
from cellar.imports import cells

TIMES = re.compile(r"(\d{1,4})\s*[x×*]\s*(\d.*)")
# "2 cases" are not two bottles.
CASES = re.compile(
    r"(\d{1,4})\s*(?:cases?|caisses?|cartons?|kisten?|kartons?|cass[ae]|cartoni|cajas?|caixas?|lador|lada|kasser?|doz?en|"
    r"boxe?s?|cs)\b.*"
)


def is_count(text: str) -> bool:
    """Whether a cell says how many bottles there are."""
    if TIMES.fullmatch(text) or CASES.fullmatch(fold(text)):
        return True
    try:
        cells.read_quantity(text)
    except ValueError:
        return False
    return True
