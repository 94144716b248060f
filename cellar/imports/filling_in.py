"""What a file says of a wine that neither the cellar nor an earlier row has said; what contradicts them is listed."""

from __future__ import annotations

from collections import defaultdict
from sys import intern
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.imports.rows import Row
from cellar.imports.wording import field_label
from cellar.models import Wine
from cellar.models.wine import MAX_CUSTOM_FIELDS

# By these a wine is known again: they may be written in another way.
_NAMES = frozenset({"producer", "name", "vintage", "non_vintage"})
_OWN = "own field: "


class Said:
    """What the rows of an import have said of each wine so far, as hashes: enough to see a contradiction."""

    def __init__(self) -> None:
        self._said: dict[UUID, dict[str, int]] = defaultdict(dict)

    def __contains__(self, wine_id: UUID) -> bool:
        return wine_id in self._said

    def new_facts(self, row: Row, wine_id: UUID, existing: Wine | None) -> dict[str, Any]:
        """Return the facts that are new, and list what differs from what was said."""
        said = self._said[wine_id]
        facts: dict[str, Any] = {}
        for name, value in row.wine.items():
            if name == "custom_fields" or value in (None, "", [], {}, False):
                continue
            if name in said:
                if said[name] != _mark(value) and name not in _NAMES:
                    row.skip(field_label(name), _shown(value), _("An earlier row says otherwise about this wine."))
                continue
            said[name] = _mark(value)
            if existing is None or is_missing(existing, name, value):
                facts[name] = value
            elif name not in _NAMES and getattr(existing, name) != value:
                row.skip(field_label(name), _shown(value), _("The cellar says otherwise about this wine."))
        own = self._own_fields(row, said, existing)
        return facts | {"custom_fields": own} if own else facts

    @staticmethod
    def _own_fields(row: Row, said: dict[str, int], existing: Wine | None) -> dict[str, str]:
        present = {} if existing is None else existing.custom_fields
        new: dict[str, str] = {}
        for name, value in row.wine.get("custom_fields", {}).items():
            key = intern(f"{_OWN}{name}")
            if key in said:
                if said[key] != _mark(value):
                    row.skip(name, value, _("An earlier row says otherwise about this wine."))
            elif name in present:
                if present[name] != value:
                    row.skip(name, value, _("The cellar says otherwise about this wine."))
            elif len(present) + sum(one.startswith(_OWN) for one in said) >= MAX_CUSTOM_FIELDS:
                row.skip(name, value, _("A wine has at most %(most)d own fields.") % {"most": MAX_CUSTOM_FIELDS})
                continue
            else:
                new[name] = value
            if name not in present:
                said.setdefault(key, _mark(value))
        return new


def _mark(value: Any) -> int:
    return hash(value if isinstance(value, str) else repr(value))


def _shown(value: Any) -> str:
    """Return a fact as a person writes it."""
    if isinstance(value, list):
        return ", ".join(str(one["name"]) if isinstance(one, dict) else str(one) for one in value)
    return str(value)


def is_missing(wine: Wine, name: str, value: Any) -> bool:
    """Whether the cellar does not say anything yet that a file says."""
    if name in _NAMES:
        return False
    if name == "custom_fields":
        return bool(new_own_fields(wine, value))
    present = getattr(wine, name)
    return present in (None, "", [], {}, False)


def new_own_fields(wine: Wine, own: dict[str, str]) -> dict[str, str]:
    room = MAX_CUSTOM_FIELDS - len(wine.custom_fields)
    new = {name: value for name, value in own.items() if name not in wine.custom_fields}
    return dict(list(new.items())[: max(0, room)])
