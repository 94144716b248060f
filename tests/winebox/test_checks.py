"""What `manage.py check --deploy` says of a machine."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SecurityEvent
from tests.winebox.process import KEY, environment, manage
from winebox import security_log
from winebox.checks import SAFE_SQLITE

pytestmark = pytest.mark.django_db

GOOD: dict[str, Any] = {
    "IS_HTTPS": True,
    "SITE_URL": "https://wine.example.org",
    "TRUSTED_PROXIES": 1,
    "ALLOWED_HOSTS": ["wine.example.org"],
    "SECRET_KEY_FALLBACKS": [],
    "MAIL_IS_SENT": True,
    "DEFAULT_FROM_EMAIL": "WineBox <cellar@example.org>",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_HOST_PASSWORD": "secret",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
}


@pytest.fixture(autouse=True)
def _a_good_machine(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        setattr(settings, name, value)
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o750)
    security_log.note("backed_up")
    monkeypatch.setenv("WINEBOX_ENV_FILE", str(tmp_path / ".env"))
    (tmp_path / ".env").touch(mode=0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", SAFE_SQLITE)


def found() -> dict[str, int]:
    """Return the ids of our own messages, with how grave they are."""
    messages = checks.run_checks(include_deployment_checks=True)
    return {str(message.id): message.level for message in messages if str(message.id).startswith("winebox.")}


def test_a_good_machine_has_nothing_to_be_said_of() -> None:
    assert found() == {}


def older_sqlite(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENGINE = "sqlite"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))


def with_redis(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    older_sqlite(settings, monkeypatch)
    settings.CACHES = {**settings.CACHES, "limits": {"BACKEND": "winebox.redis_counters.RedisCounters"}}


def last_backup(*, days: float) -> None:
    then = timezone.now() - timedelta(days=days)
    QuerySet.update(SecurityEvent.objects.filter(kind="backed_up"), created_at=then)


def no_backup(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    QuerySet.delete(SecurityEvent.objects.filter(kind="backed_up"))


Change = Callable[[Any, pytest.MonkeyPatch], Any]


def given(**changes: Any) -> Change:
    """Return what gives settings other values."""

    def change(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in changes.items():
            setattr(settings, name, value)

    return change


WARNED: dict[str, Change] = {
    "winebox.W001": lambda settings, patch: (settings.DATA_DIR.parent / ".env").chmod(0o640),
    "winebox.W002": lambda settings, patch: settings.DATA_DIR.chmod(0o755),
    "winebox.W003": given(IS_HTTPS=False, TRUSTED_PROXIES=0),
    "winebox.W004": given(ALLOWED_HOSTS=[".example.org"]),
    "winebox.W005": given(TRUSTED_PROXIES=0),
    "winebox.W007": with_redis,
    "winebox.W008": lambda settings, patch: last_backup(days=8.5),
    "winebox.W009": given(DEFAULT_FROM_EMAIL="winebox@localhost"),
    "winebox.W010": given(EMAIL_USE_TLS=False),
    "winebox.W011": given(SITE_URL=""),
    "winebox.W012": given(ANTHROPIC_API_KEY="a key", ANTHROPIC_BASE_URL="http://gateway.example.org"),
    "winebox.W013": given(ANTHROPIC_API_KEY="a key", SCANS_PER_DAY=10_000),
}
TOLD: dict[str, Change] = {
    "winebox.I001": older_sqlite,
    "winebox.I002": given(MAIL_IS_SENT=False),
    "winebox.I003": no_backup,
    "winebox.I004": given(SECRET_KEY_FALLBACKS=["old"]),
    "winebox.I006": given(ANTHROPIC_API_KEY="a key", SCANS_PER_DAY=0),
    "winebox.I005": lambda settings, patch: patch.setattr(os, "geteuid", lambda: 0),
}


@pytest.mark.parametrize("name", WARNED)
def test_it_warns_of(name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    WARNED[name](settings, monkeypatch)
    assert found() == {name: checks.WARNING}


@pytest.mark.parametrize("name", TOLD)
def test_it_tells_of(name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    TOLD[name](settings, monkeypatch)
    assert found() == {name: checks.INFO}


def test_it_warns_of_a_trusted_proxy_that_is_not_there(settings: Settings) -> None:
    settings.IS_HTTPS = False
    assert found() == {"winebox.W003": checks.WARNING, "winebox.W006": checks.WARNING}


def test_a_mail_server_on_this_machine_needs_no_tls(settings: Settings) -> None:
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST = False, "localhost"
    assert found() == {}


def test_without_a_key_nothing_is_said_of_claude(settings: Settings) -> None:
    settings.ANTHROPIC_API_KEY, settings.SCANS_PER_DAY = "", 10_000
    assert found() == {}


def test_a_backup_of_this_week_will_do() -> None:
    last_backup(days=6.5)
    assert found() == {}


@pytest.mark.django_db(transaction=True)
def test_making_a_backup_is_remembered(tmp_path: Path) -> None:
    last_backup(days=30)
    call_command("backup", str(tmp_path / "cellar.zip"), stdout=StringIO())
    assert found() == {}


@pytest.mark.once
def test_the_command_prints_them_and_does_not_fail_on_what_is_only_told(tmp_path: Path) -> None:
    env = environment(tmp_path, SECRET_KEY=KEY, SITE_URL="https://wine.example.org", TRUSTED_PROXIES="0")
    run = manage("check", "--deploy", env=env)
    assert run.returncode == 0
    assert "winebox.W005" in run.stderr
    assert "winebox.I003" in run.stderr
    assert manage("check", "--deploy", "--fail-level", "WARNING", env=env).returncode == 1
