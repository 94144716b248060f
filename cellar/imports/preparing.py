"""Working out what the change that shows an import will write, before anybody has to wait for it.

Bottles with their history, and notes, are most of an import. They are made ready for the database one part after
another and kept in a file, for all of them together would take more memory than there may be. What depends on what is
in the cellar at that moment is left as it was planned.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

from cellar.imports import housing
from cellar.imports.histories import Book, day_of
from cellar.imports.packing import Arrival, Plan, pack, unpack
from cellar.ledger import NOWHERE, Place
from cellar.lives import Life, Prepared, prepared
from cellar.models import Bottle, ImportBatch, Location, TastingNote, Transaction, TransactionLine
from winebox.inserting import Insertion, insertion

Planned = tuple[UUID, list[tuple[int, Plan]]]
_NOTE = ("id", "wine_id", "author_id", "tasted_on", "text", "rating", "scale", "occasion", "company")


@dataclass(slots=True)
class Part:
    """What is written about some wines."""

    lives: Prepared | None
    note_ids: Sequence[UUID]
    notes: Insertion
    # Of wines that were there: what is to be done is decided when nobody else can change them.
    rest: list[Planned]
    # Wines that bring bottles and had been archived.
    revived: set[UUID]
    # Wines whose bottles do not lie where the plan says.
    displaced: set[UUID]


@dataclass
class Housed:
    """Where bottles may be put: places, and slots that are taken."""

    places: set[UUID]
    taken: set[Place]

    @classmethod
    def now(cls, batch: ImportBatch) -> Housed:
        """Return what holds at this moment; the places that the import makes are there already."""
        new = {one.id for one in housing.unpacked(batch.figures.get("places", ()))}
        places = set(Location.objects.current().values_list("pk", flat=True)) | new
        slots = Bottle.objects.filter(row__isnull=False).order_by().values_list("location_id", "row", "column")
        return cls(places, {Place(*slot) for slot in slots})


@dataclass
class Preparation:
    """The parts of an import, and the places and slots that they count upon."""

    _file: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
    places: set[UUID] = field(default_factory=set)
    slots: set[Place] = field(default_factory=set)

    def __enter__(self) -> Preparation:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def keep(self, part: Part) -> None:
        self._file.write(_packed(part) + "\n")

    def parts(self) -> Iterator[Part]:
        self._file.seek(0)
        return map(_unpacked, self._file)

    def holds(self, housed: Housed) -> bool:
        """Whether all bottles can still lie where they are to: no place was deleted, no slot was taken meanwhile."""
        return self.places <= housed.places and not self.slots & housed.taken


def _packed(part: Part) -> str:
    """Return a part as one line of JSON; ids, days and the like as the texts that every engine takes, too."""
    lives = part.lives
    packed = {
        "lives": lives and [
            lives.transaction_ids,
            *([one.columns, one.rows] for one in (lives.transactions, lives.bottles, lives.lines)),
            {str(pk): counter for pk, counter in lives.counters.items()},
        ],
        "note_ids": part.note_ids,
        "notes": [part.notes.columns, part.notes.rows],
        "rest": [[pk, [[number, pack(plan)] for number, plan in plans]] for pk, plans in part.rest],
        "revived": list(part.revived),
        "displaced": list(part.displaced),
    }  # fmt: skip
    return json.dumps(packed, default=str)


def _unpacked(line: str) -> Part:
    packed = json.loads(line)
    return Part(
        packed["lives"] and _lives(*packed["lives"]),
        [UUID(pk) for pk in packed["note_ids"]],
        Insertion(TastingNote, *packed["notes"]),
        [(UUID(pk), [(number, unpack(plan)) for number, plan in plans]) for pk, plans in packed["rest"]],
        {UUID(pk) for pk in packed["revived"]},
        {UUID(pk) for pk in packed["displaced"]},
    )


def _lives(
    ids: list[str], transactions: Any, bottles: Any, lines: Any, counters: dict[str, dict[str, int]]
) -> Prepared:
    return Prepared(
        [UUID(pk) for pk in ids],
        Insertion(Transaction, *transactions),
        Insertion(Bottle, *bottles),
        Insertion(TransactionLine, *lines),
        {UUID(pk): Counter(counter) for pk, counter in counters.items()},
    )


def prepare(
    batch: ImportBatch, book: Book, parts: Iterable[Sequence[Planned]], *, new: Collection[UUID | None]
) -> Preparation:
    """Make the plans of an import ready to be written; `new` are the wines that it makes."""
    return _Preparer(book, Housed.now(batch), new).prepare(parts)


class _Preparer:
    def __init__(self, book: Book, housed: Housed, new: Collection[UUID | None]) -> None:
        self._book, self._housed, self._new = book, housed, new
        self._made = Preparation()

    def prepare(self, parts: Iterable[Sequence[Planned]]) -> Preparation:
        with ExitStack() as on_failure:
            on_failure.push(self._made)
            for part in parts:
                self._made.keep(self._part(part))
                # What was made ready needs not be remembered.
                self._book.transactions.clear()
            on_failure.pop_all()
        return self._made

    def _part(self, part: Sequence[Planned]) -> Part:
        lives: list[Life] = []
        revived: set[UUID] = set()
        displaced: set[UUID] = set()
        for wine_id, plans in part:
            for _number, plan in plans:
                places = [self._place(one) for one in plan.arrivals]
                if any(_is_elsewhere(one, place) for one, place in zip(plan.arrivals, places, strict=True)):
                    displaced.add(wine_id)
                lives.extend(self._book.lives(wine_id, plan.arrivals, places))
                if plan.was_archived and plan.arrivals:
                    revived.add(wine_id)
        note_ids, notes = self._notes(part)
        return Part(prepared(lives) if lives else None, note_ids, notes, self._rest(part), revived, displaced)

    def _place(self, arrival: Arrival) -> Place:
        """Return where bottles go: as planned, unless the place was deleted or the slot taken since."""
        if arrival.location_id is None or arrival.location_id not in self._housed.places:
            return NOWHERE
        self._made.places.add(arrival.location_id)
        place = Place(arrival.location_id, arrival.row, arrival.column)
        is_free = place.is_slot and place not in self._housed.taken and place not in self._made.slots
        if not is_free or len(arrival.keys) > 1:
            return Place(arrival.location_id)
        self._made.slots.add(place)
        return place

    def _notes(self, part: Sequence[Planned]) -> tuple[list[UUID], Insertion]:
        rows = {
            pk: (
                pk, wine_id, self._book.actor_id, day_of(note.tasted_on, self._book.now), note.text, note.rating,
                note.scale if note.rating is not None else "", note.occasion, note.company,
            )
            for wine_id, plans in part
            for _number, plan in plans
            for pk, note in plan.notes.items()
        }  # fmt: skip
        return list(rows), insertion(TastingNote, _NOTE, rows.values())

    def _rest(self, part: Sequence[Planned]) -> list[Planned]:
        """Return what is not made ready: all about wines that were there, and scores."""
        found: list[Planned] = []
        for wine_id, plans in part:
            is_new = wine_id in self._new
            left = [
                (number, Plan(facts={} if is_new else plan.facts, changes=plan.changes, scores=plan.scores))
                for number, plan in plans
                if not is_new or plan.changes or plan.scores
            ]
            if left:
                found.append((wine_id, left))
        return found


def _is_elsewhere(arrival: Arrival, place: Place) -> bool:
    """Whether bottles cannot lie at the place that was planned: it is gone."""
    return arrival.location_id is not None and place.location_id is None
