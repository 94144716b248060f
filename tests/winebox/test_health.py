"""The page for those who watch over the server."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings


@pytest.mark.django_db
def test_it_is_well_while_the_database_answers(client: Client) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_it_tells_that_the_database_is_away_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise OSError("db.internal:5432 refused")

    monkeypatch.setattr(connection, "ensure_connection", away)
    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.content == b'{"status": "unavailable"}'


@pytest.mark.django_db
def test_it_cannot_be_posted_to() -> None:
    assert Client().post("/health/").status_code == 405


@pytest.mark.django_db
def test_robots_are_asked_to_stay_away(client: Client) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


SECURITY_TXT = "/.well-known/security.txt"


def test_whom_to_tell_of_a_hole_is_told_where_the_household_wants_it(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:ada@example.org", "https://wine.example.org"
    answer = client.get(SECURITY_TXT)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    contact, expires, canonical = answer.content.decode().splitlines()
    assert contact == "Contact: mailto:ada@example.org"
    assert canonical == "Canonical: https://wine.example.org/.well-known/security.txt"
    until = datetime.fromisoformat(expires.removeprefix("Expires: "))
    assert timedelta(days=90) < until - timezone.now() < timedelta(days=365)


def test_it_is_not_there_where_the_household_did_not_say(client: Client) -> None:
    assert client.get(SECURITY_TXT).status_code == 404
