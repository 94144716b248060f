"""/accounts/members/"""

import pytest
from axes.models import AccessAttempt
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from tests.accounts.factories import make_invitation, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/members/"


def test_everybody_is_listed_with_role_and_state() -> None:
    make_user(name="Guest Gail", role=Role.GUEST)
    make_user(name="Gone Greg", is_active=False)
    page = signed_in(make_owner(name="Owner Olga")).get(URL).content.decode()
    assert all(name in page for name in ("Owner Olga", "Guest Gail", "Gone Greg", "deactivated"))


def test_who_is_locked_out_is_marked() -> None:
    person = make_user(email="ada@example.org")
    AccessAttempt.objects.create(username=person.email, ip_address="192.0.2.1", failures_since_start=5)
    assert "locked out" in signed_in(make_owner()).get(URL).content.decode()


def test_failures_from_two_addresses_are_not_added_up() -> None:
    person = make_user(email="ada@example.org")
    for number in (1, 2):
        AccessAttempt.objects.create(username=person.email, ip_address=f"192.0.2.{number}", failures_since_start=4)
    assert "locked out" not in signed_in(make_owner()).get(URL).content.decode()


def test_names_are_text() -> None:
    make_user(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in signed_in(make_owner()).get(URL).content.decode()


def test_more_people_cost_no_more_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner = make_owner()
    client = signed_in(owner)
    client.get(URL)  # the first page of a session also writes when it was seen
    for number in range(12):
        make_user()
        make_invitation(by=owner, email=f"invited{number}@example.org")
    # session, person, people, failures here and anywhere, invitations, rules
    with django_assert_num_queries(7):
        client.get(URL)
