"""Opening an archive: everything is looked at before anything is done, for it may be damaged, foreign or hostile."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO, Any, NoReturn

from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from winebox.archive import parts
from winebox.archive.parts import Row
from winebox.archive.rows import Columns, RowRefused, parse_line
from winebox.archive.writing import FORMAT, MANIFEST, VERSION
from winebox.zips import directory_of

MAX_LINE = 2 * 1024 * 1024
MAX_FILE = 32 * 1024 * 1024
# What the list of members may take: much less than what they hold.
DIRECTORY_BYTES, DIRECTORY_SHARE = 4 * 1024 * 1024, 50
# Rows are packed ten to thirty times; a bomb a thousand times.
UNPACKED_BYTES, UNPACKED_TIMES = 64 * 1024 * 1024, 100
READ = 1 << 16
# What the parts of Python that read a ZIP and JSON raise for what they cannot read.
UNREADABLE = (
    ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError, RuntimeError, OSError, EOFError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
_DATA = re.compile(r"data/([a-z_]+\.[a-z_]+)\.jsonl")
_HASH = re.compile(r"[0-9a-f]{64}")


class ArchiveRefused(Exception):
    """An archive that is not restored; the text is for the person. Nothing was changed."""


def _refuse(why: str) -> NoReturn:
    raise ArchiveRefused(_("%(why)s Nothing was changed.") % {"why": why})


def _damaged(what: str) -> NoReturn:
    _refuse(_damage(what))


def _damage(what: str) -> str:
    said = _("This backup is damaged or was changed: %(what)s. Bring another copy of it, or an older one.")
    return said % {"what": what}


@dataclass(frozen=True)
class Manifest:
    """What an archive says about itself."""

    version: int
    winebox: str
    created_at: datetime
    rows: dict[str, int]
    files: dict[str, int]
    missing: list[str]
    members: dict[str, tuple[int, str]]


class Archive:
    """An archive whose members are the ones it names; `verify` looks at what is in them."""

    def __init__(self, file: zipfile.ZipFile, *, size: int) -> None:
        self._file = file
        _check_members(file.infolist(), size)
        self.manifest = _read_manifest(file)
        self._check_complete()

    def _check_complete(self) -> None:
        there = {one.filename: one.file_size for one in self._file.infolist() if one.filename != MANIFEST}
        named = {name: size for name, (size, _hash) in self.manifest.members.items()}
        wrong = sorted(name for name in {*there, *named} if there.get(name) != named.get(name))
        if wrong:
            _damaged(_("“%(name)s” is not what the list of its contents says") % {"name": wrong[0][:80]})

    @cached_property
    def labels(self) -> list[str]:
        """The models of which there are rows, by name."""
        return [match[1] for name in self.manifest.members if (match := _DATA.fullmatch(name))]

    @property
    def file_names(self) -> list[str]:
        return [name for name in self.manifest.members if not _DATA.fullmatch(name)]

    def verify(self) -> None:
        """Read everything once: hashes, rows, files. Raises ArchiveRefused."""
        for label in self.labels:
            for _row in self.instances(label, verify=True):
                pass
        for name in self.file_names:
            self.content(name)

    def instances(self, label: str, *, verify: bool = False) -> Iterator[Model]:
        """Yield the rows of a model as they will be written."""
        part, model = parts.models()[label]
        columns, name = Columns(part, model), f"data/{label}.jsonl"
        for number, line in enumerate(self._lines(name, verify=verify), start=1):
            try:
                row = self._upgraded(part, label, parse_line(line))
                if row is not None:
                    yield columns.decode(row)
            except RowRefused as error:
                _damaged(_("row %(number)d of “%(name)s”: %(why)s") % {"number": number, "name": label, "why": error})

    def rows(self, label: str) -> Iterator[Row]:
        """Yield the rows of a model as they are in the archive, brought to this version."""
        part, _model = parts.models()[label]
        for line in self._lines(f"data/{label}.jsonl"):
            row = self._upgraded(part, label, parse_line(line))
            if row is not None:
                yield row

    def _upgraded(self, part: parts.Part, label: str, row: Row) -> Row | None:
        found: Row | None = row
        for version in range(self.manifest.version, VERSION):
            if found is not None and version in part.upgrades:
                found = part.upgrades[version](label, found)
        return found

    def _lines(self, name: str, *, verify: bool = False) -> Iterator[bytes]:
        expected_size, expected_hash = self.manifest.members[name]
        digest, size, number = hashlib.sha256(), 0, 0
        with self._open(name) as file:
            while line := self._read(name, file.readline, MAX_LINE + 1):
                if len(line) > MAX_LINE:
                    _damaged(_("a row of “%(name)s” is too long") % {"name": name})
                if verify:
                    digest.update(line)
                    size += len(line)
                    number += 1
                yield line
        if verify and (size != expected_size or digest.hexdigest() != expected_hash):
            _damaged(_("“%(name)s” has another content than it had") % {"name": name})
        if verify and number != self.manifest.rows.get(name.removeprefix("data/").removesuffix(".jsonl")):
            _damaged(_("“%(name)s” has another number of rows than the manifest says") % {"name": name})

    def content(self, name: str) -> bytes:
        """Return a file, looked at."""
        size, expected = self.manifest.members[name]
        with self._open(name) as file:
            content = self._read(name, file.read, MAX_FILE + 1)
        if len(content) != size or hashlib.sha256(content).hexdigest() != expected:
            _damaged(_("“%(name)s” has another content than it had") % {"name": name})
        folder, _slash, rest = name.partition("/")
        if why := parts.stores()[folder].refusal(rest, content):
            _damaged(f"“{name}” {why}")
        return content

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            file = self._file.open(name)
        except UNREADABLE as error:
            raise _unreadable(name) from error
        with file:
            yield file

    def _read(self, name: str, read: Any, most: int) -> bytes:
        try:
            content: bytes = read(most)
        except UNREADABLE as error:
            raise _unreadable(name) from error
        return content


def _unreadable(name: str) -> ArchiveRefused:
    why = _damage(_("“%(name)s” cannot be read") % {"name": name[:80]})
    return ArchiveRefused(_("%(why)s Nothing was changed.") % {"why": why})


@contextmanager
def opened(source: IO[bytes]) -> Iterator[Archive]:
    """Open an archive; raises ArchiveRefused for what is none, or is not whole."""
    size = source.seek(0, 2)
    _check_directory(source, size)
    try:
        file = zipfile.ZipFile(source)
    except UNREADABLE as error:
        raise ArchiveRefused(_not_whole()) from error
    with file:
        yield Archive(file, size=size)


def _not_whole() -> str:
    return _("This is no backup of WineBox, or only a part of one. Nothing was changed.")


def _check_directory(source: IO[bytes], size: int) -> None:
    """Refuse a list of members that is larger than what they could hold, before it is read into memory."""
    directory = directory_of(source)
    if directory is None:
        raise ArchiveRefused(_not_whole())
    if directory.size > max(DIRECTORY_BYTES, size // DIRECTORY_SHARE):
        _refuse(_("This file has far more members than a backup of its size."))


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if name in seen:
            _refuse(_("“%(name)s” is in this file twice, as in no backup of WineBox.") % {"name": name[:80]})
        seen.add(name)
        # What orig_filename has beyond a NUL is cut off in filename.
        if member.orig_filename != name or not _is_ours(name):
            _refuse(_("“%(name)s” is in no backup of WineBox.") % {"name": name[:80]})
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or member.flag_bits & 1:
            _refuse(_("“%(name)s” is a link or is encrypted, as in no backup of WineBox.") % {"name": name[:80]})
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            _refuse(_("“%(name)s” is packed as in no backup of WineBox.") % {"name": name[:80]})
    if MANIFEST not in seen:
        _refuse(_("This is no backup of WineBox: it has no manifest."))
    if sum(one.file_size for one in members) > max(UNPACKED_BYTES, UNPACKED_TIMES * size):
        _refuse(_("Unpacked, this file would be far larger than any backup of its size."))


def _is_ours(name: str) -> bool:
    """Return whether a member is one that a backup has: this leaves no room for folders above or links."""
    if name == MANIFEST:
        return True
    if match := _DATA.fullmatch(name):
        return match[1] in parts.models()
    folder, _slash, rest = name.partition("/")
    store = parts.stores().get(folder)
    return store is not None and store.is_name(rest)


def _read_manifest(file: zipfile.ZipFile) -> Manifest:
    members = len(file.infolist())
    try:
        with file.open(MANIFEST) as opened_file:
            text = opened_file.read(4096 + 1024 * members)
        # A text of that length could still unfold into very many things.
        if text.count(b"{") + text.count(b"[") > members + 100 or text.count(b",") > 6 * members + 1000:
            raise ValueError("too many things")
        return _manifest(json.loads(text))
    except ArchiveRefused:
        raise
    except UNREADABLE as error:
        raise ArchiveRefused(_("The manifest of this file cannot be read. Nothing was changed.")) from error


def _manifest(given: dict[str, Any]) -> Manifest:
    if given.get("format") != FORMAT or type(given["version"]) is not int:
        _refuse(_("This is no backup of WineBox."))
    if not 1 <= given["version"] <= VERSION:
        _refuse(
            _("This backup was made by a newer WineBox (%(version)s): update this one first.")
            % {"version": str(given.get("winebox"))[:20]}
        )
    created_at = parse_datetime(given["created_at"])
    if created_at is None or created_at.tzinfo is None:
        raise ValueError("created_at")
    return Manifest(
        version=given["version"],
        winebox=str(given["winebox"])[:20],
        created_at=created_at,
        rows={str(name): _count(number) for name, number in given["rows"].items()},
        files={str(name): _count(number) for name, number in given["files"].items()},
        missing=[str(name) for name in given["missing"]],
        members={str(one["name"]): (_count(one["size"]), _hash(one["sha256"])) for one in given["members"]},
    )


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise ValueError(value)
    return value
