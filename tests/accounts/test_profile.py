"""/accounts/profile/"""

import pytest

from accounts.models import Role, SecurityEvent
from tests.accounts.factories import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/profile/"


def test_a_name_is_changed_without_a_password() -> None:
    person = make_user(email="ada@example.org")
    assert signed_in(person).post(URL, {"name": "Ada L.", "email": "ada@example.org"}).status_code == 302
    person.refresh_from_db()
    assert person.name == "Ada L."


def test_another_spelling_of_the_same_address_is_no_change() -> None:
    person = make_user(email="ada@example.org")
    assert signed_in(person).post(URL, {"name": "Ada", "email": " ADA@example.org"}).status_code == 302
    assert not SecurityEvent.objects.filter(kind="email_changed").exists()


@pytest.mark.parametrize("password", ["", "not the password"])
def test_a_new_address_needs_the_password(password: str) -> None:
    person = make_user(email="ada@example.org")
    data = {"name": "Ada", "email": "new@example.org", "current_password": password}
    response = signed_in(person).post(URL, data)
    person.refresh_from_db()
    assert (response.status_code, person.email) == (422, "ada@example.org")
    assert 'value="new@example.org"' in response.content.decode()


def test_a_new_address_is_stored_and_logged() -> None:
    person = make_user(email="ada@example.org")
    data = {"name": "Ada", "email": "New@Example.org", "current_password": PASSWORD}
    assert signed_in(person).post(URL, data).status_code == 302
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert SecurityEvent.objects.get(kind="email_changed").detail == "ada@example.org → new@example.org"


def test_a_new_address_ends_the_other_sessions_and_keeps_this_one() -> None:
    person = make_user()
    here, elsewhere = signed_in(person), signed_in(person)
    here.post(URL, {"name": "Ada", "email": "new@example.org", "current_password": PASSWORD})
    assert here.get(URL).status_code == 200
    assert elsewhere.get(URL).status_code == 302


def test_an_address_that_is_taken_is_refused_and_the_name_kept_as_it_was() -> None:
    make_user(email="bea@example.org")
    person = make_user(name="Ada")
    data = {"name": "Bea", "email": "bea@example.org", "current_password": PASSWORD}
    assert signed_in(person).post(URL, data).status_code == 422
    person.refresh_from_db()
    assert person.name == "Ada"


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 81}, {"email": "no address"}, {"email": ""}])
def test_a_wrong_field_is_refused(change: dict[str, str]) -> None:
    data = {"name": "Ada", "email": "ada@example.org", "current_password": PASSWORD} | change
    assert signed_in(make_user()).post(URL, data).status_code == 422


def test_nobody_gives_themselves_a_role() -> None:
    person = make_user(role=Role.GUEST, email="ada@example.org")
    more = {"role": "owner", "is_staff": "1", "is_superuser": "1", "is_active": "", "session_generation": "7"}
    signed_in(person).post(URL, {"name": "Ada", "email": "ada@example.org"} | more)
    person.refresh_from_db()
    assert (person.role, person.is_active, person.session_generation) == (Role.GUEST, True, 0)
