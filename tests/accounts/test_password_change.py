"""/accounts/password/"""

import pytest
from django.test import Client

from accounts.models import SecurityEvent
from tests.accounts.factories import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/password/"
GOOD = {
    "current_password": PASSWORD,
    "password": "plain words in a row",
    "password_again": "plain words in a row",
}


def test_the_new_password_holds_and_the_old_one_does_not() -> None:
    person = make_user(email="ada@example.org")
    assert signed_in(person).post(URL, GOOD)["Location"] == "/accounts/profile/"
    person.refresh_from_db()
    assert person.check_password("plain words in a row")
    assert not person.check_password(PASSWORD)


def test_this_session_stays_and_the_others_end() -> None:
    person = make_user()
    here, elsewhere = signed_in(person), signed_in(person)
    key = here.session.session_key
    here.post(URL, GOOD)
    assert here.get("/accounts/profile/").status_code == 200
    assert here.session.session_key != key
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_a_stolen_cookie_is_worthless_afterwards() -> None:
    person = make_user()
    client = signed_in(person)
    thief = Client()
    thief.cookies = client.cookies.copy()  # type: ignore[assignment]
    client.post(URL, GOOD)
    assert thief.get("/accounts/profile/").status_code == 302


def test_the_current_password_is_needed() -> None:
    person = make_user()
    response = signed_in(person).post(URL, GOOD | {"current_password": "not the password"})
    person.refresh_from_db()
    assert response.status_code == 422
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("new", ["short", "winebox-2026!", "aaaaaaaaaaaaaaaa", "x" * 129])
def test_a_password_that_breaks_the_rules_is_refused_with_reasons(new: str) -> None:
    response = signed_in(make_user()).post(URL, GOOD | {"password": new, "password_again": new})
    assert response.status_code == 422
    assert response.context["form"].errors["password"]


def test_two_different_new_passwords_are_refused() -> None:
    assert signed_in(make_user()).post(URL, GOOD | {"password_again": "other words in a row"}).status_code == 422


def test_no_password_comes_back_to_the_browser() -> None:
    page = signed_in(make_user()).post(URL, GOOD | {"password_again": "other words in a row"}).content.decode()
    assert "words in a row" not in page
    assert PASSWORD not in page


def test_it_is_in_the_security_log() -> None:
    person = make_user()
    signed_in(person).post(URL, GOOD)
    assert SecurityEvent.objects.get(kind="password_changed").actor == person
