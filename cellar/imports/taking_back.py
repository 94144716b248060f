"""Undoing an import, as one step: the ledger says the reverse, and what only the import brought goes again."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import search, stock
from cellar.imports import housing
from cellar.imports.applying import rows_with_wine, slices
from cellar.imports.batches import ImportRefused
from cellar.imports.preparing import Planned
from cellar.ledger import Actor, chunks
from cellar.models import (
    Bottle,
    ImportBatch,
    Label,
    Location,
    Score,
    Stage,
    TastingNote,
    Transaction,
    TransactionLine,
    Wine,
)
from cellar.places import is_named
from cellar.undoing import moved_on
from winebox import databases

_NAMED = 8


def undo_import(*, batch: ImportBatch, actor: Actor) -> ImportBatch:
    """Take an import back. Raises ImportRefused when a bottle of it has moved on since; the text says which."""

    def work() -> None:
        done = ImportBatch.objects.filter(pk=batch.pk, stage=Stage.DONE)
        if not done.update(stage=Stage.UNDONE, undone_at=timezone.now(), updated_at=timezone.now()):
            raise ImportRefused(_("This import is not in effect: there is nothing to undo."))
        try:
            _take_back(batch, actor)
        except BaseException:
            if not databases.rolls_back():
                ImportBatch.objects.filter(pk=batch.pk).update(stage=Stage.DONE, undone_at=None)
            raise

    databases.atomically(work)
    batch.refresh_from_db()
    return batch


def _take_back(batch: ImportBatch, actor: Actor) -> None:
    _require_unmoved(batch)
    if Transaction.objects.filter(action=batch.pk).exists():
        stock.undo(action=batch.pk, actor=actor, key=_undo_action(batch.pk))
    touched: set[UUID] = set()
    new: set[UUID] = set()
    archived: set[UUID] = set()
    for part in slices(rows_with_wine(batch)):
        _forget_words(part, batch)
        touched.update(wine_id for wine_id, _plans in part)
        archived.update(wine_id for wine_id, plans in part if any(plan.was_archived for _number, plan in plans))
    new.update(pk for pk in batch.rows.filter(is_new_wine=True).order_by().values_list("wine", flat=True) if pk)
    for part in slices(rows_with_wine(batch).filter(is_new_wine=False)):
        _empty(part)
    _put_away(sorted(new))
    now = timezone.now()
    for some in chunks(sorted(archived)):
        empty = Wine.objects.filter(pk__in=some, count_on_order=0, count_in_cellar=0, count_open=0)
        empty.filter(archived_at=None).update(archived_at=now, updated_at=now)
    # Also the new ones that stay, archived: their notes are gone.
    search.reindex(sorted(touched))
    _remove_places(batch)


def _undo_action(batch_id: UUID) -> UUID:
    return uuid.uuid5(batch_id, "undo")


def undone_actions() -> list[UUID]:
    """Return the actions of imports that were undone, and of their undoing."""
    ids = ImportBatch.objects.filter(stage=Stage.UNDONE).order_by().values_list("pk", flat=True)
    return [action for pk in ids for action in (pk, _undo_action(pk))]


def _require_unmoved(batch: ImportBatch) -> None:
    steps: dict[UUID, int] = {}
    lines = TransactionLine.objects.filter(transaction__action=batch.pk).order_by()
    for bottle_id, step in lines.values_list("bottle_id", "step"):
        steps[bottle_id] = max(step, steps.get(bottle_id, 0))
    since: dict[UUID, int] = {}
    for part in chunks(list(steps)):
        for pk, step in Bottle.objects.filter(pk__in=part).order_by().values_list("pk", "step"):
            if step != steps[pk]:
                since[pk] = steps[pk]
    moved = moved_on(since)
    if moved:
        raise ImportRefused(_which(moved))


def _which(bottle_ids: Sequence[UUID]) -> str:
    numbers: Counter[UUID] = Counter()
    for part in chunks(bottle_ids):
        numbers.update(Bottle.objects.filter(pk__in=part).order_by().values_list("wine_id", flat=True))
    wines = Wine.objects.in_bulk([pk for pk, _number in numbers.most_common(_NAMED)])
    named = ", ".join(f"{number} × {wines[pk].full_name}" for pk, number in numbers.most_common(_NAMED) if pk in wines)
    more = ", …" if len(numbers) > _NAMED else ""
    return ngettext(
        "%(count)d bottle of this import has moved on since: %(wines)s. Undo that first; nothing was changed.",
        "%(count)d bottles of this import have moved on since: %(wines)s. Undo that first; nothing was changed.",
        len(bottle_ids),
    ) % {"count": len(bottle_ids), "wines": named + more}


def _forget_words(part: Sequence[Planned], batch: ImportBatch) -> None:
    """Delete the notes and scores that the import wrote, but for those that somebody has changed since."""
    notes = {pk: note for _wine_id, plans in part for _number, plan in plans for pk, note in plan.notes.items()}
    if notes:
        found = TastingNote.objects.filter(pk__in=list(notes)).values_list("pk", "text", "rating")
        same = [pk for pk, text, rating in found if (text, rating) == (notes[pk].text, notes[pk].rating)]
        TastingNote.objects.filter(pk__in=same).delete()
    scores = [pk for _wine_id, plans in part for _number, plan in plans for pk in plan.scores]
    for some in chunks(scores):
        Score.objects.filter(pk__in=some, created_at__gte=batch.created_at).delete()


def _empty(part: Sequence[Planned]) -> None:
    """Blank the facts again that the import filled in, where they are still the same."""
    facts: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for wine_id, plans in part:
        for _number, plan in plans:
            facts[wine_id] |= plan.facts
    for wine_id, wine in Wine.objects.in_bulk([pk for pk, filled in facts.items() if filled]).items():
        changed = []
        for name, value in facts[wine_id].items():
            if name == "custom_fields":
                own = {key: text for key, text in wine.custom_fields.items() if value.get(key) != text}
                changed.append((name, own))
            elif getattr(wine, name) == value:
                changed.append((name, getattr(Wine(), name)))
        for name, value in changed:
            setattr(wine, name, value)
        if changed:
            wine.save(update_fields=[name for name, _value in changed])


def _put_away(wine_ids: Sequence[UUID]) -> None:
    """Delete the wines that the import made, archive those that the ledger names, keep those that are in use."""
    for part in chunks(wine_ids):
        unused = Wine.objects.filter(
            pk__in=part, count_on_order=0, count_in_cellar=0, count_open=0, count_gone=0, cover=None
        )
        ids = set(unused.values_list("pk", flat=True))
        ids -= set(TastingNote.objects.filter(wine__in=ids).values_list("wine_id", flat=True))
        ids -= set(Label.objects.filter(wine__in=ids).values_list("wine_id", flat=True))
        named = set(Transaction.objects.filter(wine__in=ids).order_by().values_list("wine_id", flat=True).distinct())
        now = timezone.now()
        Wine.objects.filter(pk__in=named).update(archived_at=now, updated_at=now)
        Wine.objects.filter(pk__in=ids - named).delete()


def _remove_places(batch: ImportBatch) -> None:
    """Delete the places that the import made; those that the ledger names are put aside, those in use stay."""
    now = timezone.now()
    for place in reversed(housing.unpacked(batch.figures.get("places", ()))):
        if not is_named(place.id):
            Location.objects.filter(pk=place.id).delete()
            continue
        in_use = (
            Bottle.objects.filter(location=place.id).exists()
            or Location.objects.current().filter(parent=place.id).exists()
        )
        if not in_use:
            Location.objects.filter(pk=place.id).update(archived_at=now, updated_at=now)
