"""Where a request comes from, and what a client cannot make of it."""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from winebox.addresses import UNKNOWN, client_address


def address(*, connection: str = "203.0.113.9", forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=connection, headers=headers))


def test_without_proxies_it_is_the_connection_whatever_the_client_says(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address(forwarded="1.2.3.4") == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (2, "1.2.3.4, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "203.0.113.9"),
        (1, "", "203.0.113.9"),
        (1, "not an address", "203.0.113.9"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "2001:DB8:0::7", "2001:db8::7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_with_proxies_it_is_what_the_outermost_of_them_saw(
    settings: Any, proxies: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address(forwarded=forwarded) == expected


def test_a_connection_without_an_address_has_one_all_the_same(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address(connection="") == UNKNOWN


@pytest.mark.parametrize("header", ["X-Real-IP", "Forwarded", "Client-IP", "X-Cluster-Client-IP"])
def test_other_headers_are_never_looked_at(settings: Any, header: str) -> None:
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", headers={header: "for=1.2.3.4"})
    assert client_address(request) == "203.0.113.9"


@pytest.mark.parametrize("header", ["Remote-User", "X-Forwarded-User", "X-Remote-User"])
def test_nobody_is_signed_in_by_a_header(db: None, client: Any, header: str) -> None:
    response = client.get(reverse("profile"), headers={header: "owner@example.org"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign_in"))
