"""A new e-mail address, confirmed by a letter to it"""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import people
from accounts.models import SecurityEvent, User
from tests.accounts.factories import PASSWORD, make_user, signed_in
from tests.accounts.letters import link_in, mailing, outbox
from tests.engines import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailing")]

__all__ = ["mailing"]

URL = "/accounts/profile/"
TYPED = {"name": "Ada", "email": "new@example.org", "current_password": PASSWORD}


@pytest.fixture
def ada() -> User:
    return make_user(email="ada@example.org", name="Ada")


def email_of(person: User) -> str:
    person.refresh_from_db()
    return person.email


def test_the_address_changes_when_the_letter_is_opened_and_confirmed(ada: User) -> None:
    client = signed_in(ada)
    response = client.post(URL, TYPED, follow=True)
    assert "A link was mailed to new@example.org" in response.content.decode()
    (letter,) = outbox()
    assert letter.to == ["new@example.org"]
    assert Client().get(link_in(letter)).status_code == 200
    assert email_of(ada) == "ada@example.org"
    assert client.post(link_in(letter)).status_code == 302
    assert email_of(ada) == "new@example.org"


def test_the_old_address_is_told(ada: User) -> None:
    client = signed_in(ada)
    client.post(URL, TYPED)
    client.post(link_in(outbox()[0]))
    notice = outbox()[1]
    assert notice.to == ["ada@example.org"]
    assert "new@example.org instead of this address" in str(notice.body)


def test_the_other_sessions_end_and_this_one_goes_on(ada: User) -> None:
    here, elsewhere = signed_in(ada), signed_in(ada)
    here.post(URL, TYPED)
    here.post(link_in(outbox()[0]))
    assert here.get(URL).status_code == 200
    assert elsewhere.get(URL).status_code == 302


def test_the_link_may_be_opened_on_another_device(ada: User) -> None:
    signed_in(ada).post(URL, TYPED)
    assert Client().post(link_in(outbox()[0]))["Location"] == "/accounts/sign-in/"
    assert email_of(ada) == "new@example.org"


def test_a_link_works_once_and_the_newest_alone(ada: User) -> None:
    client = signed_in(ada)
    client.post(URL, TYPED)
    client.post(URL, TYPED | {"email": "newer@example.org"})
    first, second = map(link_in, outbox())
    assert Client().post(first).status_code == 404
    assert Client().post(second).status_code == 302
    assert Client().post(second).status_code == 404
    assert email_of(ada) == "newer@example.org"


def test_a_link_is_dead_after_the_password_changed(ada: User) -> None:
    signed_in(ada).post(URL, TYPED)
    link = link_in(outbox()[0])
    people.change_password(person=ada, password="a password chosen since", actor=ada)
    assert Client().post(link).status_code == 404


def test_an_address_that_was_taken_in_the_meantime_is_refused(ada: User) -> None:
    signed_in(ada).post(URL, TYPED)
    make_user(email="new@example.org")
    assert Client().post(link_in(outbox()[0])).status_code == 422
    assert email_of(ada) == "ada@example.org"


def test_a_mail_service_that_is_down_changes_nothing_and_the_page_says_so(ada: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    page = signed_in(ada).post(URL, TYPED, follow=True).content.decode()
    assert "Your address is still ada@example.org: the mail service did not take the letter" in page
    assert email_of(ada) == "ada@example.org"


def test_a_changed_password_is_told_by_mail(ada: User) -> None:
    people.change_password(person=ada, password="a password chosen since", actor=ada)
    (letter,) = outbox()
    assert (letter.to, letter.subject) == (["ada@example.org"], "Your password was changed")


def test_each_step_is_in_the_security_log(ada: User) -> None:
    client = signed_in(ada)
    client.post(URL, TYPED)
    client.post(link_in(outbox()[0]))
    kinds = SecurityEvent.objects.filter(actor=ada).order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["confirmed", "link_created", "email_changed", "link_used"]
