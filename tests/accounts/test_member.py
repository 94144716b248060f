"""/accounts/members/<id>/ and what an owner does with a person"""

from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.test import Client

from accounts.models import Role, SecurityEvent
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/members/"


def test_the_page_shows_the_person() -> None:
    person = make_user(name="Ada", email="ada@example.org")
    page = signed_in(make_owner()).get(f"{URL}{person.pk}/").content.decode()
    assert "ada@example.org" in page


@pytest.mark.parametrize("path", ["", "deactivate/", "reactivate/", "unlock/", "sign-out/"])
def test_an_unknown_person_is_not_found(path: str) -> None:
    assert signed_in(make_owner()).post(f"{URL}{uuid4()}/{path}", {"role": "guest"}).status_code == 404


@pytest.mark.parametrize("role", [Role.GUEST, Role.OWNER])
def test_a_role_can_be_changed(role: Role) -> None:
    person = make_user(role=Role.MEMBER)
    response = signed_in(make_owner()).post(f"{URL}{person.pk}/", {"role": role})
    person.refresh_from_db()
    assert (response.status_code, person.role) == (302, role)


@pytest.mark.parametrize("role", ["helper", "emperor", ""])
def test_a_role_that_cannot_be_given_is_refused(role: str) -> None:
    person = make_user(role=Role.MEMBER)
    response = signed_in(make_owner()).post(f"{URL}{person.pk}/", {"role": role})
    person.refresh_from_db()
    assert (response.status_code, person.role) == (422, Role.MEMBER)


def test_a_new_role_holds_at_once() -> None:
    person = make_user(role=Role.OWNER)
    client = signed_in(person)
    signed_in(make_owner()).post(f"{URL}{person.pk}/", {"role": "guest"})
    assert client.get(URL).status_code == 403


def test_the_last_owner_cannot_be_demoted() -> None:
    owner = make_owner()
    response = signed_in(owner).post(f"{URL}{owner.pk}/", {"role": "member"})
    owner.refresh_from_db()
    assert (response.status_code, owner.role) == (422, Role.OWNER)
    assert "the only owner" in response.content.decode()


def test_the_last_owner_cannot_be_deactivated() -> None:
    owner = make_owner()
    response = signed_in(owner).post(f"{URL}{owner.pk}/deactivate/")
    owner.refresh_from_db()
    assert (response.status_code, owner.is_active) == (422, True)
    assert "the only owner" in response.content.decode()


def test_a_deactivated_owner_does_not_count() -> None:
    owner = make_owner()
    make_user(role=Role.OWNER, is_active=False)
    assert signed_in(owner).post(f"{URL}{owner.pk}/", {"role": "guest"}).status_code == 422


def test_one_of_two_owners_can_step_down() -> None:
    owner = make_owner()
    make_owner()
    response = signed_in(owner).post(f"{URL}{owner.pk}/", {"role": "member"})
    assert response["Location"] == "/accounts/profile/"


def test_deactivation_ends_all_sessions_at_once() -> None:
    person = make_user()
    phone, laptop = signed_in(person), signed_in(person)
    signed_in(make_owner()).post(f"{URL}{person.pk}/deactivate/")
    assert phone.get("/accounts/profile/").status_code == 302
    assert laptop.get("/accounts/profile/").status_code == 302


def test_reactivation_does_not_revive_old_sessions() -> None:
    person = make_user(email="ada@example.org")
    phone = signed_in(person)
    owner = signed_in(make_owner())
    owner.post(f"{URL}{person.pk}/deactivate/")
    owner.post(f"{URL}{person.pk}/reactivate/")
    assert phone.get("/accounts/profile/").status_code == 302
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert Client().post("/accounts/sign-in/", data).status_code == 302


def test_signing_out_everywhere_ends_every_session_and_nothing_else() -> None:
    person, other = make_user(), make_user()
    phone, neighbour = signed_in(person), signed_in(other)
    signed_in(make_owner()).post(f"{URL}{person.pk}/sign-out/")
    assert phone.get("/accounts/profile/").status_code == 302
    assert neighbour.get("/accounts/profile/").status_code == 200


def test_unlocking_lets_the_person_try_again() -> None:
    person = make_user(email="ada@example.org")
    AccessAttempt.objects.create(username=person.email, ip_address="127.0.0.1", failures_since_start=5)
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert Client().post("/accounts/sign-in/", data).status_code == 429
    signed_in(make_owner()).post(f"{URL}{person.pk}/unlock/")
    assert Client().post("/accounts/sign-in/", data).status_code == 302


@pytest.mark.parametrize("path", ["deactivate/", "reactivate/", "unlock/", "sign-out/"])
def test_looking_at_a_verb_is_refused(path: str) -> None:
    person = make_user()
    client = signed_in(make_owner())
    assert client.get(f"{URL}{person.pk}/{path}").status_code == 405
    assert client.head(f"{URL}{person.pk}/{path}").status_code == 405


def test_sending_it_twice_has_one_effect() -> None:
    person = make_user()
    client = signed_in(make_owner())
    for _ in range(2):
        client.post(f"{URL}{person.pk}/deactivate/")
    assert SecurityEvent.objects.filter(kind="deactivated").count() == 1


def test_further_fields_have_no_effect() -> None:
    person = make_user(email="ada@example.org")
    more = {"email": "eve@example.org", "is_active": "", "is_staff": "1", "password": "x"}
    signed_in(make_owner()).post(f"{URL}{person.pk}/", {"role": "guest"} | more)
    person.refresh_from_db()
    assert (person.email, person.is_active) == ("ada@example.org", True)
    assert person.check_password(PASSWORD)


def test_everything_done_is_in_the_security_log() -> None:
    owner, person = make_owner(), make_user(role=Role.MEMBER)
    client = signed_in(owner)
    client.post(f"{URL}{person.pk}/", {"role": "guest"})
    for path in ("deactivate/", "reactivate/", "unlock/", "sign-out/"):
        client.post(f"{URL}{person.pk}/{path}")
    events = SecurityEvent.objects.filter(actor=owner, person=person)
    assert sorted(events.values_list("kind", flat=True)) == [
        "deactivated",
        "reactivated",
        "role_changed",
        "signed_out_everywhere",
        "unlocked",
    ]
    assert events.get(kind="role_changed").detail == "member → guest"
