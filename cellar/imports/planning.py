"""What is to become of each row: pure but for looking up what the cellar has; nothing is written here."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.imports import cleaning, housing
from cellar.imports.filling_in import Said
from cellar.imports.fingerprints import base_of, is_of_a_system, note_id_of, score_id_of
from cellar.imports.housing import Housing
from cellar.imports.known import (
    Key,
    Known,
    keys_of,
    look_up,
    look_up_bottles,
    look_up_brought,
    look_up_scores,
    look_up_words,
)
from cellar.imports.limits import FileRefused
from cellar.imports.packing import Arrival, Change, Plan
from cellar.imports.rows import CriticScore, Lot, Note, Row
from cellar.imports.wording import TITLE, detail_of, is_beside, left_out, outcome_of, title_of
from cellar.models import Outcome, State, Wine

MAX_BOTTLES = 200_000
_ORDER = [State.ON_ORDER, State.IN_CELLAR, State.OPEN, State.GONE]
_COUNTED = {State.ON_ORDER: "bottles_on_order", State.GONE: "bottles_gone"}


@dataclass(slots=True)
class Planned:
    """A row, what becomes of it, and which wine it is about."""

    file: str
    number: int
    title: str
    outcome: Outcome
    detail: str = ""
    wine_id: UUID | None = None
    is_new_wine: bool = False
    plan: Plan = field(default_factory=Plan)


class Planner:
    """Plans the rows of one import, in their order; it remembers what it has decided about earlier rows."""

    def __init__(self, *, namespace: UUID, last_vintage: int, today: date, other_drinks: bool = False) -> None:
        self._namespace = namespace
        self._last_vintage = last_vintage
        self._today = today
        self._other_drinks = other_drinks
        self._wine_of: dict[Key, UUID] = {}
        self._foreign: dict[UUID, str] = {}
        self._said = Said()
        self._seen: Counter[str] = Counter()
        self._written: set[UUID] = set()
        self._scored: dict[UUID, str] = {}
        self._taken: set[UUID] = set()
        self._new: set[UUID] = set()
        self._matched: set[UUID] = set()
        self.housing = Housing(namespace=namespace)
        self.counts: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def figures(self) -> dict[str, Any]:
        """Return how much all of it is so far."""
        names = (
            "rows", "bottles_in_cellar", "bottles_on_order", "bottles_gone", "changed", "notes", "scores", "cells",
            "of_new_wines", "beside",
        )  # fmt: skip
        return {
            **{name: self.counts[name] for name in names},
            "wines_created": len(self._new),
            "wines_matched": len(self._matched),
            "outcomes": dict(self.outcomes),
        }

    def plan(self, rows: Sequence[Row]) -> list[Planned]:
        """Plan the next rows. Raises FileRefused where there are too many bottles."""
        for row in rows:
            cleaning.clean(row, self._last_vintage)
        known = Known()
        look_up([row for row in rows if self._is_taken(row)], known)
        chosen = [(row, self._wine(row, known) if self._is_taken(row) else None) for row in rows]
        keyed = [(row, wine_id, self._keys(row, wine_id) if wine_id else []) for row, wine_id in chosen]
        self._look_up_bottles(keyed, known)
        planned = [self._planned(row, wine_id, keys, known) for row, wine_id, keys in keyed]
        if self.counts["bottles"] > MAX_BOTTLES:
            raise FileRefused(
                _("These files hold more than %(most)d bottles. Bring them in parts; nothing was taken.")
                % {"most": MAX_BOTTLES}
            )
        return planned

    def _is_taken(self, row: Row) -> bool:
        return not row.skipped and row.names_a_wine and (self._other_drinks or not row.drink)

    # -- Which wine ----------------------------------------------------------------------------------------------------

    def _wine(self, row: Row, known: Known) -> UUID:
        keys = keys_of(row)
        foreign = row.wine.get("cellartracker_id", "")
        found = next((one for key in keys if (one := self._decided(key, foreign, known)) is not None), None)
        if found is None:
            found = row.wine_id or uuid.uuid5(self._namespace, "wine " + "|".join(keys[0]))
            self._new.add(found)
        elif found not in self._new:
            self._matched.add(found)
        for key in keys:
            self._wine_of.setdefault(key, found)
        if foreign:
            self._foreign.setdefault(found, foreign)
        return found

    def _decided(self, key: Key, foreign: str, known: Known) -> UUID | None:
        """Return the wine of that key, unless another system says that it is another one."""
        found = self._wine_of.get(key)
        if found is not None:
            return found if key[0] != "name" or self._may_be(self._foreign.get(found, ""), foreign) else None
        wine = known.wines.get(key)
        if wine is None or (key[0] == "name" and not self._may_be(wine.cellartracker_id, foreign)):
            return None
        return wine.pk

    @staticmethod
    def _may_be(one: str, other: str) -> bool:
        return not one or not other or one == other

    # -- Which bottles -------------------------------------------------------------------------------------------------

    def _keys(self, row: Row, wine_id: UUID) -> list[list[str]]:
        """Return, for each lot, the key of each of its bottles; an empty one for a bottle that was listed before."""
        return [
            [self._key(base, lot) for _number in range(lot.quantity)]
            for lot in row.lots
            for base in [base_of(lot, wine_id)]
        ]

    def _key(self, base: str, lot: Lot) -> str:
        number = self._seen[base]
        self._seen[base] += 1
        if lot.barcode or lot.bottle_id:
            return "" if number else base
        return f"{base}#{number}"

    def _look_up_bottles(self, keyed: Sequence[tuple[Row, UUID | None, list[list[str]]]], known: Known) -> None:
        keys = [key for _row, _wine_id, groups in keyed for group in groups for key in group if key]
        barcodes = [lot.barcode for row, wine_id, _groups in keyed if wine_id for lot in row.lots if lot.barcode]
        look_up_bottles(keys, barcodes, known)
        look_up_brought([wine_id for row, wine_id, _keys in keyed if wine_id and is_of_a_system(row)], known)
        notes = [note_id_of(wine_id, note) for row, wine_id, _keys in keyed if wine_id for note in row.notes]
        scores = [score_id_of(wine_id, score) for row, wine_id, _keys in keyed if wine_id for score in row.scores]
        # Before those that imports brought, whose ids say more.
        look_up_scores([wine_id for row, wine_id, _keys in keyed if wine_id and row.scores], known)
        look_up_words(notes, scores, known)

    def _claimed(self, row: Row, wine_id: UUID, lot: Lot, keys: Sequence[str], known: Known) -> set[str]:
        """Return which of these bottles another table of the same system has brought before, under another key.

        CellarTracker's List and its Bottles tell of the same bottles. Where the system's own key of the wine does not
        say that it is the same system, nothing is claimed: two spreadsheets may be two cellars.
        """
        claimed: set[str] = set()
        if not keys or not is_of_a_system(row):
            return claimed
        for bottle in known.brought.get((wine_id, lot.size_ml, str(lot.state)), ()):
            if len(claimed) == len(keys):
                break
            if bottle.kind != keys[0][:2] and bottle.id not in self._taken:
                self._taken.add(bottle.id)
                claimed.add(keys[len(claimed)])
        return claimed

    def _lots(self, row: Row, wine_id: UUID, keys: list[list[str]], plan: Plan, known: Known) -> int:
        """Plan the bottles; return how many are here already as the file has them."""
        here = 0
        for lot, group in zip(row.lots, keys, strict=True):
            unknown = [key for key in group if key and key not in known.bottles]
            claimed = self._claimed(row, wine_id, lot, unknown, known)
            new = [key for key in unknown if key not in claimed]
            if new:
                self._arrive(row, lot, new, plan)
            for key in group:
                bottle = known.bottles.get(key)
                if bottle is None:
                    here += not key or key in claimed
                elif _ORDER.index(State(lot.state)) > _ORDER.index(State(bottle.state)):
                    one = copy(lot)
                    one.quantity = 1
                    place = self.housing.place_of(one) if lot.state == State.IN_CELLAR else None
                    plan.changes.append(
                        Change(bottle.id, bottle.state, one, place.location_id if place is not None else None)
                    )
                else:
                    here += 1
        return here

    def _arrive(self, row: Row, lot: Lot, keys: list[str], plan: Plan) -> None:
        one = copy(lot)
        one.quantity = len(keys)
        arrival = Arrival(one, keys)
        if lot.state in {State.IN_CELLAR, State.OPEN}:
            place = self.housing.place_of(one)
            arrival.location_id, arrival.row, arrival.column = place.location_id, place.row, place.column
            if lot.row is not None and place.location_id is not None and not place.is_slot:
                reason = _("This slot is taken, or is none of the rack.")
                row.skip(_("slot"), f"{lot.row}-{lot.column}", reason)
        else:
            housing.note_place(one)
        plan.arrivals.append(arrival)

    # -- What becomes of a row -----------------------------------------------------------------------------------------

    def _planned(self, row: Row, wine_id: UUID | None, keys: list[list[str]], known: Known) -> Planned:
        self.counts["rows"] += 1
        planned = Planned(row.file[:TITLE], row.number, title_of(row), Outcome.SKIPPED, wine_id=wine_id)
        planned.plan.skipped_cells = row.skipped_cells
        if wine_id is None:
            planned.outcome, planned.detail = left_out(row)
        else:
            self._fill(planned, row, wine_id, keys, known)
        self.counts["cells"] += len(row.skipped_cells)
        self.outcomes[planned.outcome.value] += 1
        return planned

    def _fill(self, planned: Planned, row: Row, wine_id: UUID, keys: list[list[str]], known: Known) -> None:
        plan = planned.plan
        is_first = wine_id not in self._said
        planned.is_new_wine = wine_id in self._new
        self.counts["of_new_wines"] += planned.is_new_wine
        existing = None if planned.is_new_wine else self._existing(row, wine_id, known)
        plan.was_archived = existing is not None and existing.archived_at is not None
        plan.facts = self._said.new_facts(row, wine_id, existing)
        here = self._lots(row, wine_id, keys, plan, known)
        plan.notes = self._notes(row, wine_id, known)
        plan.scores = self._scores(row, wine_id, known)
        self._count(plan)
        planned.outcome = outcome_of(plan, is_new=planned.is_new_wine and is_first)
        self.counts["beside"] += is_beside(existing, planned.outcome)
        planned.detail = detail_of(plan, here=here, existing=existing, outcome=planned.outcome)

    def _existing(self, row: Row, wine_id: UUID, known: Known) -> Wine | None:
        for key in keys_of(row):
            wine = known.wines.get(key)
            if wine is not None and wine.pk == wine_id:
                return wine
        return None

    def _notes(self, row: Row, wine_id: UUID, known: Known) -> dict[UUID, Note]:
        notes = {}
        for note in row.notes:
            pk = note.note_id or note_id_of(wine_id, note)
            if note.tasted_on is None:
                note.tasted_on = next((lot.consumed_on for lot in row.lots if lot.consumed_on), None)
            if pk not in known.notes and pk not in self._written:
                self._written.add(pk)
                notes[pk] = note
        return notes

    def _scores(self, row: Row, wine_id: UUID, known: Known) -> dict[UUID, CriticScore]:
        scores = {}
        for score in row.scores:
            pk = score_id_of(wine_id, score)
            if self._scored.setdefault(pk, score.value) != score.value:
                row.skip(score.source, score.value, _("An earlier row says otherwise about this wine."))
            elif known.scores.get(pk) != score.value and pk not in self._written:
                self._written.add(pk)
                scores[pk] = score
        return scores

    def _count(self, plan: Plan) -> None:
        for lot in [*(one.lot for one in plan.arrivals), *(one.lot for one in plan.changes)]:
            self.counts[_COUNTED.get(State(lot.state), "bottles_in_cellar")] += lot.quantity
            self.counts["bottles"] += lot.quantity
        self.counts["changed"] += len(plan.changes)
        self.counts["notes"] += len(plan.notes)
        self.counts["scores"] += len(plan.scores)
