"""`manage.py send_digest`"""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command

from accounts.models import Role
from cellar.drinking import this_year
from tests.accounts.factories import make_owner, make_user
from tests.cellar.factories import make_location, stocked_wine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://wine.example.org"


def run(*args: str) -> str:
    output = StringIO()
    call_command("send_digest", *args, stdout=output)
    return output.getvalue()


def due() -> None:
    now = this_year()
    stocked_wine(2, producer="Keller", name="Von der Fels", vintage=2010, drink_from=2012, drink_until=now,
                 location=make_location("Rack B"))  # fmt: skip
    stocked_wine(1, producer="Young", drink_from=now + 5, drink_until=now + 9)
    stocked_wine(1, producer="Ready for long", drink_from=now - 5, drink_until=now + 9)


def test_it_tells_what_to_drink_first_with_its_place() -> None:
    make_owner(email="olivia@example.org", name="Olivia")
    due()
    assert run() == "Wrote to 1 people about 1 wines.\n"
    (letter,) = mail.outbox
    assert letter.to == ["olivia@example.org"]
    assert letter.subject == "1 wine to drink soon"
    assert "Hello Olivia" in letter.body
    assert "- Keller Von der Fels 2010 (2): its last year. Rack B" in letter.body
    assert "https://wine.example.org/tonight/" in letter.body
    assert "Young" not in letter.body
    assert "Ready for long" not in letter.body


def test_it_goes_to_those_who_may_take_a_bottle_out() -> None:
    make_owner(email="owner@example.org")
    make_user(email="member@example.org")
    make_user(email="guest@example.org", role=Role.GUEST)
    make_user(email="left@example.org", is_active=False)
    due()
    run()
    assert [letter.to for letter in mail.outbox] == [["member@example.org"], ["owner@example.org"]]


def test_when_nothing_is_due_nobody_is_written_to() -> None:
    make_owner()
    stocked_wine(2)
    assert run() == "Nothing has to be drunk soon, so nobody was written to.\n"
    assert mail.outbox == []


def test_it_can_be_one_document() -> None:
    make_owner()
    due()
    assert json.loads(run("--json")) == {"wines": 1, "sent": 1, "failed": []}


def test_without_mail_it_says_what_to_set(settings: Any) -> None:
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="WINEBOX_EMAIL_URL"):
        run()


def test_a_letter_that_is_not_delivered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailBackend, messages: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    make_owner(email="olivia@example.org")
    due()
    with pytest.raises(CommandError, match=r"Not delivered to: olivia@example.org\."):
        run()


def test_a_name_cannot_write_into_the_head_of_a_letter() -> None:
    make_owner(name="Olivia")
    now = this_year()
    stocked_wine(1, producer="Evil\r\nBcc: x@evil.example", drink_from=now - 2, drink_until=now)
    run()
    assert "Bcc" not in mail.outbox[0].extra_headers
    assert mail.outbox[0].recipients() == mail.outbox[0].to
