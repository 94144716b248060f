"""Keeping a planned row as text, and reading it again."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from cellar.imports.rows import CriticScore, Lot, Note, SkippedCell

Kept = TypeVar("Kept")
_DATES = {"purchased_on", "delivered_on", "expected_on", "opened_on", "consumed_on", "tasted_on"}
_IDS = {"bottle_id", "note_id"}
_DECIMALS = {"rating", "alcohol"}


@dataclass(slots=True)
class Arrival:
    """Bottles that are to be made, with the key by which each is known again; `location_id` is where they lie."""

    lot: Lot
    keys: list[str]
    location_id: UUID | None = None
    row: int | None = None
    column: int | None = None


@dataclass(slots=True)
class Change:
    """A bottle that is there, and has to become what the file says of it."""

    bottle_id: UUID
    state_before: str
    lot: Lot
    location_id: UUID | None = None


@dataclass(slots=True)
class Plan:
    """What is to be done about one row: facts of its wine (all for a new one, those that are filled in otherwise)."""

    facts: dict[str, Any] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: dict[UUID, Note] = field(default_factory=dict)
    scores: dict[UUID, CriticScore] = field(default_factory=dict)
    skipped_cells: list[SkippedCell] = field(default_factory=list)
    # The wine was archived; it is again when the import is undone.
    was_archived: bool = False


def pack(plan: Plan) -> str:
    """Return a plan as JSON; what is as usual is left out."""
    packed: dict[str, Any] = {
        "facts": {name: str(value) if name in _DECIMALS else value for name, value in plan.facts.items()},
        "arrivals": [[_bare(one.lot), one.keys, _text(one.location_id), one.row, one.column] for one in plan.arrivals],
        "changes": [
            [str(one.bottle_id), one.state_before, _bare(one.lot), _text(one.location_id)] for one in plan.changes
        ],
        "notes": {str(pk): _bare(note) for pk, note in plan.notes.items()},
        "scores": {str(pk): _bare(score) for pk, score in plan.scores.items()},
        "skipped": [[cell.column, cell.text, cell.reason] for cell in plan.skipped_cells],
        "was_archived": plan.was_archived,
    }
    return json.dumps({name: value for name, value in packed.items() if value}, ensure_ascii=False)


def unpack(text: str) -> Plan:
    packed = json.loads(text) if text else {}
    facts = packed.get("facts", {})
    return Plan(
        facts={name: Decimal(value) if name in _DECIMALS else value for name, value in facts.items()},
        arrivals=[
            Arrival(_whole(Lot, lot), keys, _id(place), row, column)
            for lot, keys, place, row, column in packed.get("arrivals", ())
        ],
        changes=[
            Change(UUID(pk), state, _whole(Lot, lot), _id(place)) for pk, state, lot, place in packed.get("changes", ())
        ],
        notes={UUID(pk): _whole(Note, note) for pk, note in packed.get("notes", {}).items()},
        scores={UUID(pk): _whole(CriticScore, score) for pk, score in packed.get("scores", {}).items()},
        skipped_cells=[SkippedCell(*cell) for cell in packed.get("skipped", ())],
        was_archived=packed.get("was_archived", False),
    )


def _text(pk: UUID | None) -> str | None:
    return None if pk is None else str(pk)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _defaults(kind: type[Any]) -> dict[str, Any]:
    return {one.name: None if one.default is MISSING else one.default for one in fields(kind)}


_DEFAULTS = {kind: _defaults(kind) for kind in (Lot, Note, CriticScore)}


def _bare(kept: Any) -> dict[str, Any]:
    """Return the fields that are not as usual, as JSON has them."""
    defaults = _DEFAULTS[type(kept)]
    return {name: _plain(value) for name, usual in defaults.items() if (value := getattr(kept, name)) != usual}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _whole(kind: type[Kept], packed: dict[str, Any]) -> Kept:
    return kind(**{name: _value(name, value) for name, value in packed.items()})


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    if name in _IDS:
        return UUID(value)
    if name in _DECIMALS:
        return Decimal(value)
    return tuple(value) if name == "place" else value
