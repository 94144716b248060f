"""Where a bottle lies."""

from __future__ import annotations

from cellar.imports.rows import Lot

LENGTH = 80


def lay(lot: Lot, *places: str, slot: str = "") -> Lot:
    """Say where bottles lie, from the outside in; a slot without a place around it is the place itself."""
    names = tuple(dict.fromkeys(name[:LENGTH].strip() for name in places if name.strip()))
    slot = slot[:LENGTH].strip()
    lot.place, lot.slot = (names, slot) if names else ((slot,) if slot else (), "")
    return lot
