"""The second factor: setting it up, signing in with it, losing the phone"""

import base64
import re
import threading
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts import people, qr, second_factor
from accounts.models import RecoveryCode, SecondFactor, SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from tests.accounts.letters import link_in, mailing, outbox
from tests.cellar.views.pages import text_of

pytestmark = pytest.mark.django_db

__all__ = ["mailing"]

URL = "/accounts/second-factor/"
CODE = "/accounts/sign-in/code/"


@pytest.fixture
def ada() -> User:
    return make_user(email="ada@example.org")


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> int:
    """Stand still in the middle of a half minute."""
    now = int(time.time()) // 30
    monkeypatch.setattr("accounts.second_factor.time.time", lambda: now * 30 + 15)
    return now


def code(person: User, step: int) -> str:
    return second_factor.code_at(SecondFactor.objects.get(person=person).secret, step)


def switched_on(person: User, step: int) -> list[str]:
    """Set the factor up with the code of the half minute before; return the recovery codes."""
    second_factor.start(person=person)
    codes = second_factor.switch_on(person=person, code=code(person, step - 1))
    assert codes
    person.refresh_from_db()
    return codes


def with_password(person: User, password: str = PASSWORD, **more: str) -> Client:
    client = Client()
    response = client.post("/accounts/sign-in/", {"email": person.email, "password": password, **more})
    assert response["Location"] == CODE
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_it_is_set_up_with_a_code_of_the_app_and_gives_ten_codes_for_paper(ada: User, step: int) -> None:
    client = signed_in(ada)
    assert client.post(f"{URL}start/")["Location"] == f"{URL}set-up/"
    page = client.get(f"{URL}set-up/").content.decode()
    assert "<svg" in page
    secret = SecondFactor.objects.get().secret
    assert secret in page.replace(" ", "")
    answer = client.post(f"{URL}set-up/", {"code": code(ada, step)})
    assert answer["Location"] == f"{URL}codes/"
    shown = re.findall(r"<code>([A-Z2-7-]{19})</code>", client.get(f"{URL}codes/").content.decode())
    assert len(set(shown)) == 10
    assert "shown once" in client.get(f"{URL}codes/").content.decode()
    assert is_signed_in(client)


def test_a_wrong_code_does_not_switch_it_on(ada: User, step: int) -> None:
    client = signed_in(ada)
    client.post(f"{URL}start/")
    assert client.post(f"{URL}set-up/", {"code": code(ada, step + 7)}).status_code == 422
    assert not second_factor.is_on(ada)


