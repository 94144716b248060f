"""Every address of accounts × every role × GET and POST"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern

from accounts import urls
from accounts.models import (
    AccessLink,
    Device,
    HouseholdRules,
    Invitation,
    RecoveryCode,
    SecondFactor,
    User,
)
from tests.accounts.factories import make_invitation, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

WHO = ("nobody", "guest", "helper", "member", "owner")
ANYONE, SIGNED_IN = set(WHO), {"guest", "helper", "member", "owner"}
READERS, MEMBERS, OWNERS = {"guest", "member", "owner"}, {"member", "owner"}, {"owner"}


@dataclass(frozen=True)
class Address:
    """An address, who may use it, and the methods it answers to."""

    path: str
    who: set[str]
    methods: str


ADDRESSES = {
    "setup/<str:code>/": Address("/setup/{anything}/", ANYONE, "GET POST"),
    "accounts/sign-in/": Address("/accounts/sign-in/", ANYONE, "GET POST"),
    "accounts/sign-in/code/": Address("/accounts/sign-in/code/", ANYONE, "GET POST"),
    "accounts/sign-out/": Address("/accounts/sign-out/", SIGNED_IN, "POST"),
    "accounts/profile/": Address("/accounts/profile/", READERS, "GET POST"),
    "accounts/password/": Address("/accounts/password/", READERS, "GET POST"),
    "accounts/devices/": Address("/accounts/devices/", READERS, "GET"),
    "accounts/devices/end/": Address("/accounts/devices/end/", READERS, "POST"),
    "accounts/devices/<uuid:device_id>/end/": Address("/accounts/devices/{unknown}/end/", READERS, "POST"),
    "accounts/second-factor/": Address("/accounts/second-factor/", READERS, "GET"),
    "accounts/second-factor/start/": Address("/accounts/second-factor/start/", READERS, "POST"),
    "accounts/second-factor/set-up/": Address("/accounts/second-factor/set-up/", READERS, "GET POST"),
    "accounts/second-factor/off/": Address("/accounts/second-factor/off/", READERS, "POST"),
    "accounts/second-factor/codes/": Address("/accounts/second-factor/codes/", READERS, "GET"),
    "accounts/second-factor/codes/new/": Address("/accounts/second-factor/codes/new/", READERS, "POST"),
    "accounts/second-factor/required/": Address("/accounts/second-factor/required/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/second-factor/off/": Address(
        "/accounts/members/{person}/second-factor/off/", OWNERS, "POST"
    ),
    "accounts/email/<str:token>/": Address("/accounts/email/{anything}/", ANYONE, "GET POST"),
    "accounts/reset/": Address("/accounts/reset/", ANYONE, "GET POST"),
    "accounts/reset/sent/": Address("/accounts/reset/sent/", ANYONE, "GET"),
    "accounts/reset/<str:token>/": Address("/accounts/reset/{anything}/", ANYONE, "GET POST"),
    "accounts/members/": Address("/accounts/members/", OWNERS, "GET"),
    "accounts/members/<uuid:user_id>/": Address("/accounts/members/{person}/", OWNERS, "GET POST"),
    "accounts/members/<uuid:user_id>/deactivate/": Address("/accounts/members/{person}/deactivate/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/reactivate/": Address("/accounts/members/{person}/reactivate/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/unlock/": Address("/accounts/members/{person}/unlock/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/sign-out/": Address("/accounts/members/{person}/sign-out/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/reset/": Address("/accounts/members/{person}/reset/", OWNERS, "POST"),
    "accounts/members/<uuid:user_id>/reset/link/": Address("/accounts/members/{person}/reset/link/", OWNERS, "GET"),
    "accounts/help/<str:token>/": Address("/accounts/help/{anything}/", ANYONE, "GET POST"),
    "accounts/helpers/at/<uuid:scope>/": Address("/accounts/helpers/at/{unknown}/", MEMBERS, "GET POST"),
    "accounts/helpers/<uuid:link_id>/link/": Address("/accounts/helpers/{unknown}/link/", MEMBERS, "GET"),
    "accounts/helpers/<uuid:link_id>/revoke/": Address("/accounts/helpers/{unknown}/revoke/", MEMBERS, "POST"),
    "accounts/helpers/<uuid:user_id>/end/": Address("/accounts/helpers/{unknown}/end/", MEMBERS, "POST"),
    "accounts/invite/": Address("/accounts/invite/", OWNERS, "GET POST"),
    "accounts/invite/<uuid:invitation_id>/link/": Address("/accounts/invite/{invitation}/link/", OWNERS, "GET"),
    "accounts/invite/<uuid:invitation_id>/resend/": Address("/accounts/invite/{invitation}/resend/", OWNERS, "POST"),
    "accounts/invite/<uuid:invitation_id>/revoke/": Address("/accounts/invite/{invitation}/revoke/", OWNERS, "POST"),
    "accounts/invitation/<str:token>/": Address("/accounts/invitation/{anything}/", ANYONE, "GET POST"),
    "accounts/security-log/": Address("/accounts/security-log/", OWNERS, "GET"),
    "admin/logout/": Address("/admin/logout/", SIGNED_IN, "POST"),
}

Path = Callable[[Address], str]


@pytest.fixture
def path() -> Path:
    """Fill an address with rows that exist."""
    owner = make_owner()
    person, invitation = make_user(), make_invitation(by=owner).invitation

    def filled(address: Address) -> str:
        return address.path.format(person=person.pk, invitation=invitation.pk, anything="wrong", unknown=UUID(int=7))

    return filled


def browser_of(who: str) -> Client:
    return Client() if who == "nobody" else signed_in(make_user(role=who))


def test_the_table_has_every_address() -> None:
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert {str(pattern.pattern) for pattern in patterns} == set(ADDRESSES)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_who_may(path: Path, address: Address, method: str, who: str) -> None:
    response = browser_of(who).generic(method, path(address))
    if method not in address.methods and (who != "nobody" or "nobody" in address.who):
        assert response.status_code in {403, 405}
    elif who in address.who:
        assert response.status_code in {200, 302, 404, 422}
        assert "/sign-in/?next=" not in response.headers.get("Location", "")
    elif who == "nobody":
        assert response["Location"].startswith("/accounts/sign-in/?next=")
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_other_methods_are_refused(path: Path, address: Address, method: str) -> None:
    assert browser_of("owner").generic(method, path(address)).status_code == 405


@pytest.mark.parametrize("who", WHO)
def test_looking_at_every_page_changes_nothing(path: Path, who: str) -> None:
    client = browser_of(who)
    before = everything()
    for address in ADDRESSES.values():
        client.get(path(address))
        client.head(path(address))
    assert everything() == before


def everything() -> dict[UUID, object]:
    """Return all people and invitations; refused looks are written down, and that is all."""
    models = (User, Invitation, AccessLink, Device, SecondFactor, RecoveryCode, HouseholdRules)
    rows = [row for model in models for row in model._default_manager.all()]
    return {row.pk: {name: value for name, value in vars(row).items() if name != "_state"} for row in rows}


@pytest.mark.parametrize("address", [a for a in ADDRESSES.values() if "POST" in a.methods], ids=lambda a: a.path)
def test_every_change_needs_a_token_against_forgery(path: Path, address: Address) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_owner())
    assert client.post(path(address)).status_code == 403
