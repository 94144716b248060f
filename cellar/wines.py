"""The verbs of a wine: add, edit, archive, delete, photograph, write a note about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar import search
from cellar.labels import store
from cellar.labels.sanitise import SanitisedPhoto
from cellar.models import Label, LabelKind, TastingNote, Wine
from winebox import databases

# What a form may set; the rest is kept by cellar.stock and cellar.search.
EDITABLE = (
    "producer", "name", "vintage", "non_vintage", "type", "colour", "sweetness", "country", "region", "sub_region",
    "appellation", "vineyard", "classification", "grapes", "alcohol", "producer_type", "price_tier", "drink_from",
    "drink_until", "best_from", "best_until", "custom_fields", "minimum_stock", "wishlist", "lwin", "ean",
    "cellartracker_id", "vivino_url",
)  # fmt: skip


class WineError(Exception):
    """Something that cannot be done with a wine; the text is for the person who asked for it."""


def add_wine(*, key: UUID | None = None, **facts: Any) -> Wine:
    """Add a wine; with a key that was used before, return what it made then."""
    wine = Wine(**{name: value for name, value in facts.items() if name in EDITABLE})
    if key is not None:
        wine.pk = key
    try:
        with databases.atomic():
            wine.save(force_insert=True)
            search.reindex([wine.pk])
    except IntegrityError:
        return Wine.objects.get(pk=wine.pk)
    return wine


def edit_wine(*, wine: Wine, **facts: Any) -> Wine:
    """Change what is on the label; only what differs is written, so that two edits do not overwrite each other."""
    changed = [name for name in EDITABLE if name in facts and getattr(wine, name) != facts[name]]
    for name in changed:
        setattr(wine, name, facts[name])
    if changed:
        with databases.atomic():
            wine.save(update_fields=changed)
            search.reindex([wine.pk])
    return wine


def facts_of(wine: Wine) -> dict[str, Any]:
    """Return what `add_wine` takes: for a copy in another vintage."""
    return {name: getattr(wine, name) for name in EDITABLE}


def archive_wine(*, wine: Wine) -> Wine:
    """Put a wine out of the lists; refused while there are bottles of it."""
    if wine.count_present or wine.count_on_order:
        raise WineError(_("There are still bottles of this wine. Check them out first; then it can be archived."))
    wine.archived_at = timezone.now()
    wine.save(update_fields=["archived_at"])
    return wine


def restore_wine(*, wine: Wine) -> Wine:
    wine.archived_at = None
    wine.save(update_fields=["archived_at"])
    return wine


def delete_wine(*, wine: Wine) -> None:
    """Delete a wine that was entered by mistake: one without history; its photos go with it."""
    if wine.has_history or wine.notes.exists():
        raise WineError(_("This wine has a history, and the history is kept. Archive it instead."))
    names = list(wine.labels.values_list("name", flat=True))
    with databases.atomic():
        Wine.objects.filter(pk=wine.pk).update(cover=None)
        wine.labels.all().delete()
        wine.delete()
    for name in names:
        store.delete(name)


def add_label(*, wine: Wine, kind: str, photo: SanitisedPhoto) -> Label:
    """Store a photo of a wine, in place of an earlier one of the same side."""
    name = store.save(photo)
    try:
        return attach_photo(wine=wine, kind=kind, name=name, width=photo.width, height=photo.height)
    except BaseException:
        store.delete(name)
        raise


def attach_photo(*, wine: Wine, kind: str, name: str, width: int, height: int) -> Label:
    """Make a stored photo one of a wine, in place of an earlier one of the same side."""
    earlier = list(wine.labels.filter(kind=kind).exclude(kind=LabelKind.OTHER))
    with databases.atomic():
        label = Label.objects.create(wine=wine, kind=kind, name=name, width=width, height=height)
        _drop(wine, earlier)
    for old in earlier:
        store.delete(old.name)
    return label


def remove_label(*, label: Label) -> None:
    """Remove a photo and its thumbnails."""
    with databases.atomic():
        _drop(label.wine, [label])
    store.delete(label.name)


def _drop(wine: Wine, labels: list[Label]) -> None:
    """Delete the rows of some photos, and choose the one that stands for the wine again."""
    gone = [label.pk for label in labels]
    remaining = [one for one in Label.objects.filter(wine=wine) if one.pk not in gone]
    wine.cover = wine.cover_of(remaining)
    wine.save(update_fields=["cover"])
    Label.objects.filter(pk__in=gone).delete()
    search.reindex([wine.pk])


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
        "scale": scale if rating is not None else "", "occasion": occasion, "company": company,
    }  # fmt: skip
    with databases.atomic():
        note, created = TastingNote.objects.get_or_create(pk=key or uuid.uuid4(), defaults=facts)
        if created:
            search.reindex([wine.pk])
    return note


def edit_note(*, note: TastingNote, **facts: Any) -> TastingNote:
    for name, value in facts.items():
        setattr(note, name, value)
    with databases.atomic():
        note.save(update_fields=[*facts, "updated_at"])
        search.reindex([note.wine_id])
    return note


def delete_note(*, note: TastingNote) -> None:
    with databases.atomic():
        note.delete()
        search.reindex([note.wine_id])
