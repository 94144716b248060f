"""The verbs of a wine: add, edit, archive, delete, photograph, write a note about; and what is said of its bottles."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search
from cellar.labels import store
from cellar.labels.sanitise import SanitisedPhoto
from cellar.models import Bottle, Label, LabelKind, Scale, Score, TastingNote, Wine
from winebox import databases

Result = TypeVar("Result")

# What a form may set; the rest is kept by cellar.stock and cellar.search.
EDITABLE = (
    "producer", "name", "vintage", "non_vintage", "type", "colour", "sweetness", "body", "acidity", "country", "region",
    "sub_region", "appellation", "vineyard", "classification", "grapes", "pairings", "alcohol", "producer_type",
    "price_tier", "drink_from", "drink_until", "best_from", "best_until", "custom_fields", "minimum_stock", "wishlist",
    "lwin", "ean", "cellartracker_id", "vivino_url",
)  # fmt: skip


class WineError(Exception):
    """Something that cannot be done with a wine; the text is for the person who asked for it."""


@dataclass(frozen=True)
class StoredPhoto:
    """A photo in the store of `cellar.labels` that belongs to no wine yet; width and height in pixels."""

    name: str
    width: int
    height: int


def add_wine(*, key: UUID | None = None, **facts: Any) -> Wine:
    """Add a wine; with a key that was used before, return what it made then."""
    wine = Wine(**{name: value for name, value in facts.items() if name in EDITABLE})
    if key is not None:
        wine.pk = key
    try:
        _indexed(wine.pk, lambda: wine.save(force_insert=True))
    except IntegrityError:
        return Wine.objects.get(pk=wine.pk)
    return wine


def edit_wine(*, wine: Wine, **facts: Any) -> Wine:
    """Change what is on the label; only what differs is written, so that two edits do not overwrite each other."""
    changed = [name for name in EDITABLE if name in facts and getattr(wine, name) != facts[name]]
    for name in changed:
        setattr(wine, name, facts[name])
    if changed:
        _indexed(wine.pk, lambda: wine.save(update_fields=changed))
    return wine


def _indexed(wine_id: UUID, write: Callable[[], Result]) -> Result:
    """Write something about a wine and what the wine is found by, both or neither, however often others get between."""

    def work() -> Result:
        result = write()
        search.reindex([wine_id])
        return result

    return databases.atomically(work)


def archive_wine(*, wine: Wine) -> Wine:
    """Put a wine out of the lists; refused while there are bottles of it."""
    empty = Wine.objects.filter(pk=wine.pk, count_on_order=0, count_in_cellar=0, count_open=0)
    # One statement: a bottle that comes at the same moment finds the wine archived and brings it back.
    if not empty.update(archived_at=timezone.now(), updated_at=timezone.now()):
        raise WineError(_("There are still bottles of this wine. Check them out first; then it can be archived."))
    wine.refresh_from_db(fields=["archived_at"])
    return wine


def restore_wine(*, wine: Wine) -> Wine:
    """Bring an archived wine back into the lists."""
    wine.archived_at = None
    wine.save(update_fields=["archived_at"])
    return wine


def delete_wine(*, wine: Wine) -> None:
    """Delete a wine that was entered by mistake: one without history; its photos go with it."""
    wine_id = wine.pk

    def work() -> list[str]:
        if wine.has_history or TastingNote.objects.filter(wine=wine_id).exists():
            raise WineError(_has_history())
        labels = Label.objects.filter(wine=wine_id)
        names = list(labels.values_list("name", flat=True))
        Wine.objects.filter(pk=wine_id).update(cover=None)
        labels.delete()
        Wine.objects.filter(pk=wine_id).delete()
        return names

    try:
        names = databases.atomically(work)
    except (ProtectedError, IntegrityError) as error:
        # A bottle or a note came at that moment.
        raise WineError(_has_history()) from error
    for name in names:
        store.delete(name)


def _has_history() -> str:
    return _("This wine has a history, and the history is kept. Archive it instead.")


def index_wines(wine_ids: Sequence[UUID]) -> None:
    """Write anew what these wines are found by."""
    databases.atomically(lambda: search.reindex(wine_ids))


def add_label(*, wine: Wine, kind: str, photo: SanitisedPhoto, key: UUID | None = None) -> Label:
    """Store a photo of a wine, in place of an earlier one of the same side; with a key, once."""
    name = store.save(photo)
    try:
        label = attach_photo(wine=wine, kind=kind, name=name, width=photo.width, height=photo.height, key=key)
    except BaseException:
        store.delete(name)
        raise
    if label.name != name:
        store.delete(name)
    return label


def attach_photo(
    *, wine: Wine, kind: str, name: str, width: int, height: int, text: str = "", key: UUID | None = None
) -> Label:
    """Make a stored photo one of a wine, in place of an earlier one of the same side.

    With a key that was used before, return what it made then.
    """
    pk = key or uuid.uuid4()

    def work() -> tuple[Label, list[Label]]:
        earlier = list(wine.labels.filter(kind=kind).exclude(kind=LabelKind.OTHER))
        label = Label.objects.create(pk=pk, wine=wine, kind=kind, name=name, width=width, height=height, text=text)
        _drop(wine, earlier)
        return label, earlier

    try:
        label, earlier = _indexed(wine.pk, work)
    except IntegrityError:
        if sent_before := Label.objects.filter(pk=pk).first():
            return sent_before
        raise
    for old in earlier:
        store.delete(old.name)
    return label


def describe_label(*, label: Label, text: str) -> Label:
    """Write down what a label says; the wine is found by it."""
    label.text = text
    _indexed(label.wine_id, lambda: label.save(update_fields=["text", "updated_at"]))
    return label


def remove_label(*, label: Label) -> None:
    """Remove a photo and its thumbnails."""
    _indexed(label.wine_id, lambda: _drop(label.wine, [label]))
    store.delete(label.name)


def _drop(wine: Wine, labels: list[Label]) -> None:
    """Delete the rows of some photos, and choose the one that stands for the wine again."""
    gone = [label.pk for label in labels]
    remaining = [one for one in Label.objects.filter(wine=wine) if one.pk not in gone]
    wine.cover = wine.cover_of(remaining)
    wine.save(update_fields=["cover"])
    Label.objects.filter(pk__in=gone).delete()


def add_note(
    *,
    wine: Wine,
    author: AbstractBaseUser,
    tasted_on: date,
    text: str = "",
    rating: Decimal | None = None,
    scale: str = "",
    occasion: str = "",
    company: str = "",
    key: UUID | None = None,
) -> TastingNote:
    """Write a tasting note; the same key twice is one note."""
    facts: Mapping[str, Any] = {
        "wine": wine, "author": author, "tasted_on": tasted_on, "text": text, "rating": rating,
        "scale": Scale.of(rating, scale), "occasion": occasion, "company": company,
    }  # fmt: skip
    pk = key or uuid.uuid4()
    note, _created = _indexed(wine.pk, lambda: TastingNote.objects.get_or_create(pk=pk, defaults=facts))
    return note


def edit_note(*, note: TastingNote, **facts: Any) -> TastingNote:
    for name, value in facts.items():
        setattr(note, name, value)
    note.scale = Scale.of(note.rating, note.scale)
    _indexed(note.wine_id, lambda: note.save(update_fields=[*facts, "scale", "updated_at"]))
    return note


def delete_note(*, note: TastingNote) -> None:
    _indexed(note.wine_id, TastingNote.objects.filter(pk=note.pk).delete)


def add_score(
    *,
    wine: Wine,
    source: str,
    value: str,
    scale: str = "",
    reviewer: str = "",
    year: int | None = None,
    key: UUID | None = None,
) -> Score:
    """Write down what a critic gave a wine; the same key twice is one score."""
    facts = {"wine": wine, "source": source, "value": value, "scale": scale, "reviewer": reviewer, "year": year}
    pk = key or uuid.uuid4()
    score, _created = _indexed(wine.pk, lambda: Score.objects.get_or_create(pk=pk, defaults=facts))
    return score


def remove_score(*, score: Score) -> None:
    _indexed(score.wine_id, Score.objects.filter(pk=score.pk).delete)


def describe_bottle(*, bottle: Bottle, note: str, barcode: str) -> Bottle:
    """Write down what belongs to the bottle itself, outside the ledger; the wine is found by it."""
    bottle.note, bottle.barcode = note, barcode
    _indexed(bottle.wine_id, lambda: bottle.save(update_fields=["note", "barcode", "updated_at"]))
    return bottle
