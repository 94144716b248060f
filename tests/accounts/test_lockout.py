"""Too many failed sign-ins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import lockout, people
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/sign-in/"


def fail(client: Client, email: str = "ada@example.org", times: int = 5, **headers: str) -> int:
    """Mistype the password so often, and return the last status."""
    for _ in range(times):
        response = client.post(URL, {"email": email, "password": "not the password"}, **headers)  # type: ignore[arg-type]
    return response.status_code


def test_after_five_failures_even_the_right_password_is_refused(client: Client) -> None:
    make_user(email="ada@example.org")
    assert fail(client, times=4) == 422
    assert fail(client, times=1) == 429
    response = client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_answer_says_when_to_try_again(client: Client) -> None:
    fail(client)
    response = client.post(URL, {"email": "ada@example.org", "password": "not the password"})
    assert 14 * 60 < int(response["Retry-After"]) <= 15 * 60
    assert "Wait 15 minutes" in response.content.decode()


def test_the_time_to_wait_runs_down(client: Client) -> None:
    fail(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))
    response = client.post(URL, {"email": "ada@example.org", "password": "not the password"})
    assert 4 * 60 < int(response["Retry-After"]) <= 5 * 60
    assert "Wait 5 minutes" in response.content.decode()


def test_an_unknown_account_gets_the_same_words(client: Client) -> None:
    make_user(email="ada@example.org")
    fail(client, "ada@example.org")
    fail(client, "nobody@example.org")
    known = client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    unknown = client.post(URL, {"email": "nobody@example.org", "password": PASSWORD})
    assert known.status_code == unknown.status_code == 429
    assert _without_token(known.content.decode()) == _without_token(unknown.content.decode())


def _without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_upper_case_and_blanks_are_the_same_account(client: Client) -> None:
    make_user(email="ada@example.org")
    spellings = ["ada@example.org", "ADA@example.org", " ada@example.org", "ada@EXAMPLE.org ", "aDa@example.org"]
    for spelling in spellings:
        fail(client, spelling, times=1)
    assert client.post(URL, {"email": "ada@example.org", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_USER_AGENT"])
def test_a_header_does_not_make_somebody_else_of_the_client(client: Client, header: str) -> None:
    make_user(email="ada@example.org")
    for number in range(5):
        fail(client, times=1, **{header: f"10.0.0.{number}"})
    assert fail(client, times=1, **{header: "10.0.0.99"}) == 429


def test_behind_a_trusted_proxy_the_address_is_the_one_it_saw(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        fail(client, times=1, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")
    assert fail(client, times=1, HTTP_X_FORWARDED_FOR="10.0.0.99, 198.51.100.7") == 429
    assert fail(client, times=1, HTTP_X_FORWARDED_FOR="10.0.0.99, 198.51.100.8") == 422


def test_another_address_may_still_try(client: Client) -> None:
    make_user(email="ada@example.org")
    fail(client)
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post(URL, data, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_another_account_may_still_sign_in(client: Client) -> None:
    make_user(email="bea@example.org")
    fail(client, "ada@example.org")
    assert client.post(URL, {"email": "bea@example.org", "password": PASSWORD}).status_code == 302


def test_who_is_signed_in_stays_in(client: Client) -> None:
    person = make_user(email="ada@example.org")
    browser = signed_in(person)
    fail(client)
    assert browser.get("/accounts/profile/").status_code == 200


def test_signing_in_forgets_the_failures_before(client: Client) -> None:
    make_user(email="ada@example.org")
    fail(client, times=4)
    client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    assert fail(Client(), times=4) == 422


def test_it_is_over_after_a_quarter_of_an_hour(client: Client) -> None:
    make_user(email="ada@example.org")
    fail(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert client.post(URL, {"email": "ada@example.org", "password": PASSWORD}).status_code == 302


def test_trying_on_does_not_make_it_longer(client: Client) -> None:
    fail(client)
    before = AccessAttempt.objects.get().attempt_time
    fail(client)
    assert AccessAttempt.objects.get().attempt_time == before


def test_an_owner_lets_the_person_try_again(client: Client) -> None:
    person = make_user(email="ada@example.org")
    fail(client)
    people.unlock(person=person, actor=make_owner())
    assert client.post(URL, {"email": "ada@example.org", "password": PASSWORD}).status_code == 302


def test_no_password_is_kept_of_a_failed_try(client: Client) -> None:
    fail(client, times=1)
    attempt = AccessAttempt.objects.get()
    assert "not the password" not in f"{attempt.post_data}{attempt.get_data}"


@pytest.mark.django_db(transaction=True)
def test_sixty_tries_at_once_have_five_passwords_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="ada@example.org")
    looked_at: list[str] = []
    authenticate = ModelBackend.authenticate

    def watched(self: ModelBackend, request: HttpRequest | None, **kwargs: Any) -> Any:
        looked_at.append(kwargs["password"])
        return authenticate(self, request, **kwargs)

    monkeypatch.setattr(ModelBackend, "authenticate", watched)

    def attempt(number: int) -> int:
        try:
            return fail(Client(), times=1, HTTP_USER_AGENT=f"Browser {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(attempt, range(60)))
    assert len(looked_at) == 5
    assert set(answers) <= {422, 429}


def fail_from_many_addresses(client: Client, times: int) -> list[int]:
    """Mistype the password from one address after the other, and return the statuses."""
    return [fail(client, times=1, REMOTE_ADDR=f"203.0.113.{number}") for number in range(times)]


def test_somebody_with_many_addresses_gets_fifty_tries_an_hour(client: Client) -> None:
    make_user(email="ada@example.org")
    statuses = fail_from_many_addresses(client, lockout.FAILURES_FROM_ANYWHERE + 2)
    assert 429 not in statuses[: lockout.FAILURES_FROM_ANYWHERE]
    data = {"email": "ada@example.org", "password": PASSWORD}
    refused = client.post(URL, data, REMOTE_ADDR="192.0.2.9")
    assert statuses[-1] == refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600


def test_that_limit_is_seen_and_lifted_by_an_owner(client: Client) -> None:
    person = make_user(email="ada@example.org")
    fail_from_many_addresses(client, lockout.FAILURES_FROM_ANYWHERE)
    assert lockout.locked_accounts([person]) == {person.email}
    people.unlock(person=person, actor=make_owner())
    assert lockout.locked_accounts([person]) == set()
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post(URL, data, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_who_is_signed_in_stays_in_while_others_guess_from_everywhere(client: Client) -> None:
    browser = signed_in(make_user(email="ada@example.org"))
    fail_from_many_addresses(client, lockout.FAILURES_FROM_ANYWHERE + 1)
    assert browser.get("/accounts/profile/").status_code == 200


def test_signing_in_does_not_use_up_the_tries_from_anywhere() -> None:
    person = make_user(email="ada@example.org")
    for _ in range(lockout.FAILURES_FROM_ANYWHERE + 1):
        answer = Client().post(URL, {"email": "ada@example.org", "password": PASSWORD})
        assert answer.status_code == 302
    assert lockout.locked_accounts([person]) == set()


def test_the_admin_signs_in_through_the_same_gate(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response["Location"].startswith("/accounts/sign-in/")
    assert client.post("/admin/login/", {"username": "ada@example.org", "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session
