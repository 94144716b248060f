"""The tree of places, as it is read: paths, labels, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.folding import counted
from cellar.models import Location
from cellar.models.location import slot_name

SEPARATOR = " · "
# Of a text that names slots: where it would be longer, the first and the last one say where they are.
LONGEST_SLOTS = 120


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
        label = self.label(location_id)
        return label if row is None or column is None else f"{label}{SEPARATOR}{slot_name(row, column)}"

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


def slots_label(slots: Iterable[tuple[int, int]]) -> str:
    """Return some slots of a rack as people say them: "row 1, column 5–6; row 2, column 1"."""
    ordered = sorted(slots)
    by_row: dict[int, list[int]] = defaultdict(list)
    for row, column in ordered:
        by_row[row].append(column)
    text = "; ".join(slot_name(row, _ranges(columns)) for row, columns in by_row.items())
    return text if len(text) <= LONGEST_SLOTS else f"{slot_name(*ordered[0])} … {slot_name(*ordered[-1])}"


def _ranges(numbers: Sequence[int]) -> str:
    """Return sorted numbers as ranges: "3–6, 8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
