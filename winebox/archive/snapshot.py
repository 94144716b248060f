"""Reading everything as it is at one moment while people write, by the means of each engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Count, Max, Model, QuerySet


@contextmanager
def snapshot(using: str = DEFAULT_DB_ALIAS) -> Iterator[bool]:
    """Read the same state of the database until the block ends; yields whether the engine promises that.

    SQLite: a read transaction, which in WAL mode keeps nobody from writing. PostgreSQL: repeatable read. MongoDB: a
    snapshot session where there is a replica set. A single `mongod` has none, and some servers that speak its protocol
    take one and do not keep to it: so there the caller compares `marks` before and after.
    """
    connection: Any = connections[using]
    if connection.in_atomic_block:
        # Whoever began this transaction reads one state already, or has chosen not to.
        yield True
    elif connection.vendor == "mongodb":
        with _of_mongodb(connection):
            yield False
    elif connection.vendor == "sqlite":
        # Not atomic(), which begins by keeping everybody else from writing.
        _execute(connection, "BEGIN DEFERRED")
        try:
            _execute(connection, "SELECT COUNT(*) FROM sqlite_master")
            yield True
        finally:
            _execute(connection, "ROLLBACK")
    else:
        with transaction.atomic(using=using):
            _execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield True


def _execute(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _of_mongodb(connection: Any) -> Iterator[None]:
    from pymongo.errors import PyMongoError

    connection.ensure_connection()
    has_sessions = connection.features._supports_transactions
    session: Any = connection.connection.start_session(snapshot=True) if has_sessions else None
    try:
        connection.database["django_migrations"].find_one({}, session=session)
    except PyMongoError:
        # Older than 5.0.
        session.end_session()
        session = None
    connection.session = session
    try:
        yield
    finally:
        connection.session = None
        if session is not None:
            session.end_session()


def marks(models: Sequence[type[Model]]) -> list[tuple[Any, Any]]:
    """Return what is another when a row was added, changed or deleted: how many there are, and the newest change."""
    rows: list[QuerySet[Any]] = [QuerySet(model) for model in models]
    found = [one.aggregate(number=Count("pk"), newest=Max("updated_at")) for one in rows]
    return [(one["number"], one["newest"]) for one in found]
