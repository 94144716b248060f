"""The page for those who watch over the server."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client


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
