"""The verbs of an import: bring files, choose how they are read, plan in steps, drop. `applying` takes over.

What a step has read so far is kept in this process between two steps; where it is not there (a restart, another
server) the rows that are planned already are read over.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar.imports import files, housing
from cellar.imports.collecting import garbage_later
from cellar.imports.files import LocalFile
from cellar.imports.limits import FileRefused
from cellar.imports.packing import pack
from cellar.imports.planning import Planned, Planner
from cellar.imports.reading import Opened, open_files, options_of, rows_of
from cellar.imports.rows import Row
from cellar.ledger import Actor
from cellar.models import ImportBatch, ImportFile, ImportRow, Stage, Transaction, Wine
from winebox import databases
from winebox.inserting import insert_values

AT_A_TIME = 500
STEP_SECONDS = 1.5
_KEPT = 3
_LISTED_WARNINGS = 50
_ROW = (
    "batch_id", "position", "file", "number", "title", "outcome", "detail", "has_skipped_cells", "wine", "is_new_wine",
    "plan",
)  # fmt: skip


class ImportRefused(Exception):
    """Something that cannot be done with an import; the text is for the person."""


@dataclass
class Session:
    """The reading of one import, as far as it has come."""

    rows: Iterator[Row]
    planner: Planner
    position: int = 0
    lock: Lock = field(default_factory=Lock)


_sessions: OrderedDict[UUID, Session] = OrderedDict()
_sessions_lock = Lock()


def start(*, files_: Sequence[LocalFile], actor: Actor, choices: Mapping[str, Any] | None = None) -> ImportBatch:
    """Keep some files as an import that is not planned yet. Raises FileRefused when none of them can be read."""
    with files.unpack(files_) as unpacked:
        return _start(unpacked, actor, dict(choices or {}))


def start_or_go_on(*, files_: Sequence[LocalFile], actor: Actor) -> tuple[ImportBatch, bool]:
    """Return the unfinished import of these files, else a new one; and whether it is new. Raises FileRefused."""
    with files.unpack(files_) as unpacked:
        unfinished = _unfinished_of(unpacked)
        return (unfinished, False) if unfinished is not None else (_start(unpacked, actor, {}), True)


def _unfinished_of(unpacked: Sequence[LocalFile]) -> ImportBatch | None:
    """Return the last import of the same bytes that nobody has finished, whatever the files are called."""
    sizes = sorted(file.path.stat().st_size for file in unpacked)
    open_ones = ImportBatch.objects.exclude(stage__in=[Stage.DONE, Stage.UNDONE]).prefetch_related("files")
    digests: list[str] | None = None
    for batch in open_ones:
        kept = list(batch.files.all())
        if sorted(one.size for one in kept) != sizes:
            continue
        digests = digests or files.digests(file.path.open("rb") for file in unpacked)
        with suppress(FileNotFoundError):
            if files.digests(default_storage.open(one.stored) for one in kept) == digests:
                return batch
    return None


def _start(unpacked: Sequence[LocalFile], actor: Actor, choices: dict[str, Any]) -> ImportBatch:
    opened = open_files(unpacked, choices=choices)
    stored: list[tuple[LocalFile, str]] = []
    try:
        for one in unpacked:
            stored.append((one, files.save(one.path)))  # noqa: PERF401  (what is stored is deleted on failure)
        return databases.atomically(lambda: _create(opened, stored, actor, choices))
    except BaseException:
        files.delete(name for _file, name in stored)
        raise


def _create(
    opened: Opened, stored: Sequence[tuple[LocalFile, str]], actor: Actor, choices: dict[str, Any]
) -> ImportBatch:
    batch = ImportBatch.objects.create(
        actor_id=None if actor is None else actor.pk,
        format=opened.format_names[:200],
        encoding=opened.encodings[:80],
        options=choices,
        warnings=opened.warnings[:_LISTED_WARNINGS],
    )
    ImportFile.objects.bulk_create(
        ImportFile(batch=batch, position=place, name=file.name[:200], stored=name, size=file.path.stat().st_size)
        for place, (file, name) in enumerate(stored)
    )
    return batch


def opened(batch: ImportBatch, choices: Mapping[str, Any] | None = None) -> Opened:
    """Return an import's files, opened. Raises FileRefused."""
    local = [files.local(one.stored, one.name) for one in batch.files.all()]
    return open_files(local, choices=batch.options if choices is None else choices)


def choose(*, batch: ImportBatch, choices: Mapping[str, Any], plan: bool = True) -> ImportBatch:
    """Read an import's files in another way, and begin to plan; what was planned is forgotten.

    Raises FileRefused, ImportRefused.
    """
    found = opened(batch, choices)
    batch.options = dict(choices)
    batch.format, batch.encoding = found.format_names[:200], found.encodings[:80]
    batch.warnings = found.warnings[:_LISTED_WARNINGS]
    stage = Stage.PLANNING if plan else Stage.UPLOADED
    return _plan_anew(batch, ["options", "format", "encoding", "warnings"], stage)


def take_other_drinks(*, batch: ImportBatch, wanted: bool) -> ImportBatch:
    """Take spirits and beer over, too, or leave them out."""
    batch.other_drinks = wanted
    return _plan_anew(batch, ["other_drinks"])


def plan_anew(*, batch: ImportBatch) -> ImportBatch:
    """Begin to plan, or begin again."""
    return _plan_anew(batch, [])


