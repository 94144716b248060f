"""Putting an archive in the place of what is there: all of it, or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import DataError, IntegrityError, connection
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils.translation import gettext as _

from winebox import databases
from winebox.archive import parts
from winebox.archive.reading import Archive, ArchiveRefused, opened
from winebox.archive.rows import Columns
from winebox.archive.writing import write_backup

BATCH = 500


class NotEmptyError(Exception):
    """There is a cellar here already; the text is for the person."""

    def __init__(self) -> None:
        super().__init__(_("There is a cellar here already, and nothing was changed."))


@dataclass
class Restored:
    """What came back, and what the person should know."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def is_empty() -> bool:
    """Return whether there is nothing here that a restore would overwrite."""
    models = [model for part, model in parts.models().values() if part.is_content]
    return not any(_all(model).exists() for model in models)


def restore(source: IO[bytes], *, replace: bool) -> Restored:
    """Make this instance what the archive says. Raises ArchiveRefused or NotEmptyError; nothing was changed then."""
    if not replace and not is_empty():
        raise NotEmptyError
    with opened(source) as archive, ExitStack() as undo:
        archive.verify()
        done = Restored(rows=dict(archive.manifest.rows), files=dict(archive.manifest.files))
        done.warnings += _about_missing(archive)
        later = _write_files(archive, undo)
        try:
            _replace_rows(archive, done, replace=replace)
        except (IntegrityError, DataError) as error:
            why = _("The rows of this backup contradict each other. Nothing was changed.")
            raise ArchiveRefused(why) from error
        undo.pop_all()
        for name in later:
            _replace_file(archive, name)
    return done


def _about_missing(archive: Archive) -> list[str]:
    number = len(archive.manifest.missing)
    return [_("%(number)d files were missing already when the backup was made.") % {"number": number}] if number else []


# -- Rows --------------------------------------------------------------------------------------------------------------


def _replace_rows(archive: Archive, done: Restored, *, replace: bool) -> None:
    if databases.holds_everything():
        with databases.atomic():
            databases.keep_others_from_writing([model for _part, model in parts.models().values()])
            if not replace and not is_empty():
                raise NotEmptyError
            _wipe()
            done.warnings += _load(archive)
    else:
        _replace_without_transaction(archive, done)


def _replace_without_transaction(archive: Archive, done: Restored) -> None:
    """Do it where no transaction is large enough: what was there is kept in a file, and comes back after a failure."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix="before-restore-", suffix=".zip") as kept:
        write_backup(kept)
        try:
            _wipe()
            done.warnings += _load(archive)
        except BaseException:
            _wipe()
            with opened(kept) as before:
                _load(before)
            raise


def _wipe() -> None:
    for part, model in parts.models().values():
        # Whatever its managers forbid: nothing of what was there stays. References are looked at in the end.
        Columns(part, model).rows()._raw_delete(connection.alias)


def _load(archive: Archive) -> list[str]:
    for label in archive.labels:
        rows = archive.instances(label)
        while batch := list(islice(rows, BATCH)):
            _insert(batch)
    _drop_what_hangs_on()
    _check_references()
    warnings: list[str] = []
    for part in parts.parts():
        warnings += part.finish()
    return warnings


def _insert(batch: Sequence[Model]) -> None:
    """Write rows as they are: with the times they had, which `bulk_create` would set anew."""
    model = type(batch[0])
    fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
    size = connection.ops.bulk_batch_size(fields, list(batch)) or len(batch)
    for start in range(0, len(batch), size):
        rows: Any = _all(model)
        rows._insert(list(batch[start : start + size]), fields=fields, using=connection.alias, raw=True)


def _all(model: type[Model]) -> QuerySet[Any]:
    return QuerySet(model)


# -- References --------------------------------------------------------------------------------------------------------


def _references(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    return [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]


def _drop_what_hangs_on() -> None:
    """Remove rows that are in no archive, such as a second factor, and belong to a row that is there no more.

    Rows of a model that is in archives stay, and forget the row that is gone.
    """
    archived = {model: Columns(part, model) for part, model in parts.models().values()}
    for model in apps.get_models():
        for reference in _references(model):
            if reference.related_model not in archived:
                continue
            if model not in archived:
                for gone in _dangling(_all(model), reference):
                    _all(model).filter(**{f"{reference.attname}__in": gone})._raw_delete(connection.alias)
            elif reference.null:
                for gone in _dangling(archived[model].rows_left_out(), reference):
                    _all(model).filter(**{f"{reference.attname}__in": gone}).update(**{reference.attname: None})


def _check_references() -> None:
    """Refuse rows that refer to rows which are not there, on engines that would not do it in the end."""
    if connection.features.supports_foreign_keys:
        connection.check_constraints()
        return
    for _part, model in parts.models().values():
        for reference in _references(model):
            if next(_dangling(_all(model), reference), None):
                raise IntegrityError(f"{model._meta.label_lower}.{reference.name} refers to nothing")


def _dangling(rows: QuerySet[Any], reference: ForeignKey[Any, Any]) -> Iterator[list[Any]]:
    """Yield, in parts, the keys that rows refer to and that are not there."""
    target: Any = reference.related_model
    keys = rows.exclude(**{reference.attname: None}).order_by(reference.attname)
    found = keys.values_list(reference.attname, flat=True).distinct().iterator(chunk_size=BATCH)
    while part := list(islice(found, BATCH)):
        there = set(_all(target).filter(pk__in=part).values_list("pk", flat=True))
        if gone := [key for key in part if key not in there]:
            yield gone


# -- Files -------------------------------------------------------------------------------------------------------------


def _write_files(archive: Archive, undo: ExitStack) -> list[str]:
    """Write the files that are not there; return those that are there with another content, to be replaced later."""
    later = []
    for name in archive.file_names:
        store, rest = _store_of(name)
        if not store.exists(rest):
            undo.callback(store.delete, rest)
            store.save(rest, archive.content(name))
        else:
            with store.open(rest) as file:
                if file.read() != archive.content(name):
                    later.append(name)
    return later


def _replace_file(archive: Archive, name: str) -> None:
    store, rest = _store_of(name)
    store.delete(rest)
    store.save(rest, archive.content(name))


def _store_of(name: str) -> tuple[parts.FileStore, str]:
    folder, _slash, rest = name.partition("/")
    return parts.stores()[folder], rest
