"""What every answer carries."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from cellar import wines
from cellar.labels.sanitise import sanitise
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from tests.cellar.factories import make_wine
from tests.cellar.labels.photos import LIMIT, bottle, encoded

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
    "report-uri /csp-report/",
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
    "/fails/507/",
    "/nowhere/",
    "/health/",
    "/robots.txt",
    "/admin/",
    "/accounts/sign-in/",
]


def check(headers: Any, *, photo: bool = False) -> None:
    """Assert that everything is there which a browser has to be told, and nothing that it must not be."""
    policy = set(headers["Content-Security-Policy"].split("; "))
    assert policy == ({"default-src 'none'", "sandbox"} if photo else POLICY)
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"strict-origin-when-cross-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert ("private" if photo else "no-store") in headers["Cache-Control"]
    for sensor in ("camera", "geolocation", "microphone", "usb"):
        assert f"{sensor}=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "X-XSS-Protection" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["X-Request-ID"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("is_owner", [False, True], ids=["guest", "owner"])
def test_every_answer_carries_every_header(path: str, is_owner: bool) -> None:
    client = Client(raise_request_exception=False)
    if is_owner:
        client.force_login(make_owner())
    check(client.get(path).headers)


TOO_LARGE = {"CONTENT_LENGTH": "999999999"}
STATUSES_OF_PAGES: dict[int, Callable[[Client], Any]] = {
    200: lambda client: client.get("/for/readers/"),
    204: lambda client: client.post("/csp-report/", "{}", content_type="application/csp-report"),
    301: lambda client: client.get("/for/readers"),
    302: lambda client: client.get("/accounts/sign-in/"),
    400: lambda client: client.get("/for/readers/", HTTP_HOST="evil.example"),
    403: lambda client: client.get("/for/nobody/"),
    404: lambda client: client.get("/nowhere/"),
    405: lambda client: client.get("/only/post/"),
    413: lambda client: client.post("/form/", **TOO_LARGE),  # type: ignore[arg-type]
    422: lambda client: client.post("/accounts/password/", {}),
    429: lambda client: client.get("/fails/429/"),
    500: lambda client: client.get("/fails/500/"),
    503: lambda client: client.get("/fails/503/"),
    507: lambda client: client.get("/fails/507/"),
}


@pytest.mark.parametrize("status", STATUSES_OF_PAGES)
def test_a_page_carries_them_whatever_its_status(status: int) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_owner())
    response = STATUSES_OF_PAGES[status](client)
    assert response.status_code == status
    check(response.headers)


STATUSES_OF_PHOTOS: dict[int, Callable[[Client, str], Any]] = {
    200: lambda client, url: client.get(url),
    302: lambda client, url: Client().get(url),
    400: lambda client, url: client.get(url, HTTP_HOST="evil.example"),
    404: lambda client, url: client.get(url.replace("small", "huge")),
    405: lambda client, url: client.post(url),
    413: lambda client, url: client.post(url, **TOO_LARGE),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("status", STATUSES_OF_PHOTOS)
def test_a_photo_carries_them_whatever_its_status(status: int) -> None:
    label = wines.add_label(wine=make_wine(), kind="front", photo=sanitise(BytesIO(encoded(bottle())), max_bytes=LIMIT))
    client = Client(raise_request_exception=False)
    client.force_login(make_owner())
    response = STATUSES_OF_PHOTOS[status](client, f"/labels/{label.pk}/small/")
    assert response.status_code == status
    check(response.headers, photo=status == 200)
    response.close()


@pytest.mark.parametrize("variant", ["large", "medium", "small"])
def test_a_photo_of_each_size_carries_them(variant: str) -> None:
    label = wines.add_label(wine=make_wine(), kind="front", photo=sanitise(BytesIO(encoded(bottle())), max_bytes=LIMIT))
    response = signed_in(make_owner()).get(f"/labels/{label.pk}/{variant}/")
    assert response.status_code == 200
    check(response.headers, photo=True)
    response.close()


TABLE = {"what": "wines", "file_format": "csv"}
STATUSES_OF_FILES: dict[int, Callable[[Client], Any]] = {
    200: lambda client: client.post("/export/", TABLE),
    302: lambda client: Client().post("/export/", TABLE),
    400: lambda client: client.post("/export/", TABLE, HTTP_HOST="evil.example"),
    403: lambda client: signed_in(make_user(role="guest")).post("/export/", TABLE),
    405: lambda client: client.put("/export/"),
    413: lambda client: client.post("/export/", TABLE, **TOO_LARGE),  # type: ignore[arg-type]
    422: lambda client: client.post("/export/", {**TABLE, "file_format": "exe"}),
    429: lambda client: [client.post("/export/", TABLE) for _time in range(2)][-1],
}


@pytest.mark.parametrize("status", STATUSES_OF_FILES)
def test_a_file_that_is_taken_away_carries_them_whatever_its_status(status: int, settings: Any) -> None:
    if status == 429:
        settings.RATE_LIMIT_PER_MINUTE = 1
    response = STATUSES_OF_FILES[status](signed_in(make_owner()))
    assert response.status_code == status
    check(response.headers)
    response.close()


def test_a_backup_carries_them() -> None:
    response = signed_in(make_owner()).post("/backup/make/")
    assert response["Content-Type"] == "application/zip"
    check(response.headers)
    response.close()


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


@pytest.mark.usefixtures("production")
def test_every_cookie_that_the_site_gives_has_its_marks(client: Client) -> None:
    owner = make_owner()
    sudo = {"sudo_then": "send", "sudo_password": PASSWORD}
    answers: list[Any] = [
        client.get("/accounts/sign-in/", headers=BY_HTTPS),
        client.post("/accounts/sign-in/", {"email": owner.email, "password": PASSWORD}, headers=BY_HTTPS),
        client.post("/theme/", {"theme": "dark"}, headers=BY_HTTPS),
        client.get("/wines/?view=table", headers=BY_HTTPS),
        client.post("/accounts/invite/", {"email": "new@example.org", "role": "guest", **sudo}, headers=BY_HTTPS),
    ]
    given = {name: cookie for answer in answers for name, cookie in answer.cookies.items()}
    assert set(given) == {
        "__Host-csrftoken", "__Host-sessionid", "device", "theme", "wine_view", "messages", "invitation_link",
    }  # fmt: skip
    marks = {name: (bool(one["secure"]), bool(one["httponly"]), one["samesite"]) for name, one in given.items()}
    assert set(marks.values()) == {(True, True, "Lax")}, marks