def _plan_anew(batch: ImportBatch, changed: list[str], stage: Stage = Stage.PLANNING) -> ImportBatch:
    _forget(batch.pk)

    def work() -> None:
        open_ones = ImportBatch.objects.filter(pk=batch.pk, stage__in=[Stage.UPLOADED, Stage.PLANNING, Stage.PLANNED])
        if not open_ones.update(stage=stage, position=0, figures={}, updated_at=timezone.now()):
            raise ImportRefused(_("This import is being taken over, or was. Nothing was changed."))
        ImportRow.objects.filter(batch=batch.pk).delete()
        if changed:
            batch.save(update_fields=changed)

    databases.atomically(work)
    batch.refresh_from_db()
    return batch


@garbage_later()
def plan_step(*, batch: ImportBatch, seconds: float = STEP_SECONDS) -> ImportBatch:
    """Plan for about so long; the batch is PLANNED when all rows are. Raises FileRefused."""
    give_up_at = time.monotonic() + seconds
    batch.refresh_from_db()
    while batch.stage == Stage.PLANNING:
        session = _session(batch)
        with session.lock:
            batch.refresh_from_db()
            if batch.stage == Stage.PLANNING and session.position == batch.position:
                _plan_some(batch, session)
            elif session.position != batch.position:
                _forget(batch.pk)
        if time.monotonic() > give_up_at:
            break
    return batch


def _plan_some(batch: ImportBatch, session: Session) -> None:
    try:
        rows = list(islice(session.rows, AT_A_TIME))
        planned = session.planner.plan(rows)
    except FileRefused as error:
        _refuse(batch, str(error))
        raise
    if rows:
        databases.atomically(lambda: _keep(batch, planned))
        session.position += len(rows)
        batch.position = session.position
    if len(rows) < AT_A_TIME:
        _finish_planning(batch, session.planner)


def _keep(batch: ImportBatch, planned: Sequence[Planned]) -> None:
    """Write what was planned, if nobody else has."""
    position = batch.position
    mine = ImportBatch.objects.filter(pk=batch.pk, stage=Stage.PLANNING, position=position)
    if not mine.update(position=position + len(planned), updated_at=timezone.now()):
        raise ImportRefused(_("This import is being planned somewhere else at this moment."))
    rows = (
        (
            batch.pk, position + place, one.file, one.number, one.title, one.outcome, one.detail,
            bool(one.plan.skipped_cells), one.wine_id, one.is_new_wine, pack(one.plan),
        )
        for place, one in enumerate(planned)
    )  # fmt: skip
    insert_values(ImportRow, _ROW, rows)


def _finish_planning(batch: ImportBatch, planner: Planner) -> None:
    figures = planner.figures() | {"places": housing.packed(planner.housing.new)}
    ImportBatch.objects.filter(pk=batch.pk, stage=Stage.PLANNING).update(
        stage=Stage.PLANNED, figures=figures, updated_at=timezone.now()
    )
    _forget(batch.pk)
    batch.refresh_from_db()


def _refuse(batch: ImportBatch, reason: str) -> None:
    """Go back to the beginning: a row was no row."""
    _forget(batch.pk)
    ImportRow.objects.filter(batch=batch.pk).delete()
    ImportBatch.objects.filter(pk=batch.pk, stage=Stage.PLANNING).update(
        stage=Stage.UPLOADED, position=0, warnings=[*batch.warnings, reason][:_LISTED_WARNINGS]
    )


def _session(batch: ImportBatch) -> Session:
    with _sessions_lock:
        session = _sessions.get(batch.pk)
        if session is None:
            session = _sessions[batch.pk] = _new_session(batch)
            while len(_sessions) > _KEPT:
                _sessions.popitem(last=False)
    with session.lock:
        # Read over what is planned, so that the planner remembers it.
        while session.position < batch.position:
            rows = list(islice(session.rows, min(AT_A_TIME, batch.position - session.position)))
            if not rows:
                break
            session.planner.plan(rows)
            session.position += len(rows)
    return session


def _new_session(batch: ImportBatch) -> Session:
    options = options_of(batch.options)
    planner = Planner(
        namespace=batch.pk, last_vintage=options.last_vintage, today=options.today, other_drinks=batch.other_drinks
    )
    return Session(rows_of(opened(batch), options), planner)


def _forget(batch_id: UUID) -> None:
    with _sessions_lock:
        _sessions.pop(batch_id, None)


def drop(*, batch: ImportBatch) -> None:
    """Forget an import that was not taken over: its files, its plan, and what was prepared."""

    def work() -> list[str]:
        batch.refresh_from_db()
        if batch.stage in {Stage.DONE, Stage.UNDONE}:
            raise ImportRefused(_("This import was taken over. Undo it instead; its report is kept."))
        _drop_staged(batch)
        names = list(batch.files.values_list("stored", flat=True))
        ImportRow.objects.filter(batch=batch.pk).delete()
        ImportFile.objects.filter(batch=batch.pk).delete()
        ImportBatch.objects.filter(pk=batch.pk).delete()
        return names

    _forget(batch.pk)
    files.delete(databases.atomically(work))


def _drop_staged(batch: ImportBatch) -> None:
    """Delete the wines that were prepared, and that nobody has found a use for."""
    if batch.stage != Stage.STAGING:
        return
    new = ImportRow.objects.filter(batch=batch.pk, is_new_wine=True).order_by().values_list("wine", flat=True)
    ids = {pk for pk in new.distinct() if pk}
    used = set(Transaction.objects.filter(wine__in=ids).order_by().values_list("wine_id", flat=True).distinct())
    Wine.objects.filter(pk__in=ids - used, archived_at__isnull=False).delete()
