"""Writing an archive: rows as JSON lines, files as they are, and a manifest that says what has to be there."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

import winebox
from winebox.archive import parts
from winebox.archive.rows import Columns, moment
from winebox.archive.snapshot import marks, snapshot

FORMAT = "winebox-backup"
VERSION = 1
MANIFEST = "manifest.json"
ATTEMPTS = 3
BUFFER = 1 << 18
# The same content gives the same file: the time is in the manifest alone.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class BackupError(Exception):
    """A backup that could not be made; the text is for the person."""


class _Restless(Exception):
    """Somebody wrote while it was read, on an engine that cannot show one moment."""


@dataclass
class Summary:
    """What is in an archive."""

    created_at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass
class Members:
    """The members written so far: how large, and with which hash."""

    archive: zipfile.ZipFile
    written: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def member(self, name: str, *, packed: bool) -> Iterator[Member]:
        info = zipfile.ZipInfo(name, NO_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=packed) as file:
            member = Member(file)
            yield member
        self.written.append({"name": name, "size": member.size, "sha256": member.hash.hexdigest()})


class Member:
    """A member that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def write(self, content: bytes) -> None:
        self.size += len(content)
        self.hash.update(content)
        self.file.write(content)


def write_backup(target: IO[bytes]) -> Summary:
    """Write everything into a file, as it is at one moment; people may go on writing meanwhile."""
    for _attempt in range(ATTEMPTS):
        target.seek(0)
        target.truncate()
        try:
            return _written(target)
        except _Restless:
            continue
    raise BackupError(
        _(
            "The cellar was changed again and again while it was read, and this database cannot show one moment of it. "
            "Try again when nobody works with it, or run MongoDB as a replica set."
        )
    )


def _written(target: IO[bytes]) -> Summary:
    summary = Summary(created_at=timezone.now())
    with zipfile.ZipFile(target, "w", compresslevel=6) as archive:
        members = Members(archive)
        with snapshot() as is_one_moment:
            models = [model for _part, model in parts.models().values()]
            before = [] if is_one_moment else marks(models)
            for label, (part, model) in parts.models().items():
                summary.rows[label] = _write_rows(members, label, Columns(part, model))
            names = {folder: list(store.names()) for folder, store in parts.stores().items()}
            if not is_one_moment and marks(models) != before:
                raise _Restless
        # A file never changes under its name, so they need not be read at the same moment.
        for folder, store in parts.stores().items():
            summary.files[folder] = sum(_write_file(members, summary, store, name) for name in names[folder])
        manifest = json.dumps(_manifest(summary, members), ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo(MANIFEST, NO_TIME), manifest, zipfile.ZIP_DEFLATED)
    return summary


def _write_rows(members: Members, label: str, columns: Columns) -> int:
    number, buffer = 0, bytearray()
    with members.member(f"data/{label}.jsonl", packed=True) as member:
        for line in columns.lines():
            number += 1
            buffer += line
            if len(buffer) >= BUFFER:
                member.write(bytes(buffer))
                buffer.clear()
        member.write(bytes(buffer))
    return number


def _write_file(members: Members, summary: Summary, store: parts.FileStore, name: str) -> bool:
    path = f"{store.folder}/{name}"
    try:
        file = store.open(name)
    except FileNotFoundError:
        summary.missing.append(path)
        return False
    with file, members.member(path, packed=False) as member:
        while content := file.read(BUFFER):
            member.write(content)
    return True


def _manifest(summary: Summary, members: Members) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "winebox": winebox.VERSION,
        "created_at": moment(summary.created_at),
        "rows": summary.rows,
        "files": summary.files,
        "missing": summary.missing,
        "members": members.written,
    }
