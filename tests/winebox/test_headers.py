"""What every answer carries."""

from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import make_owner, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.winebox.urls")]

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
PATHS = [
    "/for/anyone/",
    "/for/readers/",
    "/for/nobody/",
    "/fails/400/",
    "/fails/413/",
    "/fails/429/",
    "/fails/500/",
    "/fails/503/",
    "/nowhere/",
    "/health/",
    "/robots.txt",
    "/admin/",
    "/accounts/sign-in/",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signed_in", [False, True], ids=["guest", "owner"])
def test_every_answer_carries_every_header(path: str, signed_in: bool) -> None:
    client = Client(raise_request_exception=False)
    if signed_in:
        client.force_login(make_owner())
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"strict-origin-when-cross-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "no-store" in headers["Cache-Control"]
    for sensor in ("camera", "geolocation", "microphone", "usb"):
        assert f"{sensor}=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "X-XSS-Protection" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Request-ID"]


def test_what_a_view_says_itself_stands(client: Client) -> None:
    assert client.get("/own/headers/")["Cache-Control"] == "private, max-age=60"


@pytest.fixture
def production(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "wine.example.org"
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["wine.example.org"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"


HOST = {"Host": "wine.example.org"}
BY_HTTPS = {**HOST, "X-Forwarded-Proto": "https"}


@pytest.mark.usefixtures("production")
def test_plain_http_is_sent_to_https(client: Client) -> None:
    response = client.get("/for/anyone/?a=b", headers=HOST)
    assert response.status_code == 301
    assert response["Location"] == "https://wine.example.org/for/anyone/?a=b"


@pytest.mark.usefixtures("production")
def test_the_health_page_answers_without_https(client: Client) -> None:
    assert client.get("/health/", headers=HOST).status_code == 200


@pytest.mark.usefixtures("production")
def test_over_https_browsers_are_told_to_stay_there(client: Client) -> None:
    response = client.get("/for/anyone/", headers=BY_HTTPS)
    assert response.status_code == 200
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.usefixtures("production")
def test_cookies_are_for_this_host_over_https_and_not_for_scripts(client: Client) -> None:
    person = make_user()
    client.force_login(person)
    response = client.get("/accounts/sign-in/", headers=BY_HTTPS)
    client.get("/for/readers/", headers=BY_HTTPS)
    cookies = list(client.cookies.values()) + list(response.cookies.values())
    assert {cookie.key for cookie in cookies} >= {"__Host-sessionid"}
    for cookie in cookies:
        assert cookie.key.startswith("__Host-")
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
