"""/accounts/sign-in/"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher, make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import setup
from accounts.models import Role, User
from tests.accounts.factories import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/sign-in/"


def test_the_page_asks_for_e_mail_and_password(client: Client) -> None:
    page = client.get(URL).content.decode()
    assert 'name="email"' in page
    assert 'name="password"' in page


def test_a_stranger_is_told_to_ask_the_owner(client: Client) -> None:
    make_user(role=Role.OWNER)
    page = client.get(URL).content.decode()
    assert "The owner of this cellar can invite you." in page
    assert "no owner" not in page


def test_a_cellar_without_an_owner_says_where_the_link_is_and_not_what_it_is(client: Client) -> None:
    path = setup.setup_path()
    make_user(role=Role.OWNER, is_active=False)
    page = client.get(URL).content.decode()
    assert "The link to become the owner was printed where WineBox was started." in page
    assert "can invite you" not in page
    assert "/setup/" not in page
    assert path.split("/")[-2] not in page


def test_the_right_password_opens_the_cellar(client: Client) -> None:
    person = make_user(email="ada@example.org")
    response = client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("typed", ["ADA@Example.ORG", "  ada@example.org  ", "Ada@example.org\t"])
def test_upper_case_and_blanks_in_the_address_do_not_matter(client: Client, typed: str) -> None:
    make_user(email="ada@example.org")
    assert client.post(URL, {"email": typed, "password": PASSWORD}).status_code == 302


def test_blanks_in_the_password_matter(client: Client) -> None:
    make_user(email="ada@example.org", password=" a password with blanks ")
    assert client.post(URL, {"email": "ada@example.org", "password": "a password with blanks"}).status_code == 422
    assert client.post(URL, {"email": "ada@example.org", "password": " a password with blanks "}).status_code == 302


def test_an_accent_counts_the_same_however_the_keyboard_sends_it(client: Client) -> None:
    person = make_user(email="ada@example.org")
    person.set_password("Gewürztraminer am Abend")
    person.save()
    decomposed = "Gewu\N{COMBINING DIAERESIS}rztraminer am Abend"
    assert client.post(URL, {"email": "ada@example.org", "password": decomposed}).status_code == 302


def test_a_wrong_password_an_unknown_address_and_a_deactivated_person_get_the_same_words(client: Client) -> None:
    make_user(email="ada@example.org")
    make_user(email="gone@example.org", is_active=False)
    answers = [
        client.post(URL, {"email": "ada@example.org", "password": "not the password"}),
        client.post(URL, {"email": "nobody@example.org", "password": "not the password"}),
        client.post(URL, {"email": "gone@example.org", "password": PASSWORD}),
    ]
    assert {answer.status_code for answer in answers} == {422}
    errors = {str(answer.context["form"].errors) for answer in answers}
    assert len(errors) == 1


def test_the_work_is_the_same_whether_somebody_has_the_address_or_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(email="ada@example.org")
    make_user(email="gone@example.org", is_active=False)
    tries = {"ada@example.org": "wrong", "nobody@example.org": "wrong", "gone@example.org": PASSWORD}
    client.post(URL, {"email": "warm@example.org", "password": "wrong"})  # begins the count of what comes from here
    hashed: list[str] = []

    def count(original: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            hashed.append(email)
            return original(*args, **kwargs)

        return counted

    for method in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, method, count(getattr(Argon2PasswordHasher, method)))
    queries = []
    for email, password in tries.items():
        with CaptureQueriesContext(connection) as context:
            assert client.post(URL, {"email": email, "password": password}).status_code == 422
        queries.append([query["sql"].split()[0] for query in context.captured_queries])
    assert hashed == list(tries)
    assert queries[0] == queries[1] == queries[2] != []


@pytest.mark.parametrize("times", [5, 7])
def test_it_is_the_same_when_the_account_is_locked(client: Client, settings: Settings, times: int) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://wine.example.org", ["testserver"]
    make_user(email="ada@example.org")
    queries = []
    for email in ("ada@example.org", "nobody@example.org"):
        for _ in range(times):
            with CaptureQueriesContext(connection) as context:
                answer = client.post(URL, {"email": email, "password": "not the password"})
        assert answer.status_code == 429
        queries.append([query["sql"].split()[0] for query in context.captured_queries])
    assert queries[0] == queries[1] != []


def test_a_refused_form_keeps_the_address_and_never_the_password(client: Client) -> None:
    page = client.post(URL, {"email": "ada@example.org", "password": "typed by mistake", "stay": "on"}).content.decode()
    assert 'value="ada@example.org"' in page
    assert "checked" in page
    assert "typed by mistake" not in page


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "ada@example.org"},
        {"email": "no address", "password": PASSWORD},
        {"email": "ada@example.org\x00", "password": PASSWORD},
        {"email": "ada@example.org", "password": "\x00" * 12},
        {"email": "a" * 5000 + "@example.org", "password": PASSWORD},
        {"email": "ada@example.org", "password": "x" * 5000},
    ],
)
def test_nonsense_is_refused(client: Client, data: dict[str, str]) -> None:
    make_user(email="ada@example.org")
    assert client.post(URL, data).status_code == 422


def test_the_session_gets_a_new_key(client: Client) -> None:
    make_user(email="ada@example.org")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_lasts_hours_unless_the_person_stays(client: Client) -> None:
    make_user(email="ada@example.org")
    client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    assert client.session.get_expiry_age() <= 24 * 3600


def test_staying_signed_in_lasts_thirty_days(client: Client) -> None:
    make_user(email="ada@example.org")
    client.post(URL, {"email": "ada@example.org", "password": PASSWORD, "stay": "on"})
    assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_who_was_on_the_way_somewhere_gets_there(client: Client) -> None:
    make_user(email="ada@example.org")
    page = client.get(URL, {"next": "/history/?page=2"}).content.decode()
    assert 'name="next" value="/history/?page=2"' in page
    response = client.post(URL, {"email": "ada@example.org", "password": PASSWORD, "next": "/history/?page=2"})
    assert response["Location"] == "/history/?page=2"


def test_an_address_that_is_too_long_to_go_to_keeps_nobody_out(client: Client) -> None:
    make_user(email="ada@example.org")
    sent = {"email": "ada@example.org", "password": PASSWORD, "next": f"/wines/?q={'x' * 3000}"}
    response = client.post(URL, sent)
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(client: Client, target: str) -> None:
    make_user(email="ada@example.org")
    response = client.post(f"{URL}?next={target}", {"email": "ada@example.org", "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


def test_who_is_signed_in_already_is_sent_on() -> None:
    response = signed_in(make_user()).get(URL, {"next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"


def test_signing_in_needs_a_token_against_forgery() -> None:
    make_user(email="ada@example.org")
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, {"email": "ada@example.org", "password": PASSWORD}).status_code == 403


def test_an_older_hash_is_upgraded(client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person = make_user(email="ada@example.org")
    User.objects.filter(pk=person.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    client.post(URL, {"email": "ada@example.org", "password": PASSWORD})
    person.refresh_from_db()
    assert identify_hasher(person.password).algorithm == "argon2"


def test_further_fields_have_no_effect(client: Client) -> None:
    person = make_user(email="ada@example.org", role=Role.GUEST)
    data = {"email": "ada@example.org", "password": PASSWORD, "role": "owner", "is_staff": "1", "is_active": ""}
    client.post(URL, data)
    person.refresh_from_db()
    assert (person.role, person.is_active) == (Role.GUEST, True)


def test_one_address_has_so_many_tries_a_minute(client: Client, settings: Settings) -> None:
    settings.AUTH_RATE_LIMIT_PER_MINUTE = 3
    answers = [
        client.post(URL, {"email": f"person{number}@example.org", "password": "not the password"})
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_looking_at_the_page_is_not_a_try(client: Client, settings: Settings) -> None:
    settings.AUTH_RATE_LIMIT_PER_MINUTE = 3
    assert {client.get(URL).status_code for _ in range(10)} == {200}
