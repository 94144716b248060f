"""A forgotten password: /accounts/reset/, the link in the letter, and the link from the owner's hand"""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts import access_links, people, resets
from accounts.access_links import LinkError, Purpose
from accounts.links import new_link, stored_form
from accounts.models import AccessLink, Role, SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from tests.accounts.letters import link_in, mailing, outbox
from tests.winebox import post_offices
from winebox.mail_service import mail_config

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailing")]

__all__ = ["mailing"]

URL = "/accounts/reset/"
NEW = "another quiet evening"
TYPED = {"password": NEW, "password_again": NEW}


def ask(email: str, **more: Any) -> Any:
    return Client().post(URL, {"email": email}, **more)


def mailed_link(email: str) -> str:
    ask(email)
    return link_in(outbox()[-1])


def may_sign_in(email: str, password: str) -> bool:
    response = Client().post("/accounts/sign-in/", {"email": email, "password": password})
    return response.status_code == 302


def test_the_mailed_link_sets_a_new_password() -> None:
    make_user(email="ada@example.org")
    link = mailed_link(" ADA@example.org")
    assert Client().get(link).status_code == 200
    assert Client().post(link, TYPED)["Location"] == "/accounts/sign-in/"
    assert may_sign_in("ada@example.org", NEW)
    assert not may_sign_in("ada@example.org", PASSWORD)


def test_looking_at_the_link_changes_nothing() -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    for _ in range(3):
        assert Client().get(link).status_code == 200
    assert may_sign_in("ada@example.org", PASSWORD)


def test_a_link_works_once() -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    Client().post(link, TYPED)
    response = Client().post(link, {"password": "yet one more evening", "password_again": "yet one more evening"})
    assert response.status_code == 404
    assert may_sign_in("ada@example.org", NEW)


def test_a_link_works_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    later = timezone.now() + timedelta(minutes=59)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert Client().get(link).status_code == 200
    much_later = later + timedelta(minutes=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: much_later)
    assert Client().get(link).status_code == 404
    assert Client().post(link, TYPED).status_code == 404


def change_password(person: User) -> None:
    people.change_password(person=person, password="a password chosen since", actor=person)


def change_address(person: User) -> None:
    people.change_email(person=person, email="since@example.org", actor=person)


def deactivate(person: User) -> None:
    people.deactivate(person=person, actor=None)


@pytest.mark.parametrize("change", [change_password, change_address, deactivate])
def test_a_link_is_dead_after(change: Callable[[User], None]) -> None:
    person = make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    change(person)
    assert Client().post(link, TYPED).status_code == 404


def test_only_the_hash_of_a_link_is_kept() -> None:
    make_user(email="ada@example.org")
    secret = mailed_link("ada@example.org").split("/")[3].partition(".")[0]
    assert secret not in str(list(AccessLink.objects.values())) + str(list(SecurityEvent.objects.values()))


def test_a_link_for_another_purpose_opens_nothing_here() -> None:
    token = resets.make(person=make_user(), actor=None)
    assert Client().get(f"/accounts/email/{token}/").status_code == 404
    assert Client().get(f"/accounts/reset/{token}x/").status_code == 404


def test_the_purpose_of_a_link_is_part_of_its_signature() -> None:
    token = new_link(purpose="reset").token
    assert stored_form(token, purpose="reset")
    assert stored_form(token, purpose="email") is None


def test_a_hash_that_is_kept_for_another_purpose_opens_nothing() -> None:
    person, token = make_user(), new_link(purpose="email").token
    soon, stored = timezone.now() + timedelta(hours=1), str(stored_form(token, purpose="email"))
    kept = AccessLink(purpose=Purpose.RESET, person=person, stamp=person.stamp, token_hash=stored, expires_at=soon)
    kept.save()
    with pytest.raises(LinkError):
        access_links.find(token, purpose=Purpose.EMAIL)


@pytest.mark.parametrize(
    "typed", [{"password": "short"}, {"password_again": "something else entirely"}, {"password": ""}]
)
def test_a_bad_password_is_refused_and_the_link_still_works(typed: dict[str, str]) -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    assert Client().post(link, TYPED | typed).status_code == 422
    assert Client().post(link, TYPED).status_code == 302


def test_a_new_password_ends_every_session() -> None:
    person = make_user(email="ada@example.org")
    client = signed_in(person)
    Client().post(mailed_link("ada@example.org"), TYPED)
    assert client.get("/accounts/profile/").status_code == 302


def test_a_new_password_ends_a_lockout() -> None:
    make_user(email="ada@example.org")
    for _ in range(6):
        may_sign_in("ada@example.org", "a wrong password")
    link = mailed_link("ada@example.org")
    Client().post(link, TYPED)
    assert may_sign_in("ada@example.org", NEW)


def test_the_link_never_signs_anybody_in() -> None:
    make_user(email="ada@example.org")
    client = Client()
    client.post(mailed_link("ada@example.org"), TYPED)
    assert client.get("/accounts/profile/").status_code == 302


def nobody() -> None:
    pass


def deactivated() -> None:
    make_user(email="ada@example.org", is_active=False)


@pytest.mark.parametrize("there", [nobody, deactivated])
def test_no_letter_is_sent_where_no_active_person_has_the_address(there: Callable[[], None]) -> None:
    there()
    ask("ada@example.org")
    assert outbox() == []


