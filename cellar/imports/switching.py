"""The one change that shows an import: places, bottles with their history, notes, scores, facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search
from cellar.audit import mend_counters
from cellar.imports import housing
from cellar.imports.filling_in import is_missing, new_own_fields
from cellar.imports.histories import Book, moment
from cellar.imports.packing import Change as Wanted
from cellar.imports.preparing import Part, Planned, Preparation
from cellar.ledger import NOWHERE, Change, Entry, Place, chunks, place_of, record
from cellar.lives import Happening, record_lives
from cellar.models import (
    PRESENT,
    Bottle,
    ImportBatch,
    Kind,
    Location,
    Score,
    State,
    TastingNote,
    Transaction,
    TransactionLine,
    Wine,
)
from winebox.inserting import insert

_MOST_WARNINGS = 50


class Switch:
    """Writes the plans of one import; call it inside `databases.atomic()`."""

    def __init__(self, batch: ImportBatch, book: Book, new: Collection[UUID | None]) -> None:
        self._batch = batch
        # What happens to bottles that were there is a transaction of its own, though it says the same.
        self._later = Book(book.batch_id, book.actor_id, book.now, salt="later")
        self._new = new
        self._touched: set[UUID] = set()
        self._revived: set[UUID] = set()
        self._places: set[UUID] = set()
        self.warnings: list[str] = []

    def make_places(self) -> None:
        """Make the places that are missing, and hold those that are there."""
        new = housing.unpacked(self._batch.figures.get("places", ()))
        there = set(Location.objects.filter(pk__in=[one.id for one in new]).values_list("pk", flat=True))
        for place in new:
            if place.id not in there:
                place.location().save(force_insert=True)
        # One that an undo has put aside comes back.
        now = timezone.now()
        Location.objects.filter(pk__in=[one.id for one in new]).update(archived_at=None, updated_at=now)
        Location.objects.current().update(updated_at=now)
        self._places = set(Location.objects.current().values_list("pk", flat=True))

    def write(self, ready: Preparation) -> None:
        """Write what was made ready, and what had to wait until now."""
        for part in ready.parts():
            self._write(part)

    def _write(self, part: Part) -> None:
        if part.lives is not None:
            record_lives(part.lives)
        self._revived |= part.revived
        self._touched |= part.displaced
        self._touched.update(wine_id for wine_id, _plans in part.rest if wine_id not in self._new)
        self._change(
            [(wine_id, number, one) for wine_id, plans in part.rest for number, plan in plans for one in plan.changes]
        )
        self._notes(part)
        self._scores(part.rest)
        self._fill(part.rest)
        # What was written needs not be remembered.
        self._later.transactions.clear()

    # -- Bottles that are there ----------------------------------------------------------------------------------------

    def _change(self, wanted: Sequence[tuple[UUID, int, Wanted]]) -> None:
        """Deliver, then open or check out, each bottle that is still as it was when it was planned."""
        if not wanted:
            return
        bottles = self._bottles(wanted)
        still: list[tuple[UUID, Wanted]] = []
        for _wine_id, number, one in wanted:
            bottle = bottles.get(one.bottle_id)
            if bottle is None or bottle.state != one.state_before:
                self._warn(_("Row %(row)d: the bottle has changed since; it was left as it is.") % {"row": number})
                continue
            still.append((bottle.wine_id, one))
        self._touched.update(wine_id for wine_id, _one in still)
        arriving = [pair for pair in still if pair[1].state_before == State.ON_ORDER]
        self._record(arriving, bottles, Kind.DELIVER)
        leaving = [pair for pair in still if pair[1].lot.state in {State.OPEN, State.GONE}]
        bottles = self._bottles([(wine_id, 0, one) for wine_id, one in leaving])
        self._record([pair for pair in leaving if pair[1].lot.state == State.OPEN], bottles, Kind.OPEN)
        self._record([pair for pair in leaving if pair[1].lot.state == State.GONE], bottles, Kind.CHECK_OUT)

    @staticmethod
    def _bottles(wanted: Sequence[tuple[UUID, int, Wanted]]) -> dict[UUID, Bottle]:
        return Bottle.objects.in_bulk([one.bottle_id for _wine_id, _number, one in wanted])

    def _record(self, wanted: Sequence[tuple[UUID, Wanted]], bottles: dict[UUID, Bottle], kind: Kind) -> None:
        entries: dict[UUID, Entry] = {}
        for wine_id, one in wanted:
            bottle = bottles[one.bottle_id]
            happening = self._happening(kind, wine_id, one)
            entry = entries.setdefault(happening.pk, Entry(happening.transaction(), []))
            entry.changes.append(self._ledger_change(bottle, one, kind))
            entry.transaction.quantity = len(entry.changes)
        if entries:
            record(list(entries.values()))

    def _happening(self, kind: Kind, wine_id: UUID, one: Wanted) -> Happening:
        lot = one.lot
        if kind == Kind.CHECK_OUT:
            return self._later.check_out(wine_id, lot)
        when = moment(lot.delivered_on or lot.consumed_on) if kind == Kind.DELIVER else moment(lot.opened_on)
        return self._later.transaction(kind, wine_id, when, size_ml=lot.size_ml)

    def _ledger_change(self, bottle: Bottle, one: Wanted, kind: Kind) -> Change:
        if kind == Kind.CHECK_OUT:
            return Change(bottle, State.GONE, NOWHERE)
        if kind == Kind.OPEN:
            return Change(bottle, State.OPEN, place_of(bottle))
        stays = one.lot.state in PRESENT and one.location_id in self._places
        return Change(bottle, State.IN_CELLAR, Place(one.location_id) if stays else NOWHERE)

    # -- What is said --------------------------------------------------------------------------------------------------

    @staticmethod
    def _notes(part: Part) -> None:
        if part.note_ids:
            there = set(TastingNote.objects.filter(pk__in=part.note_ids).values_list("pk", flat=True))
            rows = zip(part.note_ids, part.notes.rows, strict=True)
            replace(part.notes, rows=[row for pk, row in rows if pk not in there]).write()

    def _scores(self, part: Sequence[Planned]) -> None:
        scores = {
            pk: Score(
                pk=pk, wine_id=wine_id, source=one.source, value=one.value, scale=one.scale, reviewer=one.reviewer,
                year=one.year,
            )
            for wine_id, plans in part
            for _number, plan in plans
            for pk, one in plan.scores.items()
        }  # fmt: skip
        if not scores:
            return
        there = Score.objects.in_bulk(list(scores))
        insert([one for pk, one in scores.items() if pk not in there])
        for pk in there:
            Score.objects.filter(pk=pk).update(
                value=scores[pk].value, scale=scores[pk].scale, updated_at=timezone.now()
            )

    def _fill(self, part: Sequence[Planned]) -> None:
        """Write what the cellar does not say yet about wines that were there."""
        facts: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for wine_id, plans in part:
            for _number, plan in plans:
                if wine_id not in self._new and plan.facts:
                    own = facts[wine_id].get("custom_fields", {}) | plan.facts.get("custom_fields", {})
                    facts[wine_id] |= plan.facts | ({"custom_fields": own} if own else {})
        for wine_id, wine in Wine.objects.in_bulk(list(facts)).items():
            changed = []
            for name, value in facts[wine_id].items():
                if is_missing(wine, name, value):
                    merged = {**wine.custom_fields, **new_own_fields(wine, value)} if name == "custom_fields" else value
                    setattr(wine, name, merged)
                    changed.append(name)
            if changed:
                wine.save(update_fields=changed)

    def _warn(self, text: str) -> None:
        if len(self.warnings) < _MOST_WARNINGS:
            self.warnings.append(text)

    # -- All of it -----------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Bring the new wines into the lists, and index those that were there."""
        for part in chunks(sorted({pk for pk in self._new if pk} | self._revived)):
            # Those with bottles have come with them.
            hidden = Wine.objects.filter(pk__in=part, archived_at__isnull=False)
            hidden.update(archived_at=None, updated_at=timezone.now())
        search.reindex(sorted(self._touched))

    def take_back(self) -> None:
        """Remove what a process wrote that ended before it had written all; nobody was told of it."""
        mine = Transaction.objects.filter(action=self._batch.pk)
        ids = list(mine.values_list("pk", flat=True))
        wine_ids = sorted(set(mine.order_by().values_list("wine_id", flat=True)))
        for part in chunks(ids):
            self._return(part)
            QuerySet.delete(TransactionLine.objects.filter(transaction_id__in=part))
            Bottle.objects.filter(source_id__in=part).delete()
        for part in chunks(ids):
            QuerySet.delete(Transaction.objects.filter(pk__in=part))
        for part in chunks(wine_ids):
            mend_counters(part)

    @staticmethod
    def _return(ids: Sequence[UUID]) -> None:
        """Make bottles that were there what they were before these transactions."""
        lines = TransactionLine.objects.filter(transaction_id__in=ids, step__gt=1).order_by("-step")
        for line in lines:
            before = TransactionLine.objects.filter(bottle=line.bottle_id, step=line.step - 1).first()
            Bottle.objects.filter(pk=line.bottle_id, step=line.step).update(
                state=line.state_before, location_id=line.location_before_id, row=line.row_before,
                column=line.column_before, step=line.step - 1,
                last_transaction=before.transaction_id if before else None,
            )  # fmt: skip
