"""The proxies of `deploy/`, run for real: what they add, what they refuse, what they do not let through."""

import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import signing

from tests.deploy.conftest import Household
from tests.deploy.proxies import NAMES, free_proxy, running
from tests.engines import free_port
from tests.winebox.process import KEY, Site
from winebox.environment import BASE_DIR

pytestmark = [pytest.mark.once, pytest.mark.needs_servers, pytest.mark.xdist_group("serve")]

FORGED = {
    "X-Forwarded-For": "198.51.100.7, 198.51.100.8",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "198.51.100.9",
    "Forwarded": "for=198.51.100.10;proto=http;host=evil.example",
    "Remote-User": "owner@example.org",
}


def test_plain_http_is_sent_to_https(household: Household) -> None:
    connection = household.proxy.connect_plainly()
    connection.request("GET", "/wines/?q=barolo", headers={"Host": "localhost"})
    response = connection.getresponse()
    assert response.status in {301, 308}
    # Caddy takes the port it was given here for the one that the world knows as 443.
    site = household.proxy.url if household.proxy.name == "nginx" else "https://localhost"
    assert response.headers["Location"] == f"{site}/wines/?q=barolo"
    connection.close()


@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/health/", "/static/css/tokens.css", "/nowhere/"])
def test_over_https_each_answer_carries_the_headers_once(household: Household, path: str) -> None:
    response, _body = household.proxy.get(path)
    assert response.headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"):
        assert len(response.headers.get_all(name) or []) == 1, name
    # nginx cannot leave its name out, only its version.
    assert response.headers.get("Server") == ("nginx" if household.proxy.name == "nginx" else None)
    assert "Via" not in response.headers


def test_cookies_are_for_this_host_over_https(household: Household) -> None:
    response, _body = household.proxy.get("/accounts/sign-in/")
    cookies = response.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_signing_in_works_and_what_a_client_says_of_itself_is_not_believed(household: Household) -> None:
    page, body = household.proxy.get("/accounts/sign-in/", FORGED)
    assert page.status == 200
    assert b"evil.example" not in body
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', body.decode())[0]
    cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
    form = urlencode({"csrfmiddlewaretoken": token, "email": "ada@example.org", "password": "wrong"})
    connection = household.proxy.connect()
    headers = {
        **FORGED,
        "Cookie": cookie,
        "Origin": household.proxy.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/accounts/sign-in/", form, headers)
    assert connection.getresponse().status == 422
    connection.close()
    failures = [line for line in log(household.site) if line.get("event") == "sign_in_failed"]
    assert [failure["address"] for failure in failures] == ["127.0.0.1"]


def log(site: Site) -> list[dict[str, Any]]:
    return [json.loads(line) for line in site.printed().splitlines() if line.startswith("{")]


def test_nobody_is_signed_in_by_a_header(household: Household) -> None:
    response, _body = household.proxy.get("/accounts/profile/", FORGED)
    assert response.status == 302
    assert response.headers["Location"].startswith("/accounts/sign-in/")


def test_a_forged_host_gets_nothing_of_the_site(household: Household) -> None:
    response, body = household.proxy.get("/accounts/sign-in/", {"Host": "evil.example"})
    assert b"csrfmiddlewaretoken" not in body
    assert b"evil.example" not in body
    assert response.status in {400, 421} if household.proxy.name == "nginx" else not body


def post_of(household: Household, megabytes: int, path: str = "/accounts/sign-in/") -> tuple[int, str]:
    """Send so much to a form and return the status and the policy; a refusal may come before all of it is sent."""
    connection = household.proxy.connect()
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", str(megabytes * 1024 * 1024))
    connection.endheaders()
    try:
        for _ in range(megabytes):
            connection.send(b"x" * 1024 * 1024)
    except OSError:
        pass
    response = connection.getresponse()
    policy = response.headers["Content-Security-Policy"]
    connection.close()
    return response.status, policy


def test_what_is_larger_than_any_form_is_refused(household: Household) -> None:
    connection = household.proxy.connect()
    connection.putrequest("POST", "/accounts/sign-in/")
    connection.putheader("Content-Length", str(27 * 1024 * 1024))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["X-Frame-Options"] == "DENY"
    connection.close()


def test_as_much_as_a_large_form_gets_through(household: Household) -> None:
    status, policy = post_of(household, 25)
    # The form has no token; that WineBox says so means that it was asked.
    assert status == 403
    assert "form-action 'self'" in policy


def test_a_backup_that_is_brought_back_gets_through_where_winebox_said_so(household: Household) -> None:
    granted = signing.TimestampSigner(key=KEY, salt="winebox.archive.uploads").sign("backup")
    status, policy = post_of(household, 27, f"/backup/restore/send/{granted}/")
    # Nobody is signed in; that WineBox says so means that it was asked.
    assert status in {302, 403}
    assert "form-action 'self'" in policy


class Slow(BaseHTTPRequestHandler):
    """A server whose answer takes longer than the proxy waits for a page."""

    def do_GET(self) -> None:
        time.sleep(0 if self.path == "/robots.txt" else 3)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def slow_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_takes_minutes_by_its_nature_is_waited_for(slow_server: str, tmp_path: Path) -> None:
    hurry = {"proxy_read_timeout 60s": "proxy_read_timeout 1s"}
    with running(free_proxy("nginx", tmp_path / "nginx"), upstream=slow_server, changes=hurry) as proxy:
        found = {path: proxy.get(path)[0].status for path in ("/wines/", "/import/1/step/", "/import/1/undo/",
                 "/backup/make/", "/backup/restore/1/", "/backup/restore/send/1/")}  # fmt: skip
    assert found.pop("/wines/") == 504
    assert set(found.values()) == {200}


def test_an_answer_may_take_as_long_as_the_download_of_a_large_backup() -> None:
    # Of all of it, not between two pieces as in nginx.
    [minutes] = re.findall(r"^\t\t\twrite (\d+)m$", (BASE_DIR / "deploy" / "Caddyfile").read_text(), re.MULTILINE)
    bits = settings.MAX_RESTORE_BYTES * 8
    assert int(minutes) * 60 >= bits / 20_000_000


@pytest.mark.parametrize("name", NAMES)
def test_while_winebox_is_away_the_proxy_says_so_with_the_headers(name: str, tmp_path: Path) -> None:
    with running(free_proxy(name, tmp_path / name), upstream=f"127.0.0.1:{free_port()}") as proxy:
        response, body = proxy.get("/wines/")
    assert response.status in {502, 503}
    assert b"Nothing was changed" in body
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