def test_the_answer_is_the_same_whether_somebody_has_the_address_or_not() -> None:
    make_user(email="ada@example.org")
    answers = [ask(email, follow=True) for email in ("ada@example.org", "eve@example.org")]
    pages = [re.sub(r'value="[^"]{64}"', "", answer.content.decode()) for answer in answers]
    assert pages[0] == pages[1]
    assert [answer.redirect_chain for answer in answers] == [[("/accounts/reset/sent/", 302)]] * 2


def test_the_work_is_the_same_whether_somebody_has_the_address_or_not() -> None:
    make_user(email="ada@example.org")
    ask("warm@example.org")  # begins the count of what comes from this address
    queries = []
    for email in ("ada@example.org", "eve@example.org"):
        with CaptureQueriesContext(connection) as context:
            ask(email)
        queries.append([query["sql"].split()[0] for query in context.captured_queries])
    assert queries[0] == queries[1]


def test_five_letters_an_hour_for_an_address_from_anywhere(settings: Settings) -> None:
    make_user(email="ada@example.org")
    answers = [ask("ada@example.org", REMOTE_ADDR=f"192.0.2.{number}").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert len(outbox()) == 5


def test_five_letters_an_hour_from_one_address() -> None:
    answers = [ask(f"somebody{number}@example.org").status_code for number in range(7)]
    assert answers == [302] * 5 + [429] * 2


def test_the_link_leads_to_the_site_whatever_host_was_asked(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["evil.example.com", "testserver"]
    make_user(email="ada@example.org")
    ask("ada@example.org", HTTP_HOST="evil.example.com")
    (letter,) = outbox()
    assert "evil" not in str(letter.message())


@pytest.mark.once
def test_a_mail_service_that_never_answers_costs_the_page_nothing(settings: Settings) -> None:
    make_user(email="ada@example.org")
    with post_offices.silent_server() as port:
        for name, value in mail_config(
            f"smtp://127.0.0.1:{port}", access_key_id="", secret_access_key="", region=""
        ).items():
            setattr(settings, name, value)
        began = timezone.now()
        response = ask("ada@example.org", follow=True)
        assert timezone.now() - began < timedelta(seconds=2)
        outbox()
    assert "mail service may be down" in response.content.decode()


def test_without_mail_the_page_says_whom_to_ask(settings: Settings) -> None:
    settings.SITE_URL = ""
    assert "Ask the owner" in Client().get(URL).content.decode()
    assert ask("ada@example.org").status_code == 422
    assert not AccessLink.objects.exists()


def test_the_owner_makes_a_link_that_is_shown_once() -> None:
    person = make_user(email="ada@example.org")
    owner = signed_in(make_owner())
    page = owner.post(f"/accounts/members/{person.pk}/reset/")["Location"]
    found = re.search(r'value="http[^"]+?(/accounts/reset/[^"]+)"', owner.get(page).content.decode())
    assert found
    assert "/accounts/reset/" not in owner.get(page).content.decode()
    assert Client().post(found[1], TYPED).status_code == 302
    assert may_sign_in("ada@example.org", NEW)


def test_the_command_prints_a_link() -> None:
    make_user(email="ada@example.org", role=Role.OWNER)
    out = StringIO()
    call_command("make_reset_link", "Ada@example.org", stdout=out)
    found = re.search(r"https://wine.example.org(/\S+)", out.getvalue())
    assert found
    assert Client().post(found[1], TYPED).status_code == 302


def test_where_the_site_does_not_know_its_address_the_command_says_where_the_link_goes(settings: Settings) -> None:
    settings.SITE_URL = ""
    make_user(email="ada@example.org", role=Role.OWNER)
    out = StringIO()
    call_command("make_reset_link", "ada@example.org", stdout=out)
    first, path = out.getvalue().splitlines()
    assert "behind the address" in first
    assert Client().get(path).status_code == 200


def test_making_using_and_refusing_are_in_the_security_log() -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    Client().post(link, TYPED)
    Client().get(link)
    ask("eve@example.org")
    events = SecurityEvent.objects.filter(detail__startswith="reset").order_by("created_at")
    assert [(event.kind, event.subject) for event in events] == [
        ("link_created", "ada@example.org"),
        ("link_used", "ada@example.org"),
        ("link_refused", "ada@example.org"),
        ("link_refused", "eve@example.org"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_link_sent_four_times_at_once_works_once() -> None:
    make_user(email="ada@example.org")
    link = mailed_link("ada@example.org")
    statuses = []

    def send(number: int) -> None:
        typed = f"{NEW} number {number}"
        try:
            statuses.append(Client().post(link, {"password": typed, "password_again": typed}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 404, 404, 404]
    assert SecurityEvent.objects.filter(kind="link_refused").count() == 3


@pytest.mark.django_db
def test_who_comes_a_moment_too_late_is_in_the_security_log() -> None:
    person = make_user(email="ada@example.org")
    token = resets.make(person=person, actor=None)
    seen = access_links.find(token, purpose=Purpose.RESET)
    resets.reset(token=token, password=NEW)
    with pytest.raises(LinkError), access_links.using(seen):
        raise AssertionError("the link was used twice")
    refused = SecurityEvent.objects.filter(kind="link_refused").values_list("subject", "detail")
    assert list(refused) == [("ada@example.org", "reset: used")]
