"""Asking for the password again before what is dangerous"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts.models import Invitation, Role, SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_invitation, make_owner, make_user, signed_in
from tests.cellar.views.pages import form_to
from winebox import urls
from winebox.access import owners, sudo

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

pytestmark = pytest.mark.django_db

ASKS = "Your password, please"
INVITE = "/accounts/invite/"
GUEST = {"email": "new@example.org", "role": "guest"}


@owners
@sudo
def dangerous(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.method} {urlencode(sorted(request.POST.items()))}")


urlpatterns = [path("dangerous/", dangerous), *urls.urlpatterns]


@pytest.fixture
def owner() -> User:
    return make_owner()


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    moment = (timezone.now() + timedelta(minutes=minutes)).timestamp()
    monkeypatch.setattr("accounts.sessions.time.time", lambda: moment)


def answered(client: Client, address: str, response: Any, password: str = PASSWORD) -> Any:
    """Type the password into the page that asks, and send what it has kept."""
    return client.post(address, form_to(response, "").filled(sudo_password=password))


def test_what_was_sent_goes_on_after_the_password(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    response = client.post(INVITE, GUEST)
    assert ASKS in response.content.decode()
    assert response.status_code == 422
    assert not Invitation.objects.exists()
    assert answered(client, INVITE, response).status_code == 302
    assert Invitation.objects.get().email == "new@example.org"


def test_a_wrong_password_does_nothing_and_loses_nothing(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    refused = answered(client, INVITE, client.post(INVITE, GUEST), "a wrong password")
    assert refused.status_code == 422
    assert "This is not your password" in refused.content.decode()
    assert not Invitation.objects.exists()
    assert answered(client, INVITE, refused).status_code == 302
    assert Invitation.objects.get().email == "new@example.org"


def test_it_is_not_asked_again_for_half_an_hour(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(owner, confirmed=False)
    answered(client, INVITE, client.post(INVITE, GUEST))
    with monkeypatch.context() as patch:
        later(patch, 29)
        assert client.post(INVITE, GUEST | {"email": "second@example.org"}).status_code == 302
    later(monkeypatch, 31)
    assert ASKS in client.post(INVITE, GUEST | {"email": "third@example.org"}).content.decode()


def test_to_have_signed_in_is_not_enough(owner: User) -> None:
    client = Client()
    client.post("/accounts/sign-in/", {"email": owner.email, "password": PASSWORD})
    assert ASKS in client.post(INVITE, GUEST).content.decode()


def test_the_password_given_in_one_session_counts_for_no_other(owner: User) -> None:
    signed_in(owner)
    assert ASKS in signed_in(owner, confirmed=False).post(INVITE, GUEST).content.decode()


@pytest.mark.urls("tests.accounts.test_sudo")
def test_a_page_that_must_not_even_be_seen_is_shown_after_the_password(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    asked = client.get("/dangerous/?page=2")
    assert (asked.status_code, ASKS in asked.content.decode()) == (200, True)
    answer = client.post("/dangerous/?page=2", form_to(asked, "").filled(sudo_password=PASSWORD))
    assert answer["Location"] == "/dangerous/?page=2"
    assert client.get("/dangerous/?page=2").content == b"GET "


@pytest.mark.urls("tests.accounts.test_sudo")
def test_the_page_gets_what_was_sent_and_nothing_of_ours(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    asked = client.post("/dangerous/", {"name": "ein <b> Tüpfel", "other": "1"})
    assert answered(client, "/dangerous/", asked).content.decode() == "POST name=ein+%3Cb%3E+T%C3%BCpfel&other=1"


@pytest.mark.urls("tests.accounts.test_sudo")
def test_a_file_is_chosen_again_and_nothing_is_done_before(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    asked = client.post("/dangerous/", {"file": SimpleUploadedFile("a.zip", b"zip")})
    assert "choose the file again" in asked.content.decode()
    assert answered(client, "/dangerous/", asked)["Location"] == "/dangerous/"


@pytest.mark.urls("tests.accounts.test_sudo")
def test_who_may_not_is_not_even_asked() -> None:
    assert signed_in(make_user(role=Role.MEMBER), confirmed=False).get("/dangerous/").status_code == 403


def test_five_wrong_passwords_lock_the_step_and_leave_the_person_signed_in(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    asked = client.post(INVITE, GUEST)
    statuses = [answered(client, INVITE, asked, "a wrong password").status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert answered(client, INVITE, asked).status_code == 429
    assert not Invitation.objects.exists()
    assert client.get("/accounts/profile/").status_code == 200


def test_right_passwords_are_no_failures(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    for _ in range(7):
        session = client.session
        session.pop("confirmed", None)
        session.save()
        assert answered(client, "/admin/", client.get("/admin/")).status_code == 302


def member_pages(person: User, owner: User) -> list[tuple[str, dict[str, str]]]:
    invitation = make_invitation(by=owner, email="waiting@example.org").invitation
    return [
        (f"/accounts/members/{person.pk}/", {"role": "owner"}),
        (f"/accounts/members/{person.pk}/deactivate/", {}),
        (f"/accounts/members/{person.pk}/reactivate/", {}),
        (f"/accounts/members/{person.pk}/reset/", {}),
        (INVITE, GUEST),
        (f"/accounts/invite/{invitation.pk}/resend/", {}),
    ]


def test_whatever_changes_people_asks(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    pages = member_pages(make_user(), owner)
    assert [address for address, data in pages if ASKS not in client.post(address, data).content.decode()] == []


def test_the_whole_admin_asks(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    for address in ("/admin/", "/admin/accounts/user/", "/admin/cellar/wine/"):
        assert ASKS in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/accounts/password/", {"password": "another quiet evening", "password_again": "another quiet evening"}),
        ("/accounts/profile/", {"name": "Ada", "email": "new@example.org"}),
    ],
)
def test_a_new_password_or_address_always_needs_the_present_one(address: str, data: dict[str, str]) -> None:
    client = signed_in(make_user())
    assert client.post(address, data | {"current_password": ""}).status_code == 422
    statuses = [client.post(address, data | {"current_password": "wrong"}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert client.post(address, data | {"current_password": PASSWORD}).status_code != 302


def test_both_answers_are_in_the_security_log(owner: User) -> None:
    client = signed_in(owner, confirmed=False)
    asked = client.post(INVITE, GUEST)
    answered(client, INVITE, asked, "a wrong password")
    answered(client, INVITE, asked)
    kinds = SecurityEvent.objects.filter(kind__startswith="confirm", actor=owner).order_by("created_at")
    assert list(kinds.values_list("kind", flat=True)) == ["confirmation_failed", "confirmed"]
