"""/accounts/sign-out/"""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import SecurityEvent
from tests.accounts.factories import make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/sign-out/"


def test_it_ends_the_session_on_the_server() -> None:
    client = signed_in(make_user())
    key = client.session.session_key
    assert client.post(URL)["Location"] == "/accounts/sign-in/"
    assert not Session.objects.filter(session_key=key).exists()


def test_the_old_cookie_is_worthless() -> None:
    client = signed_in(make_user())
    thief = Client()
    thief.cookies = client.cookies.copy()  # type: ignore[assignment]
    assert thief.get("/accounts/profile/").status_code == 200
    client.post(URL)
    assert thief.get("/accounts/profile/").status_code == 302


def test_a_link_or_a_picture_cannot_sign_anybody_out() -> None:
    client = signed_in(make_user())
    assert client.get(URL).status_code == 405
    assert client.get("/accounts/profile/").status_code == 200


def test_it_is_in_the_security_log() -> None:
    person = make_user()
    signed_in(person).post(URL)
    assert SecurityEvent.objects.get(kind="sign_out").actor == person


def test_the_way_out_of_the_admin_is_the_same() -> None:
    owner = make_owner()
    client = signed_in(owner)
    assert client.post("/admin/logout/")["Location"] == "/accounts/sign-in/"
    assert SecurityEvent.objects.get(kind="sign_out").actor == owner
