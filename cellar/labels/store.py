"""Keeping photos in Django's default storage, whatever that is: no paths, only names nobody can guess."""

from __future__ import annotations

import logging
import re
import uuid
from contextlib import suppress
from datetime import datetime

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cellar.labels.sanitise import BOXES, SanitisedPhoto

logger = logging.getLogger(__name__)

VARIANTS = tuple(BOXES)
_NAME = re.compile(r"[0-9a-f]{32}")


class PhotoMissing(Exception):
    """A photo that is not in the store: never was, was deleted, or was lost with its disk."""


def save(photo: SanitisedPhoto) -> str:
    """Write all variants and return the photo's name; a failure leaves none of them behind."""
    name = uuid.uuid4().hex
    try:
        for variant, content in photo.variants.items():
            default_storage.save(_key(name, variant), ContentFile(content))
    except BaseException:
        _remove_what_was_written(name)
        raise
    return name


def open_photo(name: str, variant: str) -> File[bytes]:
    """Return the photo's file to read from; the caller closes it. Raises PhotoMissing."""
    try:
        return default_storage.open(_key(name, variant), "rb")
    except FileNotFoundError as error:
        raise PhotoMissing(f"{name} ({variant})") from error


def delete(name: str) -> None:
    """Remove all variants of the photo; to delete what is gone already is no error."""
    for variant in VARIANTS:
        with suppress(FileNotFoundError):
            default_storage.delete(_key(name, variant))


def is_photo(name: str, variant: str) -> bool:
    """Return whether a photo can have this name and variant."""
    return bool(_NAME.fullmatch(name)) and variant in VARIANTS


def exists(name: str, variant: str) -> bool:
    return default_storage.exists(_key(name, variant))


def write(name: str, variant: str, content: bytes) -> None:
    """Write one variant under the name it had, as when a backup is restored."""
    default_storage.save(_key(name, variant), ContentFile(content))


def remove(name: str, variant: str) -> None:
    """Remove one variant; to remove what is gone already is no error."""
    with suppress(FileNotFoundError):
        default_storage.delete(_key(name, variant))


def names(*, older_than: datetime) -> list[str]:
    """Return the photos that were stored before that moment."""
    found = set()
    for folder in _listed("labels", folders=True):
        for file in _listed(f"labels/{folder}"):
            key = f"labels/{folder}/{file}"
            if default_storage.get_modified_time(key) < older_than:
                found.add(file.partition("-")[0])
    return sorted(name for name in found if _NAME.fullmatch(name))


def _listed(path: str, *, folders: bool = False) -> list[str]:
    try:
        inner, files = default_storage.listdir(path)
    except FileNotFoundError:
        return []
    return inner if folders else files


def _key(name: str, variant: str) -> str:
    """Return where the storage keeps a variant; what `save` never named is missing, not looked for."""
    if not is_photo(name, variant):
        raise PhotoMissing(f"{name[:40]!r} ({variant[:40]!r})")
    return f"labels/{name[:2]}/{name}-{variant}.jpg"


def _remove_what_was_written(name: str) -> None:
    # The storage has just failed and may fail again; what the caller needs to see is the first failure.
    try:
        delete(name)
    except Exception:
        logger.warning("the photo %s could not be removed after it was half written", name, exc_info=True)
