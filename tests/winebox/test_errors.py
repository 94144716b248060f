"""What a person sees when something went wrong."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.accounts.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.winebox.urls")]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", [400, 413, 429, 500, 503])
def test_each_error_has_a_page_that_tells_nothing_but_its_number(client: Client, status: int) -> None:
    response = client.get(f"/fails/{status}/")
    page = response.content.decode()
    assert response.status_code == status
    assert "<h1>" in page
    assert response["X-Request-ID"] in page
    assert not re.search(r"Traceback|secret detail|db\.internal|Django|Error:", page)


def test_an_address_that_does_not_exist_has_a_page(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_a_forged_host_is_refused(client: Client) -> None:
    response = client.get("/for/anyone/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert b"evil.example" not in response.content


def test_too_many_requests_are_told_when_to_come_back(client: Client) -> None:
    assert client.get("/fails/429/")["Retry-After"] == "60"


def test_a_database_that_is_away_is_told_as_something_that_passes(client: Client) -> None:
    response = client.get("/fails/503/")
    assert response["Retry-After"] == "60"
    assert b"What is stored is safe" in response.content


def test_a_wrong_method_has_a_page_and_names_the_right_one(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/only/post/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert b"cannot be opened this way" in response.content


def test_a_form_without_its_token_changes_nothing_and_says_why() -> None:
    response = Client(enforce_csrf_checks=True).post("/for/anyone/")
    assert response.status_code == 403
    assert b"load it again" in response.content


def test_who_is_signed_in_sees_the_error_within_the_site(client: Client) -> None:
    client.force_login(make_user())
    assert b'id="main"' in client.get("/nowhere/").content


def test_who_is_not_signed_in_sees_a_page_without_menus(client: Client) -> None:
    assert b"<nav" not in client.get("/nowhere/").content


def test_an_error_is_shown_even_where_static_files_are_missing(client: Client, settings: Any) -> None:
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "winebox.static_files.StaticFiles"}}
    settings.STORAGES = storages
    client.force_login(make_user())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()


def test_a_body_larger_than_any_form_is_refused_unread(client: Client, settings: Any) -> None:
    settings.MAX_BODY_BYTES = 1000
    response = client.post("/form/", {"text": "x" * 1001})
    assert response.status_code == 413
    assert b"That is too large" in response.content


def test_more_fields_than_any_form_has_are_refused(client: Client) -> None:
    response = client.post("/form/", {f"field{n}": "" for n in range(1100)})
    assert response.status_code == 400
