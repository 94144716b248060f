"""What browsers report of the content security policy, and what others send there."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cellar.factories import make_wine

pytestmark = pytest.mark.django_db

URL = "/csp-report/"
SECRET = "Zk3v9tQm1xY7bN5cR8wL2pJ4sD6fG0hA-_Uo"


def send(client: Client, sent: Any, content_type: str = "application/csp-report") -> int:
    body = sent if isinstance(sent, bytes) else json.dumps(sent)
    return client.post(URL, body, content_type=content_type).status_code


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [vars(record)["fields"] for record in caplog.records if record.name == "winebox.csp"]


def test_a_report_becomes_a_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    report = {
        "document-uri": "https://wine.example.org/wines/?q=private",
        "effective-directive": "script-src",
        "blocked-uri": "https://cdn.example/evil.js?token=secret",
    }
    assert send(client, {"csp-report": report}) == 204
    assert told(caplog) == [{"directive": "script-src", "blocked": "https://cdn.example", "page": "/wines/"}]


def test_the_newer_form_is_understood_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    body = {"documentURL": "https://x/history/", "effectiveDirective": "img-src", "blockedURL": "inline"}
    assert send(client, [{"type": "csp-violation", "body": body}], "application/reports+json") == 204
    assert told(caplog) == [{"directive": "img-src", "blocked": "inline", "page": "/history/"}]


def test_the_page_of_a_secret_link_is_told_without_the_secret(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for page in (f"/setup/{SECRET}/", f"/accounts/invitation/{SECRET}/", f"/accounts/reset/{SECRET}/,"):
        send(client, {"csp-report": {"document-uri": f"https://x{page}"}})
    assert SECRET not in caplog.text
    assert told(caplog)[0]["page"] == "/setup/***/"


def test_a_line_cannot_be_forged_and_is_short(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    send(client, {"csp-report": {"violated-directive": "x\r\n2026 INFO forged" + "y" * 5000, "blocked-uri": "a\nb"}})
    [line] = [record.getMessage() for record in caplog.records]
    assert "forged" in line
    assert line.isprintable()
    assert len(line) < 400


@pytest.mark.parametrize(
    "sent",
    [b"", b"not json", b"\xff\xfe", b"[" * 9000, b"1" * 9000],
    ids=["nothing", "text", "bytes", "deep", "number"],
)
def test_what_is_no_report_is_refused(client: Client, sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert send(client, sent) == 400
    assert told(caplog) == []


@pytest.mark.parametrize("sent", [{}, [], [1, None, "x"], {"csp-report": 7}, {"csp-report": {"document-uri": "//["}}])
def test_what_only_looks_like_one_is_harmless(client: Client, sent: Any) -> None:
    assert send(client, sent) == 204


def test_a_long_list_is_cut_off(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert send(client, [{"body": {}}] * 100) == 204
    assert len(told(caplog)) == 5


def test_a_large_report_is_not_read(client: Client) -> None:
    assert send(client, b"x" * (16 * 1024 + 1)) == 413


def test_an_address_has_thirty_a_minute(client: Client, settings: Settings) -> None:
    statuses = [send(client, {"csp-report": {}}) for _ in range(61)]
    assert statuses[:30] == [204] * 30
    assert 429 in statuses


def test_it_asks_no_token_because_it_changes_nothing() -> None:
    wine = make_wine()
    before = wine.updated_at
    assert send(Client(enforce_csrf_checks=True), {"csp-report": {}}) == 204
    wine.refresh_from_db()
    assert wine.updated_at == before


def test_it_cannot_be_looked_at(client: Client) -> None:
    assert client.get(URL).status_code == 405
