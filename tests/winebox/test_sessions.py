"""How long somebody stays signed in."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.accounts.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.winebox.urls")]


def signed_in() -> Client:
    client = Client()
    client.force_login(make_user())
    return client


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    moment = timezone.now() + later
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    monkeypatch.setattr("winebox.middleware.time.time", lambda: moment.timestamp())


def test_a_session_is_kept_on_the_server() -> None:
    signed_in()
    assert Session.objects.count() == 1


def test_a_session_ends_two_hours_after_its_last_use(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    assert client.get("/for/readers/").status_code == 200
    at(monkeypatch, timedelta(hours=2, minutes=1))
    assert client.get("/for/readers/").status_code == 302


def test_each_use_makes_a_session_last_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    with monkeypatch.context() as patch:
        at(patch, timedelta(hours=1, minutes=30))
        assert client.get("/for/readers/").status_code == 200
    at(monkeypatch, timedelta(hours=3))
    assert client.get("/for/readers/").status_code == 200


def test_reading_on_does_not_write_at_every_page(django_assert_num_queries: Any) -> None:
    client = signed_in()
    client.get("/for/readers/")
    # The session and the person.
    with django_assert_num_queries(2):
        client.get("/for/readers/")


def test_a_guest_without_a_session_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/for/anyone/")
