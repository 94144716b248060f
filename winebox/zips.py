"""What a ZIP archive says of its list of members, looked at before `zipfile` reads that list into memory."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LENGTH, _LENGTH_64 = 22, 56 + 20
_LONGEST_COMMENT = 65_535


@dataclass(frozen=True, slots=True)
class Directory:
    """The list of members: how many it says it has, and its length in bytes, which is what `zipfile` reads."""

    members: int
    size: int


def directory_of(source: IO[bytes]) -> Directory | None:
    """Return what `zipfile` goes by, or None where the end of the archive is missing.

    Where a ZIP64 record and its locator stand before the end, they count, whatever the end says.
    """
    length = source.seek(0, 2)
    source.seek(max(0, length - _LONGEST_COMMENT - _LENGTH - _LENGTH_64))
    tail = source.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _LENGTH:
        return None
    before = tail[max(0, at - _LENGTH_64) : at]
    if before.startswith(_END_64) and before[56:].startswith(_LOCATOR_64):
        return Directory(*struct.unpack_from("<QQ", before, 32))
    return Directory(*struct.unpack_from("<HL", tail, at + 10))
