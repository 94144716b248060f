"""What a wine goes with: a list of short texts, which people write as one text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cellar.folding import fold

MOST_PAIRINGS = 30
PAIRING_LENGTH = 60


def split_pairings(text: str) -> list[str]:
    """Read "Beef, Lamb", with commas, semicolons or lines between them; what is said twice counts once."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\r\n]", text):
        pairing = " ".join(part.split())
        found.setdefault(fold(pairing), pairing)
    return [pairing for pairing in found.values() if pairing]


def fitting_pairings(pairings: Iterable[str]) -> list[str]:
    """Return what a wine can keep of a list that nobody has looked at, such as that of a catalogue."""
    found = split_pairings("\n".join(pairings))
    return [pairing for pairing in found if len(pairing) <= PAIRING_LENGTH][:MOST_PAIRINGS]


def join_pairings(pairings: Iterable[str], between: str = ", ") -> str:
    return between.join(pairings)
