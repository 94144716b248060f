"""The tree of places, as it is read: paths, labels, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.folding import counted
from cellar.models import Location

SEPARATOR = " · "


@dataclass(frozen=True)
class Tree:
    """All places of the household, loaded at once: there are a few hundred at most."""

    by_id: dict[UUID, Location]
    children: dict[UUID | None, list[Location]] = field(default_factory=lambda: defaultdict(list))

    def path(self, location_id: UUID | None) -> list[Location]:
        """Return the place and those around it, outermost first."""
        path: list[Location] = []
        while location_id is not None and location_id in self.by_id and len(path) < 50:
            path.append(self.by_id[location_id])
            location_id = path[-1].parent_id
        return path[::-1]

    def label(self, location_id: UUID | None) -> str:
        """Return the place as text, outermost first: "Cellar · Rack B"."""
        if location_id is None:
            return str(_("no place yet"))
        return SEPARATOR.join(location.name for location in self.path(location_id))

    def short_label(self, location_id: UUID | None) -> str:
        """Return the place alone: "Rack B"."""
        return self.by_id[location_id].name if location_id in self.by_id else str(_("no place yet"))

    def slot_label(self, location_id: UUID | None, row: int | None, column: int | None) -> str:
        """Return place and slot: "Cellar · Rack B · row 2, column 3"."""
        if row is None:
            return self.label(location_id)
        slot = _("row %(row)d, column %(column)d") % {"row": row, "column": column}
        return f"{self.label(location_id)}{SEPARATOR}{slot}"

    def inside(self, location_id: UUID) -> list[UUID]:
        """Return the place and everything in it, outer places first."""
        found = {location_id: None}
        waiting = [location_id]
        for one in waiting:
            # Where there are no transactions, two places might have come to lie in each other.
            inner = [child.pk for child in self.children[one] if child.pk not in found]
            found.update(dict.fromkeys(inner))
            waiting.extend(inner)
        return waiting

    def walk(self, parent_id: UUID | None = None, depth: int = 0) -> Iterator[tuple[int, Location]]:
        """Yield every current place with its depth, parents before children."""
        for location in self.children[parent_id]:
            yield depth, location
            yield from self.walk(location.pk, depth + 1)

    def choices(self) -> list[tuple[str, str]]:
        """Return the places for a form's select, as paths."""
        return [(str(location.pk), self.label(location.pk)) for _depth, location in self.walk()]


def load_tree() -> Tree:
    """Load the places; deleted ones keep their name for the history, but are no place to put a bottle."""
    locations = list(Location.objects.all())
    tree = Tree({location.pk: location for location in locations})
    for location in sorted(locations, key=lambda one: counted(one.name)):
        if location.archived_at is None:
            tree.children[location.parent_id].append(location)
    return tree
