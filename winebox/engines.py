"""Which database there is, and how it is reached: what the URLs of database and Redis mean for Django."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import environ

from winebox.databases import PATIENCE_SECONDS

Engine = Literal["sqlite", "postgres", "mongodb"]

# FULL: an acknowledged bottle survives a power cut. No mmap: a damaged disk raises an error instead of a signal.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;"
CONNECT_SECONDS = 5
REDIS_SECONDS = 0.5


def engine_of(url: str) -> Engine:
    """Return which engine a database URL means; none at all means SQLite."""
    scheme = url.partition(":")[0]
    if scheme.startswith("mongodb"):
        return "mongodb"
    return "postgres" if scheme.startswith("postgres") else "sqlite"


def database_config(url: str, data_dir: Path) -> dict[str, Any]:
    """Return the entry of DATABASES for a URL; without one it is a SQLite file in the data folder."""
    engine = engine_of(url)
    if engine == "postgres":
        return _postgres(url)
    return _mongodb(url) if engine == "mongodb" else _sqlite(url, data_dir)


def _sqlite(url: str, data_dir: Path) -> dict[str, Any]:
    name = unquote(urlsplit(url).path)[1:] or "winebox.sqlite3"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / name,
        # Opening the file anew for every request would read the schema anew.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": PATIENCE_SECONDS,
            # A transaction that begins by reading and then writes fails at once when somebody else wrote in between.
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_START,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    options = {"connect_timeout": CONNECT_SECONDS, **config.get("OPTIONS", {})}
    return config | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _mongodb(url: str) -> dict[str, Any]:
    name = unquote(urlsplit(url).path).strip("/") or "winebox"
    # Without a limit a page would wait 30 seconds for a server that is away.
    options = {"serverSelectionTimeoutMS": CONNECT_SECONDS * 1000}
    return {"ENGINE": "django_mongodb_backend", "HOST": url, "NAME": name, "OPTIONS": options}


def counters_config(redis_url: str) -> dict[str, Any]:
    """Return the entry of CACHES in which limits count: Redis where there is one, else the database."""
    if not redis_url:
        return {"BACKEND": "winebox.counters.DatabaseCounters"}
    # A page does not wait longer than this for a Redis that is away.
    patience = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    return {"BACKEND": "winebox.redis_counters.RedisCounters", "LOCATION": redis_url, "OPTIONS": patience}
