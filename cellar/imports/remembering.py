"""Remembering what the columns of a file were said to mean, for the next file with the same headers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from cellar.folding import fold
from cellar.models import ColumnMapping


def _key(columns: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(fold(column) for column in columns).encode()).hexdigest()


def remembered(columns: Sequence[str]) -> dict[str, str]:
    """Return what these columns meant the last time, by header."""
    found = ColumnMapping.objects.filter(headers=_key(columns)).first()
    return dict(found.mapping) if found else {}


def remember(*, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
    said = {column: mapping[column] for column in columns if column in mapping}
    ColumnMapping.objects.update_or_create(headers=_key(columns), defaults={"mapping": said})