def test_what_the_app_reads_is_the_secret_of_this_person(ada: User) -> None:
    second_factor.start(person=ada)
    factor = SecondFactor.objects.get()
    parts = urlsplit(second_factor.address_for_app(factor))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path).endswith(":ada@example.org")
    assert parse_qs(parts.query)["secret"] == [factor.secret]


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, for SHA-1, cut to six digits.
    secret = base64.b32encode(b"12345678901234567890").decode()
    known = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"}
    assert {moment: second_factor.code_at(secret, moment // 30) for moment in known} == known


def test_the_picture_has_every_dark_module_of_the_qr_code() -> None:
    import segno

    text = "otpauth://totp/WineBox:ada?secret=JBSWY3DPEHPK3PXP"
    picture = qr.picture(text)
    dark = sum(int(run) for run in re.findall(r"h(\d+)v1", picture.path))
    matrix = segno.make(text, error="m", micro=False).matrix
    assert dark == sum(sum(row) for row in matrix)
    assert picture.size == len(matrix) + 8


def test_the_password_alone_does_not_sign_in(ada: User, step: int) -> None:
    switched_on(ada, step)
    client = with_password(ada)
    assert not is_signed_in(client)
    assert client.get("/").status_code == 302
    assert client.get("/admin/").status_code == 302


def test_the_code_signs_in_and_leads_on(ada: User, step: int) -> None:
    switched_on(ada, step)
    client = with_password(ada, next="/history/")
    assert client.get(CODE).status_code == 200
    assert client.post(CODE, {"code": f" {code(ada, step)[:3]} {code(ada, step)[3:]}"})["Location"] == "/history/"
    assert is_signed_in(client)


def test_to_stay_signed_in_is_not_forgotten_on_the_way(ada: User, step: int) -> None:
    switched_on(ada, step)
    client = with_password(ada, stay="on")
    client.post(CODE, {"code": code(ada, step)})
    assert client.session.get_expiry_age() == 30 * 24 * 3600


@pytest.mark.parametrize(("offset", "works"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_code_works_half_a_minute_around_its_time(ada: User, step: int, offset: int, works: bool) -> None:
    switched_on(ada, step)
    SecondFactor.objects.update(last_step=0)
    client = with_password(ada)
    assert (client.post(CODE, {"code": code(ada, step + offset)}).status_code == 302) is works


def test_a_code_works_once(ada: User, step: int) -> None:
    switched_on(ada, step)
    now = code(ada, step)
    assert with_password(ada).post(CODE, {"code": now}).status_code == 302
    assert with_password(ada).post(CODE, {"code": now}).status_code == 422
    assert with_password(ada).post(CODE, {"code": code(ada, step - 1)}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_eight_times_at_once_works_once(ada: User, step: int) -> None:
    switched_on(ada, step)
    factor, now = SecondFactor.objects.get(), code(ada, step)
    right = []

    def send() -> None:
        try:
            right.append(second_factor._is_right_now(factor, now))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(right) == [False] * 7 + [True]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "' or 1=1", "0" * 5000])
def test_nonsense_is_no_code(ada: User, step: int, typed: str) -> None:
    switched_on(ada, step)
    assert with_password(ada).post(CODE, {"code": typed}).status_code == 422


def test_a_recovery_code_works_once_however_it_is_typed(ada: User, step: int) -> None:
    codes = switched_on(ada, step)
    typed = codes[0].lower().replace("-", " ")
    assert with_password(ada).post(f"{CODE}?recovery=1", {"code": typed}).status_code == 302
    assert with_password(ada).post(f"{CODE}?recovery=1", {"code": codes[0]}).status_code == 422
    assert with_password(ada).post(f"{CODE}?recovery=1", {"code": codes[1]}).status_code == 302
    assert RecoveryCode.objects.filter(used_at=None).count() == 8


def test_only_hashes_of_the_recovery_codes_are_kept(ada: User, step: int) -> None:
    codes = switched_on(ada, step)
    kept = str(list(RecoveryCode.objects.values())) + str(list(SecurityEvent.objects.values()))
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []


def test_new_recovery_codes_replace_the_old_ones(ada: User, step: int) -> None:
    old = switched_on(ada, step)
    signed_in(ada).post(f"{URL}codes/new/")
    assert with_password(ada).post(f"{CODE}?recovery=1", {"code": old[0]}).status_code == 422
    assert RecoveryCode.objects.count() == 10


def test_the_code_of_one_person_does_not_sign_in_another(ada: User, step: int) -> None:
    bo = make_user(email="bo@example.org")
    codes = switched_on(bo, step)
    switched_on(ada, step)
    client = with_password(ada)
    assert client.post(CODE, {"code": code(bo, step)}).status_code == 422
    assert client.post(f"{CODE}?recovery=1", {"code": codes[0]}).status_code == 422


def test_after_five_wrong_codes_the_right_one_is_refused_from_everywhere(ada: User, step: int) -> None:
    switched_on(ada, step)
    client = with_password(ada)
    statuses = [client.post(CODE, {"code": code(ada, step + 7)}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    response = with_password(ada).post(CODE, {"code": code(ada, step)}, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900


@pytest.mark.usefixtures("mailing")
def test_a_lockout_by_codes_is_told_by_mail(ada: User, step: int) -> None:
    switched_on(ada, step)
    client = with_password(ada)
    for _ in range(7):
        client.post(CODE, {"code": code(ada, step + 7)})
    assert [letter.subject for letter in outbox()] == [
        "Your second factor was changed",
        "Somebody tried to sign in as you",
    ]


def test_the_page_for_the_code_is_nothing_without_the_password(ada: User, step: int) -> None:
    switched_on(ada, step)
    assert Client().get(CODE)["Location"] == "/accounts/sign-in/"
    assert Client().post(CODE, {"code": code(ada, step)})["Location"] == "/accounts/sign-in/"


def test_the_password_counts_for_ten_minutes(ada: User, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    switched_on(ada, step)
    client = with_password(ada)
    monkeypatch.setattr("accounts.sessions.time.time", lambda: step * 30 + 15 + 601)
    assert client.post(CODE, {"code": code(ada, step + 20)})["Location"] == "/accounts/sign-in/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", ["password", "deactivated"])
def test_the_step_in_between_dies_with_the_password_and_the_person(ada: User, step: int, change: str) -> None:
    switched_on(ada, step)
    client = with_password(ada)
    if change == "password":
        people.change_password(person=ada, password="a password chosen since", actor=ada)
    else:
        people.deactivate(person=ada, actor=None)
    assert client.post(CODE, {"code": code(ada, step)})["Location"] == "/accounts/sign-in/"


@pytest.mark.usefixtures("mailing")
def test_a_reset_does_not_bypass_it(ada: User, step: int) -> None:
    switched_on(ada, step)
    Client().post("/accounts/reset/", {"email": "ada@example.org"})
    new = "another quiet evening"
    client = Client()
    client.post(link_in(outbox()[-1]), {"password": new, "password_again": new})
    assert not is_signed_in(client)
    assert not is_signed_in(with_password(ada, new))


def test_switching_it_on_or_off_ends_the_other_sessions(ada: User, step: int) -> None:
    here, elsewhere = signed_in(ada), signed_in(ada)
    here.post(f"{URL}start/")
    here.post(f"{URL}set-up/", {"code": code(ada, step)})
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    ada.refresh_from_db()
    elsewhere = signed_in(ada)
    here.post(f"{URL}off/")
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert not second_factor.is_on(ada)


@pytest.mark.parametrize("verb", ["start/", "set-up/", "off/", "codes/new/"])
def test_every_change_asks_for_the_password_again(ada: User, step: int, verb: str) -> None:
    switched_on(ada, step)
    response = signed_in(ada, confirmed=False).post(f"{URL}{verb}")
    assert "Your password, please" in response.content.decode()


def test_starting_again_leaves_what_is_on_alone(ada: User, step: int) -> None:
    switched_on(ada, step)
    before = SecondFactor.objects.get().secret
    signed_in(ada).post(f"{URL}start/")
    assert SecondFactor.objects.get().secret == before


def test_the_secret_is_not_shown_once_it_is_on(ada: User, step: int) -> None:
    switched_on(ada, step)
    assert signed_in(ada).get(f"{URL}set-up/").status_code == 302


@pytest.mark.usefixtures("mailing")
def test_each_change_is_told_by_mail_and_logged(ada: User, step: int) -> None:
    switched_on(ada, step)
    signed_in(ada).post(f"{URL}codes/new/")
    signed_in(ada).post(f"{URL}off/")
    assert [letter.subject for letter in outbox()] == ["Your second factor was changed"] * 3
    kinds = SecurityEvent.objects.filter(person=ada).order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["second_factor_on", "recovery_codes_made", "second_factor_off"]


def test_wrong_codes_and_used_recovery_codes_are_logged(ada: User, step: int) -> None:
    codes = switched_on(ada, step)
    client = with_password(ada)
    client.post(CODE, {"code": "000000" if code(ada, step) != "000000" else "111111"})
    client.post(f"{CODE}?recovery=1", {"code": codes[0]})
    logged = SecurityEvent.objects.filter(kind__in=["second_factor_failed", "recovery_code_used"])
    assert sorted(logged.values_list("kind", "detail")) == [
        ("recovery_code_used", "9 left"),
        ("second_factor_failed", ""),
    ]


def test_the_owner_switches_off_that_of_somebody_who_lost_everything(ada: User, step: int) -> None:
    switched_on(ada, step)
    owner = signed_in(make_owner())
    assert "Lost the phone" in text_of(owner.get(f"/accounts/members/{ada.pk}/"))
    owner.post(f"/accounts/members/{ada.pk}/second-factor/off/")
    response = Client().post("/accounts/sign-in/", {"email": ada.email, "password": PASSWORD})
    assert response["Location"] == "/"


def test_the_command_switches_off_that_of_an_owner(step: int, capsys: Any) -> None:
    owner = make_owner(email="olga@example.org")
    switched_on(owner, step)
    call_command("reset_second_factor", "olga@example.org")
    assert not second_factor.is_on(owner)
    assert "password alone" in capsys.readouterr().out


# -- Required of everybody ---------------------------------------------------------------------------------------------


def required_by(step: int) -> Client:
    owner = make_owner()
    switched_on(owner, step)
    client = signed_in(owner)
    client.post(f"{URL}required/", {"required": "yes"})
    return client


def test_an_owner_without_one_cannot_require_it() -> None:
    page = signed_in(make_owner()).post(f"{URL}required/", {"required": "yes"}, follow=True)
    assert "Switch on your own second factor first" in page.content.decode()
    assert not second_factor.is_required()


def test_those_without_one_are_signed_out_and_the_owner_is_not(ada: User, step: int) -> None:
    client = signed_in(ada)
    owner = required_by(step)
    assert not is_signed_in(client)
    assert is_signed_in(owner)


def test_without_one_nothing_opens_until_it_is_set_up(ada: User, step: int) -> None:
    required_by(step)
    client = Client()
    client.post("/accounts/sign-in/", {"email": ada.email, "password": PASSWORD})
    for address in ("/", "/wines/", "/accounts/profile/", "/accounts/password/", "/history/"):
        assert client.get(address)["Location"] == URL, address
    assert client.post("/wines/add/", {"producer": "Krug"})["Location"] == URL
    assert client.get(URL).status_code == 200
    session = client.session
    session["confirmed"] = int(time.time())
    session.save()
    client.post(f"{URL}start/")
    client.post(f"{URL}set-up/", {"code": code(ada, step)})
    assert client.get("/").status_code == 200


def test_while_it_is_required_nobody_switches_it_off(ada: User, step: int) -> None:
    required_by(step)
    switched_on(ada, step)
    signed_in(ada).post(f"{URL}off/")
    assert second_factor.is_on(ada)


def test_the_owner_leaves_it_to_them_again(ada: User, step: int) -> None:
    owner = required_by(step)
    owner.post(f"{URL}required/", {"required": "no"})
    client = Client()
    client.post("/accounts/sign-in/", {"email": ada.email, "password": PASSWORD})
    assert is_signed_in(client)
    details = SecurityEvent.objects.filter(kind="settings_changed").order_by("created_at")
    assert [event.detail for event in details] == ["second factor required: True", "second factor required: False"]
