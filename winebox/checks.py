"""What `manage.py check` looks at besides Django's own."""

import sqlite3
import stat
from typing import Any

from django.conf import settings
from django.core import checks

from winebox.environment import env_file

# The release that repaired a rare corruption of the write-ahead log when several processes write.
SAFE_SQLITE = (3, 51, 3)


@checks.register(checks.Tags.database, deploy=True)
def sqlite_and_processes(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say that an older SQLite wants one process only."""
    if settings.ENGINE != "sqlite" or sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return []
    return [
        checks.Info(
            f"SQLite {sqlite3.sqlite_version} can damage its write-ahead log, rarely, when several processes write.",
            hint="Run one server process (manage.py serve is one), or use PostgreSQL or MongoDB.",
            id="winebox.I001",
        )
    ]


@checks.register(checks.Tags.security)
def env_file_is_private(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when the file with the secrets can be read by others."""
    path = env_file()
    if not path.is_file() or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [
        checks.Warning(
            f"{path} can be read by others on this machine.",
            hint=f"chmod 600 {path}",
            id="winebox.W001",
        )
    ]
