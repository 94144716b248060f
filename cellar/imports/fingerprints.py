"""By what bottles, notes and scores are known again when a file is brought a second time."""

from __future__ import annotations

import hashlib
import uuid
from uuid import UUID

from cellar.imports.known import score_id
from cellar.imports.rows import CriticScore, Lot, Note, Row


def base_of(lot: Lot, wine_id: UUID) -> str:
    """Return what the bottles of a lot are known by again: what does not change while they lie there."""
    if lot.bottle_id:
        return f"id:{lot.bottle_id.hex}"
    if lot.barcode:
        return f"b:{lot.barcode}"
    if lot.key:
        return f"k:{_hash(f'{wine_id}|{lot.key}|{lot.size_ml}')}"
    paid = f"{lot.unit_price}|{lot.currency}|{lot.store.casefold()}|{lot.purchased_on}"
    return f"f:{_hash(f'{wine_id}|{lot.size_ml}|{paid}')}"


def is_of_a_system(row: Row) -> bool:
    return bool(row.wine.get("cellartracker_id") or row.wine.get("vivino_url") or row.wine_key)


def _hash(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def note_id_of(wine_id: UUID, note: Note) -> UUID:
    return note.note_id or uuid.uuid5(wine_id, f"note {note.tasted_on}|{note.text}|{note.rating}|{note.scale}")


def score_id_of(wine_id: UUID, score: CriticScore) -> UUID:
    return score_id(wine_id, score.source, score.reviewer, score.year)
