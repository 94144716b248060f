"""Where people are signed in: /accounts/devices/, how long a session lasts, and what ends it"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import people
from accounts.browsers import describe
from accounts.models import Device, SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from tests.accounts.letters import mailing, outbox
from tests.cellar.views.pages import text_of

pytestmark = pytest.mark.django_db

__all__ = ["mailing"]

URL = "/accounts/devices/"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/126.0.0.0"


@pytest.fixture
def ada() -> User:
    return make_user(email="ada@example.org")


def sign_in(person: User, *, agent: str = FIREFOX, stay: bool = False, client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": agent})
    data = {"email": person.email, "password": PASSWORD, **({"stay": "on"} if stay else {})}
    assert client.post("/accounts/sign-in/", data).status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    moment = timezone.now() + later
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    monkeypatch.setattr("winebox.middleware.time.time", lambda: moment.timestamp())


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Android"),
        (SAFARI, "Safari on iPhone"),
        (CHROME, "Chrome on Linux"),
        (EDGE, "Edge on Linux"),
        ("curl/8.5.0", "curl"),
        ("", "An unknown browser"),
        ("<script>alert(1)</script>", "An unknown browser"),
        ("A" * 100_000, "An unknown browser"),
    ],
)
def test_a_browser_is_described_in_words(agent: str, words: str) -> None:
    assert describe(agent) == words


def test_the_page_lists_browser_address_and_last_use(ada: User) -> None:
    phone = sign_in(ada)
    sign_in(ada, agent=CHROME, stay=True)
    page = text_of(phone.get(URL))
    assert "Firefox on Android (this one)" in page
    assert "Chrome on Linux" in page
    assert "stays signed in" in page
    assert "from 127.0.0.1" in page


def test_a_session_that_is_over_is_not_listed(ada: User) -> None:
    phone, laptop = sign_in(ada), sign_in(ada, agent=CHROME)
    laptop.post("/accounts/sign-out/")
    assert "Chrome on Linux" not in text_of(phone.get(URL))


def test_one_device_is_signed_out(ada: User) -> None:
    phone, laptop = sign_in(ada), sign_in(ada, agent=CHROME)
    device = Device.objects.get(browser="Chrome on Linux")
    assert phone.post(f"{URL}{device.pk}/end/").status_code == 302
    assert is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert SecurityEvent.objects.get(kind="session_ended").detail == "Chrome on Linux"


def test_this_device_is_signed_out_too(ada: User) -> None:
    phone = sign_in(ada)
    assert phone.post(f"{URL}{Device.objects.get().pk}/end/")["Location"] == "/accounts/sign-in/"
    assert not is_signed_in(phone)


def test_all_others_are_signed_out(ada: User) -> None:
    phone, laptop, unknown = sign_in(ada), sign_in(ada, agent=CHROME), signed_in(ada)
    phone.post(f"{URL}end/")
    assert [is_signed_in(client) for client in (phone, laptop, unknown)] == [True, False, False]
    assert "Firefox on Android (this one)" in text_of(phone.get(URL))


def test_nobody_ends_the_device_of_somebody_else(ada: User) -> None:
    phone = sign_in(ada)
    assert signed_in(make_owner()).post(f"{URL}{Device.objects.get().pk}/end/").status_code == 404
    assert is_signed_in(phone)


def test_the_old_cookie_is_worth_nothing_after_signing_out(ada: User) -> None:
    client = sign_in(ada)
    old = client.cookies["sessionid"].value
    client.post("/accounts/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = old
    assert not is_signed_in(thief)


@pytest.mark.parametrize("how", ["sign in again", "change the password", "end the others"])
def test_the_old_cookie_is_worth_nothing_after_the_session_got_a_new_key(ada: User, how: str) -> None:
    client = sign_in(ada)
    old = client.cookies["sessionid"].value
    if how == "sign in again":
        client.post("/accounts/sign-out/")
        sign_in(ada, client=client)
    elif how == "end the others":
        client.post(f"{URL}end/")
    else:
        new = "another quiet evening"
        data = {"current_password": PASSWORD, "password": new, "password_again": new}
        assert client.post("/accounts/password/", data).status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = old
    assert is_signed_in(client)
    assert not is_signed_in(thief)


def test_a_session_that_was_there_before_signing_in_gets_another_key(ada: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    sign_in(ada, client=client)
    assert client.cookies["sessionid"].value != session.session_key


def test_without_the_tick_a_session_ends_after_two_idle_hours(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(ada)
    at(monkeypatch, timedelta(hours=2, minutes=1))
    assert not is_signed_in(client)


def test_with_the_tick_it_ends_after_thirty_idle_days(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(ada, stay=True)
    with monkeypatch.context() as patch:
        at(patch, timedelta(days=29))
        assert is_signed_in(client)
    at(monkeypatch, timedelta(days=29 + 30, minutes=1))
    assert not is_signed_in(client)


def test_after_ninety_days_it_ends_however_often_it_is_used(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(ada, stay=True)
    for day in (20, 40, 60, 80, 89):
        with monkeypatch.context() as patch:
            at(patch, timedelta(days=day))
            assert is_signed_in(client)
    at(monkeypatch, timedelta(days=90, minutes=1))
    assert not is_signed_in(client)


def test_deactivation_ends_every_session_at_once(ada: User) -> None:
    phone, laptop = sign_in(ada), sign_in(ada, agent=CHROME)
    people.deactivate(person=ada, actor=None)
    assert not is_signed_in(phone)
    assert not is_signed_in(laptop)
    assert not Session.objects.exists()


@pytest.mark.usefixtures("mailing")
def test_a_new_device_is_told_by_mail(ada: User) -> None:
    sign_in(ada)
    sign_in(ada, agent=CHROME)
    (letter,) = outbox()
    assert letter.to == ["ada@example.org"]
    assert "Chrome on Linux" in str(letter.body)
    assert "From: 127.0.0.1" in str(letter.body)
    assert SecurityEvent.objects.get(kind="new_device").detail == "Chrome on Linux"


@pytest.mark.usefixtures("mailing")
def test_a_known_device_is_not_told_again(ada: User) -> None:
    client = sign_in(ada)
    for _ in range(2):
        client.post("/accounts/sign-out/")
        sign_in(ada, client=client)
    assert outbox() == []
    assert Device.objects.count() == 1


@pytest.mark.usefixtures("mailing")
def test_a_device_of_one_person_is_new_for_another(ada: User) -> None:
    bo = make_user(email="bo@example.org")
    sign_in(bo)
    client = sign_in(ada)
    client.post("/accounts/sign-out/")
    sign_in(bo, client=client)
    assert [letter.to for letter in outbox()] == [["bo@example.org"]]


def test_the_cookie_of_a_device_is_no_way_in(ada: User) -> None:
    client = sign_in(ada)
    thief = Client()
    thief.cookies["device"] = client.cookies["device"].value
    assert not is_signed_in(thief)
    assert client.cookies["device"]["httponly"]


def failing(email: str, times: int = 6) -> None:
    for _ in range(times):
        Client().post("/accounts/sign-in/", {"email": email, "password": "a wrong password"})


@pytest.mark.usefixtures("mailing")
def test_a_lockout_is_told_once_to_whoever_it_is(ada: User) -> None:
    failing("ada@example.org", 8)
    (letter,) = outbox()
    assert (letter.to, letter.subject) == (["ada@example.org"], "Somebody tried to sign in as you")


@pytest.mark.usefixtures("mailing")
def test_a_lockout_of_an_unknown_address_is_told_to_nobody() -> None:
    failing("eve@example.org")
    assert outbox() == []


def test_more_devices_cost_no_more_queries(ada: User, django_assert_num_queries: Any) -> None:
    client = sign_in(ada)
    client.get(URL)
    for _ in range(3):
        sign_in(ada, agent=CHROME)
    with django_assert_num_queries(4):  # session, person, devices, their sessions
        client.get(URL)
