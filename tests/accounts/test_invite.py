"""/accounts/invite/ and what the owner does with invitations"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Invitation, Role, SecurityEvent
from tests.accounts.factories import link_of, make_invitation, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

URL = "/accounts/invite/"
GOOD = {"email": "new@example.org", "role": "guest"}


def link_on(page: str) -> str:
    """Return the path of the link that a page shows."""
    found = re.search(r'value="http://[^/"]+(/accounts/invitation/[^"]+)"', page)
    assert found
    return found[1]


def test_the_link_is_shown_and_works() -> None:
    response = signed_in(make_owner()).post(URL, GOOD, follow=True)
    assert Client().get(link_on(response.content.decode())).status_code == 200


def test_the_link_is_shown_once() -> None:
    client = signed_in(make_owner())
    page = client.post(URL, GOOD)["Location"]
    assert "/accounts/invitation/" in client.get(page).content.decode()
    again = client.get(page).content.decode()
    assert "/accounts/invitation/" not in again
    assert "New link" in again


def test_the_link_is_shown_to_the_browser_that_made_it_alone() -> None:
    page = signed_in(make_owner()).post(URL, GOOD)["Location"]
    assert "/accounts/invitation/" not in signed_in(make_owner()).get(page).content.decode()


def test_the_secret_is_kept_nowhere_on_the_server() -> None:
    client = signed_in(make_owner())
    page = client.post(URL, GOOD)["Location"]
    secret = link_on(client.get(page).content.decode()).split("/")[3].partition(".")[0]
    invitation = Invitation.objects.get()
    assert secret not in invitation.token_hash
    assert secret not in str(client.session.items())
    assert not SecurityEvent.objects.filter(detail__contains=secret).exists()


def test_an_invitation_lasts_three_days() -> None:
    signed_in(make_owner()).post(URL, GOOD)
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


def test_without_mail_it_says_so_and_mails_nothing(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    response = signed_in(make_owner()).post(URL, GOOD, follow=True)
    assert "no mail is configured" in response.content.decode()


def test_with_mail_the_link_is_mailed(settings: Settings) -> None:
    settings.SITE_URL = "https://wine.example.org"
    owner = make_owner(name="Ada")
    signed_in(owner).post(URL, GOOD)
    letter = mail.outbox[0]
    assert letter.to == ["new@example.org"]
    assert "Ada" in letter.subject
    assert "https://wine.example.org/accounts/invitation/" in letter.body


def test_the_mailed_link_works(settings: Settings) -> None:
    settings.SITE_URL = "http://testserver"
    signed_in(make_owner()).post(URL, GOOD)
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert found
    assert Client().get(found[1]).status_code == 200


def test_no_link_is_mailed_when_the_site_does_not_know_its_address(settings: Settings) -> None:
    settings.SITE_URL = ""
    signed_in(make_owner()).post(URL, GOOD, HTTP_HOST="localhost")
    assert mail.outbox == []


def test_a_name_cannot_break_into_the_header_of_a_mail(settings: Settings) -> None:
    settings.SITE_URL = "https://wine.example.org"
    owner = make_owner(name="Ada\r\nBcc: eve@example.org")
    response = signed_in(owner).post(URL, GOOD, follow=True)
    assert response.status_code == 200
    assert all("\n" not in letter.subject for letter in mail.outbox)


def test_a_mail_service_that_is_down_costs_nothing(settings: Settings) -> None:
    settings.SITE_URL = "https://wine.example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = signed_in(make_owner()).post(URL, GOOD, follow=True)
    page = response.content.decode()
    assert "the mail service did not take the letter" in page
    assert "https://wine.example.org/accounts/invitation/" in page


@pytest.mark.parametrize(
    "change", [{"email": "no address"}, {"email": ""}, {"role": ""}, {"role": "helper"}, {"role": "emperor"}]
)
def test_a_wrong_field_is_refused(change: dict[str, str]) -> None:
    response = signed_in(make_owner()).post(URL, GOOD | change)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_a_refused_form_keeps_what_was_typed() -> None:
    page = signed_in(make_owner()).post(URL, GOOD | {"email": "new at example"}).content.decode()
    assert 'value="new at example"' in page
    assert re.search(r'value="guest"[^>]*checked', page)


def test_somebody_who_is_here_already_is_not_invited() -> None:
    make_user(email="new@example.org")
    response = signed_in(make_owner()).post(URL, GOOD | {"email": "NEW@example.org"})
    assert response.status_code == 422
    assert "already uses this e-mail address" in response.content.decode()


def test_a_second_invitation_replaces_the_first() -> None:
    owner = make_owner()
    first = make_invitation(by=owner, email="new@example.org")
    signed_in(owner).post(URL, GOOD)
    assert Client().get(link_of(first)).status_code == 404
    assert Invitation.objects.open().count() == 1


def test_open_invitations_are_listed_without_their_links() -> None:
    owner = make_owner()
    make_invitation(by=owner, email="new@example.org")
    page = signed_in(owner).get("/accounts/members/").content.decode()
    assert "new@example.org" in page
    assert "/accounts/invitation/" not in page


def test_a_withdrawn_invitation_is_dead_and_gone_from_the_list() -> None:
    owner = make_owner()
    invited = make_invitation(by=owner, email="new@example.org")
    client = signed_in(owner)
    assert client.post(f"{URL}{invited.invitation.pk}/revoke/").status_code == 302
    assert Client().get(link_of(invited)).status_code == 404
    client.get("/accounts/members/")  # shows the message that names the address
    assert "new@example.org" not in client.get("/accounts/members/").content.decode()


def test_a_new_link_replaces_the_old_one() -> None:
    owner = make_owner()
    invited = make_invitation(by=owner)
    response = signed_in(owner).post(f"{URL}{invited.invitation.pk}/resend/", follow=True)
    assert Client().get(link_of(invited)).status_code == 404
    assert Client().get(link_on(response.content.decode())).status_code == 200


def test_an_expired_invitation_can_get_a_new_link() -> None:
    owner = make_owner()
    invited = make_invitation(by=owner)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    response = signed_in(owner).post(f"{URL}{invited.invitation.pk}/resend/", follow=True)
    assert Client().get(link_on(response.content.decode())).status_code == 200


@pytest.mark.parametrize("field", ["used_at", "revoked_at"])
def test_a_used_or_withdrawn_invitation_gets_no_new_link(field: str) -> None:
    owner = make_owner()
    invited = make_invitation(by=owner)
    Invitation.objects.update(**{field: timezone.now()})
    response = signed_in(owner).post(f"{URL}{invited.invitation.pk}/resend/", follow=True)
    assert "used or withdrawn" in response.content.decode()
    assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("verb", ["revoke", "resend"])
def test_an_unknown_invitation_is_not_found(verb: str) -> None:
    assert signed_in(make_owner()).post(f"{URL}{uuid4()}/{verb}/").status_code == 404


def test_making_withdrawing_and_renewing_are_in_the_security_log() -> None:
    owner = make_owner()
    client = signed_in(owner)
    client.post(URL, GOOD)
    invitation = Invitation.objects.get()
    client.post(f"{URL}{invitation.pk}/resend/")
    client.post(f"{URL}{invitation.pk}/revoke/")
    events = SecurityEvent.objects.filter(subject="new@example.org", actor=owner)
    assert sorted(events.values_list("kind", flat=True)) == ["link_created", "link_created", "link_revoked"]


def test_further_fields_have_no_effect() -> None:
    owner = make_owner()
    signed_in(owner).post(URL, GOOD | {"used_at": "2020-01-01", "invited_by": "", "expires_at": "2099-01-01"})
    invitation = Invitation.objects.get()
    assert (invitation.used_at, invitation.invited_by, invitation.role) == (None, owner, Role.GUEST)
    assert invitation.expires_at < timezone.now() + timedelta(days=4)


def test_five_invitations_an_hour_and_the_page_says_how_long_to_wait() -> None:
    client = signed_in(make_owner())
    answers = [client.post(URL, GOOD | {"email": f"new{number}@example.org"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 0 < int(answers[5]["Retry-After"]) <= 3600
    assert Invitation.objects.count() == 5
