"""Keeping uploaded files until they are taken over: in Django's default storage, under names nobody can guess."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from cellar.imports.limits import MAX_BYTES, MAX_FILES, FileRefused
from cellar.imports.sheets import check_zip
from cellar.imports.texts import ENCODINGS

__all__ = ["ENCODINGS", "LocalFile", "delete", "local", "save", "unpack"]

READABLE = (".csv", ".tsv", ".txt", ".tab", ".json", ".xlsx")
# Of Vivino's archive: who you are, and where you signed in.
_PERSONAL = ("_meta/", "__MACOSX/", "label_scans.csv")
_MAX_UNPACKED = 3 * MAX_BYTES
_PIECE = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """A file on this machine's disk, and what the person calls it."""

    path: Path
    name: str


def save(path: Path) -> str:
    """Store a file and return the name it is kept under."""
    name = f"imports/{uuid.uuid4().hex}"
    with path.open("rb") as file:
        default_storage.save(name, File(file))
    return name


def delete(names: Iterable[str]) -> None:
    for name in names:
        with suppress(FileNotFoundError):
            default_storage.delete(name)


def digests(opened: Iterable[IO[Any]]) -> list[str]:
    """Return what tells files apart, in an order of its own; each is closed."""
    found = []
    for file in opened:
        with file:
            digest = hashlib.sha256()
            while piece := file.read(_PIECE):
                digest.update(piece)
            found.append(digest.hexdigest())
    return sorted(found)


def local(stored: str, name: str) -> LocalFile:
    """Return a stored file as one on this disk; from a store elsewhere it is fetched once. Raises FileRefused."""
    try:
        path = Path(default_storage.path(stored))
    except NotImplementedError:
        path = Path(tempfile.gettempdir()) / f"winebox-{stored.replace('/', '-')}"
        if not path.exists():
            _fetch(stored, path)
    if not path.exists():
        raise FileRefused(_("This file is no longer there. Please bring it again."))
    return LocalFile(path, name)


def _fetch(stored: str, path: Path) -> None:
    part = path.with_suffix(f".{uuid.uuid4().hex}")
    try:
        with default_storage.open(stored, "rb") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
    except FileNotFoundError as error:
        part.unlink(missing_ok=True)
        raise FileRefused(_("This file is no longer there. Please bring it again.")) from error
    part.rename(path)


@contextmanager
def unpack(files: Iterable[LocalFile]) -> Iterator[list[LocalFile]]:
    """Give the files, those of archives (but spreadsheets) unpacked beside each other. Raises FileRefused."""
    with tempfile.TemporaryDirectory(prefix="winebox-import-") as folder:
        found: list[LocalFile] = []
        for file in files:
            found.extend(_members(file, Path(folder)) if _is_archive(file.path) else [file])
        if len(found) > MAX_FILES:
            raise FileRefused(_("More than %(most)d files at a time.") % {"most": MAX_FILES})
        yield found


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return False
    check_zip(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return not any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        raise FileRefused(_("This archive is damaged. Nothing was taken from it.")) from None


def _members(file: LocalFile, folder: Path) -> list[LocalFile]:
    found: list[LocalFile] = []
    left = _MAX_UNPACKED
    try:
        with zipfile.ZipFile(file.path) as archive:
            for member in archive.infolist():
                if member.is_dir() or not _is_wanted(member.filename):
                    continue
                left -= member.file_size
                if left < 0 or member.file_size > MAX_BYTES:
                    raise FileRefused(_("What is in this archive is too large. Nothing was taken from it."))
                # Named by us: what an archive says about folders is not followed.
                path = folder / uuid.uuid4().hex
                with archive.open(member) as source, path.open("wb") as target:
                    _copy(source, target, member.file_size)
                found.append(LocalFile(path, PurePosixPath(member.filename).name[:200]))
                if len(found) > MAX_FILES:
                    raise FileRefused(_("More than %(most)d files at a time.") % {"most": MAX_FILES})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused(_("This archive is damaged. Nothing was taken from it.")) from error
    if not found:
        raise FileRefused(_("There is no table in this archive (CSV, TSV, JSON or .xlsx)."))
    return found


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(READABLE) and not any(part in name for part in _PERSONAL)


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    while size > 0 and (piece := source.read(min(_PIECE, size))):
        target.write(piece)
        size -= len(piece)


def written(upload: Any, folder: Path) -> LocalFile:
    """Write what a browser sent to a file of its own. Raises FileRefused where it is too large."""
    if upload.size > MAX_BYTES:
        raise FileRefused(_("This file is larger than %(most)d MB.") % {"most": MAX_BYTES // 1024 // 1024})
    path = folder / uuid.uuid4().hex
    with path.open("wb") as target:
        for piece in upload.chunks():
            target.write(piece)
    return LocalFile(path, (upload.name or "file")[:200])
