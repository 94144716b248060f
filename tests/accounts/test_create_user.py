"""manage.py create_user"""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent, User
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def create(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "plain words in a row\n") -> str:
    """Run the command with a password on standard input, and return what it says."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command("create_user", *arguments, "--password-stdin", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("role", ["owner", "member", "guest"])
def test_it_creates_a_person_with_a_role(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    said = create(monkeypatch, " Ada@Example.org", "--role", role, "--name", "Ada")
    person = User.objects.get()
    assert (person.email, person.name, person.role) == ("ada@example.org", "Ada", role)
    assert person.check_password("plain words in a row")
    assert "ada@example.org" in said


def test_blanks_belong_to_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, "ada@example.org", "--role", "guest", typed="  plain words in a row \r\n")
    assert User.objects.get().check_password("  plain words in a row ")


@pytest.mark.parametrize("password", ["", "short", "ada@example.org", "winebox-2026!"])
def test_a_bad_password_is_refused_with_the_reasons(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError, match="This password is refused"):
        create(monkeypatch, "ada@example.org", "--role", "guest", typed=f"{password}\n")
    assert not User.objects.exists()


def test_an_address_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="ada@example.org")
    with pytest.raises(CommandError, match="already uses"):
        create(monkeypatch, "ADA@example.org", "--role", "guest")


@pytest.mark.parametrize("role", ["helper", "emperor"])
def test_a_role_that_cannot_be_given_is_refused(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    with pytest.raises(CommandError):
        create(monkeypatch, "ada@example.org", "--role", role)


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        create(monkeypatch, "ada", "--role", "guest")


def test_without_a_terminal_it_says_how_to_give_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_user", "ada@example.org", "--role", "guest")


def test_a_terminal_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["plain words in a row", "other words in a row"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="not the same"):
        call_command("create_user", "ada@example.org", "--role", "guest")


def test_it_is_in_the_security_log(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, "ada@example.org", "--role", "guest")
    event = SecurityEvent.objects.get(kind="user_created")
    assert (event.subject, event.address) == ("ada@example.org", None)
