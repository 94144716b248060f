"""Archives that were uploaded to be restored: who may send one, and where they lie until they are looked at."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core import signing

SEND = "/backup/restore/send/"
MINUTES = 60
KEPT_SECONDS = 24 * 3600
_SALT = "winebox.archive.uploads"


def grant() -> str:
    """Return a token for an address to which a whole archive may be sent, for an hour."""
    return signing.TimestampSigner(salt=_SALT).sign(uuid.uuid4().hex)


def is_granted(token: str) -> bool:
    try:
        signing.TimestampSigner(salt=_SALT).unsign(token, max_age=MINUTES * 60)
    except signing.BadSignature:
        return False
    return True


def body_limit(path: str) -> int:
    """Return how large a request to this address may be; asked before anybody knows who sends it."""
    if path.startswith(SEND) and is_granted(path.removeprefix(SEND).rstrip("/")):
        return settings.MAX_RESTORE_BYTES
    return settings.MAX_BODY_BYTES


def keep(chunks: Iterable[bytes]) -> uuid.UUID:
    """Store an archive and return its name."""
    name = uuid.uuid4()
    _folder().mkdir(mode=0o700, exist_ok=True)
    try:
        with open(os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        discard(name)
        raise
    return name


def path_of(name: uuid.UUID) -> Path:
    return _folder() / f"{name}.zip"


def discard(name: uuid.UUID) -> None:
    path_of(name).unlink(missing_ok=True)


def clear() -> dict[str, int]:
    """Remove what was uploaded and not restored within a day; return how many."""
    old = [path for path in _folder().glob("*.zip") if path.stat().st_mtime < time.time() - KEPT_SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return {"uploaded_backups": len(old)}


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "restore"
    return folder
