"""The log: one line a request, that nobody can forge and that keeps secrets."""

import json
import logging
import sys
import uuid
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import make_user
from winebox import logs

SECRET = "Zk3v9tQm1xY7bN5cR8wL2pJ4sD6fG0hA-_Uo"

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.winebox.urls")]


def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "winebox.request"]


@pytest.fixture(autouse=True)
def _listen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(logs.RequestFilter())


def test_each_request_has_a_number_and_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    person = make_user()
    client.force_login(person)
    response = client.get("/for/readers/?q=private")
    [line] = lines(caplog)
    fields: dict[str, Any] = vars(line)["fields"]
    assert uuid.UUID(response["X-Request-ID"]).version == 4
    assert vars(line)["request_id"] == response["X-Request-ID"]
    assert set(fields) == {"method", "path", "status", "duration_ms", "user"}
    assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/for/readers/", 200)
    assert fields["user"] == person.pk
    assert "private" not in line.getMessage()


def test_the_number_is_the_servers_not_the_clients(client: Client) -> None:
    response = client.get("/for/anyone/", HTTP_X_REQUEST_ID="mine")
    assert response["X-Request-ID"] != "mine"


def test_no_two_requests_have_the_same_number(client: Client) -> None:
    assert len({client.get("/for/anyone/")["X-Request-ID"] for _ in range(5)}) == 5


def test_a_link_that_is_a_secret_is_not_written_down(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/secret/9f8e7d6c/")
    assert lines(caplog)[0].getMessage().startswith("method=GET path=/secret/***/ status=200")


@pytest.mark.parametrize(
    "path", [f"/setup/{SECRET}", f"/accounts/reset/{SECRET}/,", f"/accounts/invitation/({SECRET})"]
)
def test_nor_is_one_that_was_copied_badly(client: Client, caplog: pytest.LogCaptureFixture, path: str) -> None:
    client.get(path)
    assert SECRET not in lines(caplog)[0].getMessage()


def test_nor_is_one_whose_page_failed(caplog: pytest.LogCaptureFixture) -> None:
    Client(raise_request_exception=False).get(f"/fails/500/{SECRET}/")
    assert len(caplog.records) == 2
    for record in caplog.records:
        for formatter in (logs.TextFormatter(), logs.JsonFormatter()):
            assert SECRET not in formatter.format(record)


def test_the_id_of_a_wine_is_no_secret(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    path = f"/wines/{uuid.uuid4()}/"
    client.get(path)
    assert path in lines(caplog)[0].getMessage()


def test_a_line_cannot_be_forged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/nowhere/%0d%0aINFO%20forged/%E2%80%A8")
    assert "forged" in lines(caplog)[0].getMessage()
    for record in caplog.records:
        for formatter in (logs.TextFormatter(), logs.JsonFormatter()):
            assert len(formatter.format(record).splitlines()) == 1


def test_a_request_that_is_refused_costs_no_more_than_a_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/for/anyone/", HTTP_HOST="evil.example")
    client.get("/fails/400/")
    written = [logs.TextFormatter().format(record) for record in caplog.records]
    assert ["forged" in line or "evil.example" in line for line in written].count(True) == 2
    assert [line for line in written if len(line.splitlines()) > 1] == []


def test_the_text_of_an_error_cannot_forge_a_line_either() -> None:
    forged = "2026-01-01T00:00:00.000+00:00 INFO winebox.security request_id=- event='sign_in'"
    try:
        raise ValueError(f"what was sent\n{forged}\r{forged}\N{LINE SEPARATOR}{forged}")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    first, *others = logs.TextFormatter().format(record).splitlines()
    assert first.endswith("failed")
    assert len([line for line in others if forged in line]) == 3
    assert [line for line in others if not line.startswith("  ")] == []


def test_json_lines_carry_the_fields(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/for/anyone/")
    entry = json.loads(logs.JsonFormatter().format(lines(caplog)[0]))
    assert entry["path"] == "/for/anyone/"
    assert entry["status"] == 200
    assert entry["level"] == "INFO"
    assert entry["request_id"] != "-"


def test_a_failure_is_written_down_with_its_traceback_and_number(caplog: pytest.LogCaptureFixture) -> None:
    response = Client(raise_request_exception=False).get("/fails/500/")
    [record] = [record for record in caplog.records if record.name == "django.request"]
    for formatter in (logs.TextFormatter(), logs.JsonFormatter()):
        text = formatter.format(record)
        assert "RuntimeError" in text
        assert response["X-Request-ID"] in text
