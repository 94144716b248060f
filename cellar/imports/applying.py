"""Taking an import over: wines are prepared in steps, out of all lists; then one change shows all of it.

That change writes bottles, ledger and notes and brings the wines into the lists. It is one transaction, so that
whoever looks sees nothing of an import or all of it, and a process that dies leaves a plan that can be taken over again
or dropped. Where MongoDB has no transactions, what such a process left is taken back first.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search
from cellar.imports import files, housing
from cellar.imports.batches import STEP_SECONDS, ImportRefused
from cellar.imports.collecting import garbage_later
from cellar.imports.histories import Book, last_price_of, texts_of, where_of
from cellar.imports.packing import Plan, unpack
from cellar.imports.preparing import Housed, Planned, Preparation, prepare
from cellar.imports.switching import Switch
from cellar.ledger import chunks
from cellar.models import ImportBatch, ImportRow, Outcome, Stage, Wine
from cellar.models.wine import MAX_CUSTOM_FIELDS
from cellar.tree import Tree, load_tree
from winebox import databases
from winebox.inserting import insert

ROWS_AT_A_TIME = 500


def begin(*, batch: ImportBatch) -> ImportBatch:
    """Begin to take a planned import over; one that has begun goes on."""
    planned = ImportBatch.objects.filter(pk=batch.pk, stage=Stage.PLANNED)
    planned.update(stage=Stage.STAGING, position=0, last_wine=None, updated_at=timezone.now())
    batch.refresh_from_db()
    if batch.stage not in {Stage.STAGING, Stage.DONE}:
        raise ImportRefused(_("This import is not planned yet."))
    return batch


@garbage_later()
def apply_step(*, batch: ImportBatch, seconds: float = STEP_SECONDS) -> ImportBatch:
    """Prepare wines for about so long, or, when all are, show all of it; the batch is DONE then."""
    give_up_at = time.monotonic() + seconds
    batch.refresh_from_db()
    while batch.stage == Stage.STAGING:
        part = list(_slice(_new(batch), batch.last_wine))
        if not part:
            finish(batch=batch)
            break
        databases.atomically(lambda part=part: _stage(batch, part))  # type: ignore[misc]
        batch.refresh_from_db()
        if time.monotonic() > give_up_at:
            break
    return batch


def rows_with_wine(batch: ImportBatch) -> QuerySet[ImportRow]:
    left_out = [Outcome.SKIPPED, Outcome.OTHER_DRINK, Outcome.HERE]
    return batch.rows.filter(wine__isnull=False).exclude(outcome__in=left_out)


def _new(batch: ImportBatch) -> QuerySet[ImportRow]:
    return rows_with_wine(batch).filter(is_new_wine=True)


def slices(rows: QuerySet[ImportRow]) -> Iterator[list[Planned]]:
    """Yield the rows by wine, some hundred at a time."""
    last: UUID | None = None
    while part := list(_slice(rows, last)):
        last = part[-1][0]
        yield part


def _slice(rows: QuerySet[ImportRow], last: UUID | None) -> Iterator[Planned]:
    """Yield the plans of the wines after the last one, some hundred rows of them; each wine with all its rows."""
    following = rows.order_by("wine", "position")
    if last is not None:
        following = following.filter(wine__gt=last)
    found = list(following.values_list("wine", "number", "plan")[: ROWS_AT_A_TIME + 1])
    if len(found) > ROWS_AT_A_TIME:
        cut = found[-1][0]
        whole = [row for row in found if row[0] != cut]
        found = whole or list(rows.filter(wine=cut).order_by("position").values_list("wine", "number", "plan"))
    for wine_id, group in groupby(found, key=lambda row: row[0]):
        if wine_id is not None:
            yield wine_id, [(number, unpack(plan)) for _wine, number, plan in group]


def _stage(batch: ImportBatch, part: Sequence[Planned]) -> None:
    """Make new wines, found by what they will be, but in no list."""
    last = part[-1][0]
    mine = ImportBatch.objects.filter(pk=batch.pk, stage=Stage.STAGING, last_wine=batch.last_wine)
    rows = sum(len(plans) for _wine_id, plans in part)
    if not mine.update(last_wine=last, position=batch.position + rows, updated_at=timezone.now()):
        return  # another request was quicker
    there = set(Wine.objects.filter(pk__in=[wine_id for wine_id, _plans in part]).values_list("pk", flat=True))
    tree = tree_with_new_places(batch)
    wines = [_wine(wine_id, plans, tree, batch.created_at) for wine_id, plans in part if wine_id not in there]
    insert(wines)


def _wine(wine_id: UUID, plans: Sequence[tuple[int, Plan]], tree: Tree, now: datetime) -> Wine:
    wine = Wine(pk=wine_id, archived_at=now)
    for _number, plan in plans:
        for name, value in plan.facts.items():
            if name == "custom_fields":
                merged = {**value, **wine.custom_fields}
                value = dict(list(merged.items())[:MAX_CUSTOM_FIELDS])
            setattr(wine, name, value)
    if wine.non_vintage:
        wine.vintage = None
    wine.write_keys()
    arrivals = [one for _number, plan in plans for one in plan.arrivals]
    notes = [note.text for _number, plan in plans for note in plan.notes.values()]
    right = search.index_of(
        wine,
        tree=tree,
        where=where_of(arrivals),
        texts=[*notes, *texts_of(arrivals)],
        price=last_price_of(arrivals, now),
    )
    for name, value in right.items():
        setattr(wine, name, value)
    return wine


def tree_with_new_places(batch: ImportBatch) -> Tree:
    tree = load_tree()
    for place in housing.unpacked(batch.figures.get("places", ())):
        tree.by_id.setdefault(place.id, place.location())
    return tree


def book_of(batch: ImportBatch) -> Book:
    return Book(batch.pk, batch.actor_id, batch.created_at)


def finish(*, batch: ImportBatch) -> ImportBatch:
    """Show all of a prepared import, by one change. Raises StockError when it cannot be."""
    new = set(new_wines(batch))
    with ExitStack() as kept:
        # Others wait to write while it is shown: so what can be made ready before is made ready before.
        ready = kept.enter_context(_ready(batch, new)) if databases.rolls_back() else None
        with databases.writing_much():
            is_mine = databases.atomically(lambda: _show(batch, new, ready))
    if is_mine:
        names = list(batch.files.values_list("stored", flat=True))
        files.delete(names)
    batch.refresh_from_db()
    return batch


def _show(batch: ImportBatch, new: Collection[UUID], ready: Preparation | None) -> bool:
    """Write all of an import; return False where another request was quicker."""
    # Held until the end: of two requests that ask for it at once, the second finds it done.
    mine = ImportBatch.objects.filter(pk=batch.pk, stage=Stage.STAGING)
    if not mine.update(updated_at=timezone.now()):
        return False
    switch = Switch(batch, book_of(batch), new)
    if not databases.rolls_back():
        switch.take_back()
    try:
        switch.make_places()
        if ready is not None and ready.holds(Housed.now(batch)):
            switch.write(ready)
        else:
            with _ready(batch, new) as anew:
                switch.write(anew)
        switch.show()
    except BaseException:
        if not databases.rolls_back():
            switch.take_back()
        raise
    mine.update(
        stage=Stage.DONE, finished_at=timezone.now(), warnings=[*batch.warnings, *switch.warnings],
        updated_at=timezone.now(),
    )  # fmt: skip
    return True


def _ready(batch: ImportBatch, new: Collection[UUID]) -> Preparation:
    return prepare(batch, book_of(batch), slices(rows_with_wine(batch)), new=new)


def new_wines(batch: ImportBatch) -> list[UUID]:
    """Return the wines that an import makes, or made."""
    rows = batch.rows.filter(is_new_wine=True, wine__isnull=False).order_by().values_list("wine", flat=True)
    return sorted({pk for pk in rows if pk is not None})


__all__ = ["apply_step", "begin", "chunks", "finish", "new_wines", "rows_with_wine", "slices"]
