"""What arrived in the mail boxes of a test."""

import re

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from tests.winebox.post_offices import wait_for_couriers

SITE = "https://wine.example.org"


@pytest.fixture
def mailing(settings: Settings) -> None:
    """Let the site send mails."""
    settings.SITE_URL = SITE


def outbox() -> list[EmailMessage]:
    """Return every letter, those included that nobody waited for."""
    wait_for_couriers()
    return list(mail.outbox)


def link_in(letter: EmailMessage) -> str:
    """Return the path that a letter leads to."""
    found = re.search(rf"^{SITE}(/\S+)$", str(letter.body), re.MULTILINE)
    assert found
    return found[1]
