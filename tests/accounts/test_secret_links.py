"""Pages whose address is a secret."""

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from accounts.urls import urlpatterns

pytestmark = pytest.mark.django_db

SECRET_PAGES = [str(one.pattern) for one in urlpatterns if isinstance(one, URLPattern) and "<str:" in str(one.pattern)]


def guess(route: str, number: int = 1) -> str:
    """Return an address that somebody might try."""
    return f"/{route.partition('<')[0]}{number:0>43}/"


def test_there_are_five_of_them() -> None:
    assert len(SECRET_PAGES) == 5


@pytest.mark.parametrize("route", SECRET_PAGES)
def test_nobody_is_told_its_address_and_nothing_keeps_it(client: Client, route: str) -> None:
    headers = client.get(guess(route)).headers
    assert headers["Referrer-Policy"] == "strict-origin"
    assert {"no-store", "private"} <= set(headers["Cache-Control"].split(", "))


@pytest.mark.parametrize("route", SECRET_PAGES)
def test_to_look_at_it_is_to_try_it(client: Client, settings: Settings, route: str) -> None:
    settings.AUTH_RATE_LIMIT_PER_MINUTE = 3
    assert [client.get(guess(route, number)).status_code for number in range(4)] == [404, 404, 404, 429]
