"""Where bottles of an import lie: places that are there under that name, or that are to be made; slots of racks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cellar.folding import fold
from cellar.imports.rows import Lot
from cellar.ledger import NOWHERE, Place
from cellar.models import Location, LocationKind
from cellar.models.location import MAX_COLUMNS, MAX_ROWS
from cellar.tree import Tree, load_tree

# So many bins become places of their own; those beyond are written into the notes of their bottles.
MAX_BINS = 200
MAX_PLACES = 400
_WORDS = {
    LocationKind.FRIDGE: ("fridge", "frigo", "kuhlschrank", "weinschrank", "cabinet", "cooler", "koelkast", "kyl"),
    LocationKind.RACK: ("rack", "regal", "casier", "scaffale", "estante", "rek", "hylla"),
    LocationKind.OFFSITE: ("storage", "offsite", "warehouse", "lager", "bonded", "bond"),
    LocationKind.HOUSE: ("house", "home", "haus", "maison", "casa", "huis"),
    LocationKind.CELLAR: ("cellar", "cave", "keller", "cantina", "bodega", "kelder", "adega", "kallare"),
}
Names = tuple[str, ...]


@dataclass(slots=True)
class NewPlace:
    """A place that is to be made; with rows and columns it is a rack."""

    id: UUID
    name: str
    parent_id: UUID | None
    depth: int
    is_bin: bool = False
    rows: int = 0
    columns: int = 0

    def location(self) -> Location:
        is_rack = bool(self.rows and self.columns)
        kind = LocationKind.RACK if is_rack else LocationKind.SHELF if self.is_bin else kind_of(self.name)
        return Location(
            pk=self.id,
            name=self.name,
            parent_id=self.parent_id,
            kind=kind,
            rows=self.rows if is_rack else None,
            columns=self.columns if is_rack else None,
        )


def kind_of(name: str) -> LocationKind:
    """Return what kind of place its name means."""
    words = fold(name)
    return next((kind for kind, starts in _WORDS.items() if any(one in words for one in starts)), LocationKind.OTHER)


class Housing:
    """Finds or invents the place of each lot; the same names are the same place."""

    def __init__(self, *, namespace: UUID, tree: Tree | None = None) -> None:
        self._namespace = namespace
        self._tree = tree or load_tree()
        self._found: dict[Names, UUID] = {}
        self._bins = 0
        self._taken: set[Place] = set()
        self.new: dict[UUID, NewPlace] = {}

    def place_of(self, lot: Lot) -> Place:
        """Return where a lot goes; a slot only for one bottle, and each slot once."""
        names = lot.place
        if not names:
            return NOWHERE
        if lot.slot and lot.row is None:
            names = self._with_bin(names, lot)
        elif lot.slot:
            lot.note = _with_words(lot.note, lot.slot)
        location_id = self._resolve(names, is_bin=len(names) > len(lot.place))
        if location_id is None:
            lot.note = _with_words(lot.note, " · ".join((*lot.place, lot.slot)))
            return NOWHERE
        return self._slot(location_id, lot)

    def _with_bin(self, names: Names, lot: Lot) -> Names:
        longer = (*names, lot.slot)
        if _key(longer) in self._found:
            return longer
        if self._bins >= MAX_BINS:
            lot.note = _with_words(lot.note, lot.slot)
            return names
        self._bins += 1
        return longer

    def _resolve(self, names: Names, *, is_bin: bool) -> UUID | None:
        key = _key(names)
        if key in self._found:
            return self._found[key]
        found = self._existing(key)
        if found is None:
            if len(self.new) >= MAX_PLACES:
                return None
            parent_id = self._resolve(names[:-1], is_bin=False) if len(names) > 1 else None
            found = uuid.uuid5(self._namespace, "place " + "\0".join(key))
            self.new[found] = NewPlace(found, names[-1], parent_id, len(names), is_bin=is_bin)
        self._found[key] = found
        return found

    def _existing(self, key: Names) -> UUID | None:
        """Return the place with these names: from the outermost on, else the only one whose path ends with them."""
        whole, ends = [], []
        for location in self._tree.by_id.values():
            if location.archived_at is not None or fold(location.name) != key[-1]:
                continue
            path = tuple(fold(one.name) for one in self._tree.path(location.pk))
            if path == key:
                whole.append(location.pk)
            elif path[-len(key) :] == key:
                ends.append(location.pk)
        found = whole or ends
        return found[0] if len(found) == 1 or whole else None

    def _slot(self, location_id: UUID, lot: Lot) -> Place:
        row, column = lot.row, lot.column
        if row is None or column is None or lot.quantity != 1:
            return Place(location_id)
        if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
            return Place(location_id)
        place = Place(location_id, row, column)
        if place in self._taken or not self._has_slot(location_id, row, column):
            return Place(location_id)
        self._taken.add(place)
        return place

    def _has_slot(self, location_id: UUID, row: int, column: int) -> bool:
        if (new := self.new.get(location_id)) is not None:
            new.rows, new.columns = max(new.rows, row), max(new.columns, column)
            return True
        location = self._tree.by_id.get(location_id)
        return location is not None and location.has_slot(row, column)


def note_place(lot: Lot) -> None:
    """Write into the note of bottles that are not here where they lay, or are to lie."""
    slot = f"{lot.row}-{lot.column}" if lot.row is not None else lot.slot
    if words := " · ".join(filter(None, (*lot.place, slot))):
        lot.note = _with_words(lot.note, words)


def _key(names: Names) -> Names:
    return tuple(fold(name) for name in names)


def _with_words(note: str, more: str) -> str:
    return f"{note} ({more})".strip()[:500] if note else more[:500]


def packed(places: Mapping[UUID, NewPlace]) -> list[dict[str, Any]]:
    """Return places as JSON, outer ones first."""
    return [
        {
            "id": str(one.id), "name": one.name, "parent": None if one.parent_id is None else str(one.parent_id),
            "depth": one.depth, "is_bin": one.is_bin, "rows": one.rows, "columns": one.columns,
        }
        for one in sorted(places.values(), key=lambda one: one.depth)
    ]  # fmt: skip


def unpacked(places: Iterable[Mapping[str, Any]]) -> list[NewPlace]:
    return [
        NewPlace(
            UUID(one["id"]), one["name"], UUID(one["parent"]) if one["parent"] else None, one["depth"], one["is_bin"],
            one["rows"], one["columns"],
        )
        for one in places
    ]  # fmt: skip
