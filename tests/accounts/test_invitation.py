"""/accounts/invitation/<token>/"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts import invitations, people
from accounts.models import Invitation, Role, SecurityEvent, User
from tests.accounts.factories import link_of, make_invitation, make_owner, make_user, signed_in

pytestmark = pytest.mark.django_db

GOOD = {"name": "New", "password": "plain words in a row", "password_again": "plain words in a row"}


def test_the_page_says_who_invites_whom(client: Client) -> None:
    page = client.get(link_of(make_invitation(by=make_owner(name="Ada"), email="new@example.org"))).content.decode()
    assert "Ada invites you" in page
    assert "new@example.org" in page


def test_it_creates_the_person_and_signs_in(client: Client) -> None:
    invited = make_invitation(by=make_owner(), email="new@example.org", role=Role.GUEST)
    response = client.post(link_of(invited), GOOD)
    person = User.objects.get(email="new@example.org")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert (person.name, person.role, person.is_active) == ("New", Role.GUEST, True)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_looking_at_it_changes_nothing(client: Client) -> None:
    link = link_of(make_invitation(by=make_owner()))
    for _ in range(3):
        client.get(link)
        client.head(link)
    assert User.objects.count() == 1
    assert Invitation.objects.get().used_at is None


def test_it_works_once() -> None:
    link = link_of(make_invitation(by=make_owner()))
    answers = [Client().post(link, GOOD).status_code for _ in range(10)]
    assert answers == [302] + [404] * 9
    assert User.objects.count() == 2


def test_of_two_who_accept_at_once_one_gets_in() -> None:
    invited = make_invitation(by=make_owner())
    invitations.accept(token=invited.token, name="First", password="plain words in a row")
    with pytest.raises(invitations.InvitationError):
        invitations.accept(token=invited.token, name="Second", password="plain words in a row")
    assert User.objects.filter(name="First").exists()
    assert not User.objects.filter(name="Second").exists()


def expire(invitation: Invitation) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def revoke(invitation: Invitation) -> None:
    invitations.revoke(invitation=invitation, actor=invitation.invited_by)


def deactivate_inviter(invitation: Invitation) -> None:
    people.deactivate(person=invitation.invited_by, actor=make_owner())


def demote_inviter(invitation: Invitation) -> None:
    people.change_role(person=invitation.invited_by, role=Role.MEMBER, actor=make_owner())


def come_another_way(invitation: Invitation) -> None:
    make_user(email=invitation.email)


@pytest.mark.parametrize("end", [expire, revoke, deactivate_inviter, demote_inviter, come_another_way])
def test_it_is_dead_when(client: Client, end: Callable[[Invitation], None]) -> None:
    invited = make_invitation(by=make_owner())
    end(invited.invitation)
    assert client.get(link_of(invited)).status_code == 404
    assert client.post(link_of(invited), GOOD).status_code == 404
    assert "_auth_user_id" not in client.session


def test_every_dead_link_gets_the_same_words(client: Client) -> None:
    owner = make_owner()
    used, taken = make_invitation(by=owner, email="a@example.org"), make_invitation(by=owner, email="b@example.org")
    Client().post(link_of(used), GOOD)
    make_user(email="b@example.org")
    pages = [client.get(link) for link in (link_of(used), link_of(taken), "/accounts/invitation/nonsense/")]
    assert {page.status_code for page in pages} == {404}
    assert len({str(page.context["reason"]) for page in pages}) == 1


@pytest.mark.parametrize("end", [expire, revoke])
def test_a_dead_link_does_the_same_work_whether_its_address_has_an_account_or_not(
    client: Client, end: Callable[[Invitation], None]
) -> None:
    client.get("/accounts/invitation/nonsense/")  # begins the count of what comes from this address
    owner, queries = make_owner(), []
    for email in ("stranger@example.org", "known@example.org"):
        invited = make_invitation(by=owner, email=email)
        end(invited.invitation)
        if email == "known@example.org":
            make_user(email=email)
        with CaptureQueriesContext(connection) as context:
            assert client.get(link_of(invited)).status_code == 404
        queries.append([query["sql"].split()[0] for query in context.captured_queries])
    assert queries[0] == queries[1] != []


def test_a_token_without_our_signature_is_refused(client: Client) -> None:
    invited = make_invitation(by=make_owner())
    secret = invited.token.partition(".")[0]
    for forged in (secret, f"{secret}.", f"{secret}.x", Signer(salt="accounts.links.reset", sep=".").sign(secret)):
        assert client.get(f"/accounts/invitation/{forged}/").status_code == 404


def test_a_refused_form_keeps_the_name_and_never_the_password(client: Client) -> None:
    link = link_of(make_invitation(by=make_owner()))
    response = client.post(link, GOOD | {"password_again": "other words in a row"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="New"' in page
    assert "words in a row" not in page
    assert client.post(link, GOOD).status_code == 302


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "x" * 81}, {"password": "short", "password_again": "short"}])
def test_a_wrong_field_is_refused(client: Client, change: dict[str, str]) -> None:
    link = link_of(make_invitation(by=make_owner()))
    assert client.post(link, GOOD | change).status_code == 422
    assert User.objects.count() == 1


def test_a_password_like_the_invited_address_is_refused(client: Client) -> None:
    link = link_of(make_invitation(by=make_owner(), email="hildegard.knef@example.org"))
    alike = {"password": "hildegard.knef1", "password_again": "hildegard.knef1"}
    assert client.post(link, GOOD | alike).status_code == 422


def test_nobody_chooses_their_own_role_or_address(client: Client) -> None:
    link = link_of(make_invitation(by=make_owner(), email="new@example.org", role=Role.GUEST))
    more = {"role": "owner", "is_staff": "1", "is_superuser": "1", "email": "boss@example.org", "username": "boss"}
    client.post(link, GOOD | more)
    person = User.objects.get(name="New")
    assert (person.email, person.role, person.is_owner) == ("new@example.org", Role.GUEST, False)


def test_a_name_is_one_line_of_text(client: Client) -> None:
    client.post(link_of(make_invitation(by=make_owner())), GOOD | {"name": "New\r\n\x07Bcc:  eve"})
    assert User.objects.filter(name="New Bcc: eve").exists()


def test_who_accepts_in_a_browser_of_somebody_else_becomes_themselves() -> None:
    owner = make_owner()
    client = signed_in(owner)
    client.post(link_of(make_invitation(by=owner)), GOOD)
    assert client.session["_auth_user_id"] == str(User.objects.get(name="New").pk)


def test_the_address_of_the_page_is_told_to_nobody(client: Client) -> None:
    assert client.get(link_of(make_invitation(by=make_owner())))["Referrer-Policy"] == "strict-origin"


def test_trying_links_is_limited(client: Client, settings: Settings) -> None:
    settings.AUTH_RATE_LIMIT_PER_MINUTE = 3
    answers = [client.get(f"/accounts/invitation/{number}/").status_code for number in range(4)]
    assert answers == [404, 404, 404, 429]


def test_use_and_refusal_are_in_the_security_log(client: Client) -> None:
    link = link_of(make_invitation(by=make_owner(), email="new@example.org"))
    client.post(link, GOOD)
    Client().get(link)
    events = SecurityEvent.objects.filter(subject="new@example.org").values_list("kind", flat=True)
    assert {"link_created", "link_used", "user_created", "sign_in", "link_refused"} == set(events)
    assert SecurityEvent.objects.get(kind="link_refused").detail == "invitation: used"
