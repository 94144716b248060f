"""People in Django's admin"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import Invitation, Role, SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_invitation, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

TABLES = ("user", "invitation", "securityevent")


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_sees_lists_searches_and_filters(table: str) -> None:
    owner = make_owner()
    make_invitation(by=owner)
    client = signed_in(owner)
    for query in ("", "?q=example", "?o=1"):
        assert client.get(f"/admin/accounts/{table}/{query}").status_code == 200


@pytest.mark.parametrize("model", [User, Invitation, SecurityEvent])
def test_the_owner_sees_one_row(model: type[User | Invitation | SecurityEvent]) -> None:
    owner = make_owner()
    make_invitation(by=owner)
    row = model.objects.first()
    assert row
    url = f"/admin/accounts/{model.__name__.lower()}/{row.pk}/change/"
    assert signed_in(owner).get(url).status_code == 200


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HELPER])
@pytest.mark.parametrize("path", ["", "accounts/user/", "axes/accessattempt/"])
def test_nobody_else_gets_in(role: Role, path: str) -> None:
    assert signed_in(make_user(role=role)).get(f"/admin/{path}", follow=True).status_code == 403


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_added_or_deleted_by_hand(table: str) -> None:
    owner = make_owner()
    row = {
        "user": owner,
        "invitation": make_invitation(by=owner).invitation,
        "securityevent": SecurityEvent.objects.first(),
    }[table]
    assert row
    client = signed_in(owner)
    assert client.post(f"/admin/accounts/{table}/add/", {"email": "eve@example.org"}).status_code == 403
    assert client.post(f"/admin/accounts/{table}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("table", ["invitation", "securityevent"])
def test_invitations_and_the_log_are_only_read(table: str) -> None:
    owner = make_owner()
    invitation = make_invitation(by=owner).invitation
    row = invitation if table == "invitation" else SecurityEvent.objects.get()
    url = f"/admin/accounts/{table}/{row.pk}/change/"
    assert signed_in(owner).post(url, {"email": "eve@example.org", "role": "owner"}).status_code == 403


def test_no_secret_is_shown() -> None:
    owner = make_owner()
    invitation = make_invitation(by=owner).invitation
    client = signed_in(owner)
    person_page = client.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    link_page = client.get(f"/admin/accounts/invitation/{invitation.pk}/change/").content.decode()
    assert owner.password not in person_page
    assert "argon2" not in person_page
    assert invitation.token_hash not in link_page


def test_a_name_can_be_changed_and_nothing_else() -> None:
    person = make_user(email="ada@example.org", role=Role.GUEST)
    data = {"name": "Ada L.", "email": "eve@example.org", "role": "owner", "is_active": "", "password": "x"}
    signed_in(make_owner()).post(f"/admin/accounts/user/{person.pk}/change/", data)
    person.refresh_from_db()
    assert (person.name, person.email, person.role) == ("Ada L.", "ada@example.org", Role.GUEST)
    assert person.is_active
    assert person.check_password(PASSWORD)


def test_an_action_goes_through_the_rules() -> None:
    owner, person = make_owner(), make_user()
    client = signed_in(owner)
    client.post("/admin/accounts/user/", {"action": "deactivate", "_selected_action": [str(owner.pk), str(person.pk)]})
    owner.refresh_from_db()
    person.refresh_from_db()
    assert (owner.is_active, person.is_active) == (True, False)
    assert SecurityEvent.objects.get(kind="deactivated").person == person


@pytest.mark.parametrize("action", ["reactivate", "unlock", "sign_out_everywhere"])
def test_every_action_works(action: str) -> None:
    owner, person = make_owner(), make_user(is_active=False)
    data = {"action": action, "_selected_action": [str(person.pk)]}
    assert "done." in signed_in(owner).post("/admin/accounts/user/", data, follow=True).content.decode()


def test_groups_are_not_there() -> None:
    assert not admin.site.is_registered(Group)


def test_failed_sign_ins_can_be_looked_at() -> None:
    assert signed_in(make_owner()).get("/admin/axes/accessattempt/").status_code == 200
