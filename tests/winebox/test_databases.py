"""The database: how it is reached, and transactions."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, connections
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from accounts.models import User
from tests.accounts.factories import make_user
from winebox.databases import atomic, is_away, is_reachable, rolls_back
from winebox.engines import database_config


def test_without_a_url_it_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    config = database_config("", tmp_path)
    assert config["ENGINE"] == "django.db.backends.sqlite3"
    assert config["NAME"] == tmp_path / "winebox.sqlite3"


def test_an_sqlite_file_can_be_named(tmp_path: Path) -> None:
    assert database_config("sqlite:///other.sqlite3", tmp_path)["NAME"] == tmp_path / "other.sqlite3"
    assert database_config("sqlite:////srv/cellar.sqlite3", tmp_path)["NAME"] == Path("/srv/cellar.sqlite3")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgres_url_is_taken_apart(scheme: str, tmp_path: Path) -> None:
    config = database_config(f"{scheme}://me:p%40ss@db.example.org:5433/cellar?sslmode=require", tmp_path)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example.org", 5433, "cellar")
    assert (config["USER"], config["PASSWORD"]) == ("me", "p@ss")
    assert config["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("mongodb://me:pass@one:27017,two:27018/cellar?replicaSet=rs0", "cellar"),
        ("mongodb+srv://me:pass@cluster.example.org/cellar", "cellar"),
        ("mongodb://localhost", "winebox"),
    ],
)
def test_a_mongodb_url_is_left_to_the_driver(url: str, name: str, tmp_path: Path) -> None:
    config = database_config(url, tmp_path)
    assert (config["ENGINE"], config["HOST"], config["NAME"]) == ("django_mongodb_backend", url, name)


@pytest.mark.once
def test_sqlite_keeps_what_it_has_acknowledged(db: None) -> None:
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "mmap_size": 0,
        "busy_timeout": 20_000,
    }
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_what_fails_half_way_leaves_nothing(db: None) -> None:
    with pytest.raises(ZeroDivisionError), atomic():
        make_user()
        raise ZeroDivisionError
    assert rolls_back()
    assert User.objects.count() == 0


def test_a_decorated_function_writes_all_or_nothing(db: None) -> None:
    @atomic
    def add(*, fail: bool) -> None:
        make_user()
        if fail:
            raise ZeroDivisionError

    add(fail=False)
    with pytest.raises(ZeroDivisionError):
        add(fail=True)
    assert User.objects.count() == 1


def test_blocks_may_be_nested(db: None) -> None:
    with atomic():
        make_user()
        with atomic():
            make_user()
    assert User.objects.count() == 2


def test_an_outer_block_takes_the_inner_one_back(db: None) -> None:
    with pytest.raises(ZeroDivisionError), atomic():
        with atomic():
            make_user()
        raise ZeroDivisionError
    assert User.objects.count() == 0


def test_without_transactions_a_block_runs_all_the_same(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    features: Any = connection.features
    monkeypatch.setattr(connection, "vendor", "mongodb")
    monkeypatch.setitem(vars(features), "_supports_transactions", False)
    assert not rolls_back()
    with atomic():
        make_user()
    assert User.objects.count() == 1


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("could not connect"), True),
        (InterfaceError("connection already closed"), True),
        (ServerSelectionTimeoutError("no server"), True),
        (caused(DatabaseError(), AutoReconnect("gone")), True),
        (caused(DatabaseError(), OperationFailure("asked wrongly")), False),
        (IntegrityError("twice"), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_a_database_that_is_away_is_told_from_a_mistake_of_ours(error: Exception | None, away: bool) -> None:
    assert is_away(error) is away


def test_a_database_that_answers_is_reachable(db: None) -> None:
    assert is_reachable()


@pytest.mark.django_db(transaction=True)
def test_two_threads_write_one_after_the_other() -> None:
    failures: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(5):
                with atomic():
                    User.objects.count()
                    make_user()
        except BaseException as problem:
            failures.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert User.objects.count() == 10
