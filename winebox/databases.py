"""The database, whichever engine it is: the transaction that fits it, what it can, and what its errors mean."""

import errno
import itertools
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ContextDecorator, contextmanager, nullcontext
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.models import Model, QuerySet

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE_SECONDS = 20
# How much of a large transaction SQLite keeps in memory, where it is told to.
SQLITE_ROOM_KB = 32 * 1024
ATTEMPTS = 12
LONGEST_PAUSE = 0.4  # seconds
# A full disk, a used-up quota, a file system that turned read-only.
UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
# What PostgreSQL calls a full disk, and a transaction that may only read.
STORAGE_STATES = frozenset({"53100", "25006"})


class Atomic(ContextDecorator):
    """All or nothing, by the means of the engine; see `atomic`."""

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self.using = using
        self._transaction: AbstractContextManager[Any] = nullcontext()

    def _recreate_cm(self) -> "Atomic":
        # A decorated function may be called by several threads, and by itself.
        return Atomic(self.using)

    def __enter__(self) -> None:
        self._transaction = _transaction_of(self.using)
        self._transaction.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            with _free_to_commit(self.using):
                self._transaction.__exit__(kind, error, traceback)
        except Exception:
            _end_session(self.using)
            raise


@overload
def atomic(function: None = None) -> Atomic: ...
@overload
def atomic(function: Callable[P, R]) -> Callable[P, R]: ...
def atomic(function: Callable[P, R] | None = None) -> Atomic | Callable[P, R]:
    """Write all of a block or none of it; for `with atomic():` and `@atomic`.

    On SQLite and PostgreSQL this is Django's own transaction, and an inner block is a savepoint. On MongoDB it is the
    transaction of a replica set; an inner block belongs to the outer one, so an error caught in between undoes
    nothing. A single `mongod` that is no member of a replica set has no transactions: the block then runs without
    one, each write stands by itself, and the caller's own compensation is what keeps the ledger right.
    """
    return Atomic() if function is None else Atomic()(function)


def _transaction_of(using: str) -> AbstractContextManager[Any]:
    if connections[using].vendor != "mongodb":
        return transaction.atomic(using=using)
    if not rolls_back(using):
        return nullcontext()
    from django_mongodb_backend.transaction import atomic as mongodb_atomic

    return mongodb_atomic(using=using)  # type: ignore[no-any-return]


@contextmanager
def _free_to_commit(using: str) -> Iterator[None]:
    """Let MongoDB commit within Django's own `atomic`, as in the admin; there it does nothing but forbid that."""
    connection: Any = connections[using]
    if connection.vendor != "mongodb":
        yield
        return
    within, connection.in_atomic_block = connection.in_atomic_block, False
    try:
        yield
    finally:
        connection.in_atomic_block = within


def _end_session(using: str) -> None:
    """Let go of a MongoDB transaction whose commit failed, or the next one on this connection would never begin."""
    connection: Any = connections[using]
    if connection.vendor == "mongodb" and connection.session is not None and not connection.in_atomic_block_mongo:
        connection._end_session()


def atomically(work: Callable[[], R], *, again_on: tuple[type[Exception], ...] = ()) -> R:
    """Do the work in `atomic()`, and again where it failed only because somebody else was quicker.

    That is what the engine says (a conflict, a deadlock), or what the work says by raising one of `again_on`. The last
    such error is raised when it keeps happening. The work is done several times then, so it reads what it changes.
    """

    def whole() -> R:
        with atomic():
            return work()

    return _until_settled(whole, again_on)


def settled(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb, which opens its transactions itself, again where it failed only because somebody else was quicker."""

    @wraps(verb)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        return _until_settled(lambda: verb(*args, **kwargs), ())

    return again


def _until_settled(work: Callable[[], R], again_on: tuple[type[Exception], ...]) -> R:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    for attempt in itertools.count(1):
        try:
            return work()
        except Exception as error:
            # Where others wait for a lock, MongoDB refuses: so it is tried again for as long as others would wait.
            is_worth_it = time.monotonic() < give_up_at if is_conflict(error) else attempt < ATTEMPTS
            if not is_worth_it or not may_try_again() or not (is_conflict(error) or isinstance(error, again_on)):
                raise
        # Those who try again are spread, or they would meet again.
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.005 * 2 ** min(attempt, 10))))  # noqa: S311
    raise AssertionError("unreachable")


def keys_in_parts(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """Yield the primary keys of rows, in their order, in parts that are read as they are needed.

    Each part is a question of its own, so the rows may be changed between two of them.
    """
    keys = rows.order_by("pk").values_list("pk", flat=True)
    part = list(keys[:size])
    while part:
        yield part
        part = list(keys.filter(pk__gt=part[-1])[:size])


def rolls_back(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether a failed `atomic()` block leaves nothing behind; if not, the caller has to clean up."""
    connection: Any = connections[using]
    return connection.vendor != "mongodb" or bool(connection.features._supports_transactions)


def holds_everything(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether one transaction may change a whole cellar; MongoDB's end after a minute."""
    return bool(connections[using].vendor != "mongodb")


def keep_others_from_writing(models: Sequence[type[Model]], using: str = DEFAULT_DB_ALIAS) -> None:
    """Let nobody else write to these tables until the transaction ends; SQLite lets nobody anyway."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")


@contextmanager
def writing_much(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let SQLite keep in memory what a large transaction changes; of more than two megabytes it writes pages twice."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{SQLITE_ROOM_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")
            cursor.execute("PRAGMA shrink_memory")


def joins_quickly(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether the first rows of a joined query come at once; MongoDB joins all rows before it cuts them off."""
    return connections[using].vendor != "mongodb"


def writers_take_turns(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether writing waits for whoever writes, up to `PATIENCE_SECONDS`; elsewhere many write at a time."""
    return connections[using].vendor == "sqlite"


def is_conflict(error: BaseException) -> bool:
    """Return whether the engine refused a transaction only because of another one, so that trying again is right."""
    # Django wraps what most calls of a driver raise, but not what MongoDB's commit and bulk writes do.
    return any(_is_conflict(one) for one in (error, error.__cause__))


def _is_conflict(error: BaseException | None) -> bool:
    if getattr(error, "sqlstate", "") in {"40001", "40P01"}:
        return True
    has_label = getattr(error, "has_error_label", None)
    return bool(has_label and has_label("TransientTransactionError"))


def may_try_again(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether a block that failed can be run again; on MongoDB one within another cannot: both have failed."""
    return not getattr(connections[using], "in_atomic_block_mongo", False)


def is_away(error: BaseException | None) -> bool:
    """Return whether an error means that the database does not answer, rather than that we asked it wrongly."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # MongoDB's driver is loaded with its engine only, and not all of its errors are turned into Django's.
    driver = sys.modules.get("pymongo.errors")
    if driver is None or error is None:
        return False
    return isinstance(error, driver.ConnectionFailure) or isinstance(error.__cause__, driver.ConnectionFailure)


def cannot_store(error: BaseException | None) -> bool:
    """Return whether an error means that there is no room left, or that the disk can only be read."""
    if isinstance(error, OSError):
        return error.errno in UNWRITABLE
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    # An SQLite code carries in its upper bits which of several reasons it was.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY} or getattr(cause, "sqlstate", "") in STORAGE_STATES


def is_reachable(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether the database answers."""
    connection: Any = connections[using]
    try:
        if connection.vendor == "mongodb":
            connection.ensure_connection()
            connection.database.command("ping")
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001  (each driver has its own for a server that is away; none of them is an answer)
        connection.close()
        return False
    return True
