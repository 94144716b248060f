"""manage.py disable_user, enable_user, unlock_user, sign_out_user"""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent
from tests.accounts.factories import make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

HERE = Path(__file__).resolve().parent.parent.parent
COMMANDS = ("disable_user", "enable_user", "unlock_user", "sign_out_user")


def run(command: str, email: str) -> str:
    out = io.StringIO()
    call_command(command, email, stdout=out)
    return out.getvalue()


def test_a_disabled_person_is_out_at_once() -> None:
    person = make_user(email="ada@example.org")
    client = signed_in(person)
    assert "ada@example.org" in run("disable_user", " ADA@example.org ")
    person.refresh_from_db()
    assert not person.is_active
    assert client.get("/accounts/profile/").status_code == 302


def test_an_enabled_person_may_come_back() -> None:
    person = make_user(email="ada@example.org", is_active=False)
    run("enable_user", "ada@example.org")
    person.refresh_from_db()
    assert person.is_active


def test_the_last_owner_is_not_disabled() -> None:
    owner = make_owner(email="ada@example.org")
    with pytest.raises(CommandError, match="the only owner"):
        run("disable_user", "ada@example.org")
    owner.refresh_from_db()
    assert owner.is_active


def test_unlocking_forgets_the_failures() -> None:
    make_user(email="ada@example.org")
    for name in ("ada@example.org", "bea@example.org"):
        AccessAttempt.objects.create(username=name, ip_address="192.0.2.1", failures_since_start=5)
    run("unlock_user", "ada@example.org")
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["bea@example.org"]


def test_signing_out_ends_every_session() -> None:
    client = signed_in(make_user(email="ada@example.org"))
    run("sign_out_user", "ada@example.org")
    assert client.get("/accounts/profile/").status_code == 302


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_address_is_an_error(command: str) -> None:
    with pytest.raises(CommandError, match="Nobody here signs in"):
        run(command, "ada@example.org")


def test_what_is_done_at_the_server_is_in_the_security_log() -> None:
    make_user(email="ada@example.org")
    for command in COMMANDS:
        run(command, "ada@example.org")
    events = SecurityEvent.objects.filter(actor=None)
    assert sorted(events.values_list("kind", flat=True)) == [
        "deactivated",
        "reactivated",
        "signed_out_everywhere",
        "unlocked",
    ]


@pytest.mark.once
def test_a_refusal_is_one_line_and_the_exit_code_one(tmp_path: Path) -> None:
    environment = {
        "WINEBOX_ENV_FILE": "/dev/null",
        "WINEBOX_SECRET_KEY": "Tests only: 0123456789 abcdefghijklmnopqrstuvwxyz",
        "WINEBOX_DATA_DIR": str(tmp_path),
    }
    for arguments, expected in ((["migrate", "-v0"], 0), (["disable_user", "ada@example.org"], 1)):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expected
    assert done.stdout == ""
    assert done.stderr.strip().splitlines() == ["CommandError: Nobody here signs in as ada@example.org."]
