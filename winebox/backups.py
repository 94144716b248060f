"""When the last backup was made, so that `check --deploy` can say that it was long ago."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

DAY = 24 * 3600  # seconds


def remember() -> None:
    """Note that a backup was made now. Where that cannot be written, the backup is good all the same."""
    with suppress(OSError):
        _stamp().touch()


def days_since_last() -> int | None:
    """Return how many whole days ago the last backup was made here, or None when there was none."""
    try:
        made = _stamp().stat().st_mtime
    except OSError:
        return None
    return max(0, int((time.time() - made) // DAY))


def _stamp() -> Path:
    folder: Path = settings.DATA_DIR
    return folder / "last-backup"
