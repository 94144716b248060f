"""Recording what concerns security"""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory

from accounts import security
from accounts.models import SecurityEvent
from accounts.security import Kind
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from winebox.models import AppendOnlyError

pytestmark = pytest.mark.django_db


def test_a_line_says_who_did_what_to_whom_from_where() -> None:
    owner, person = make_owner(), make_user(email="ada@example.org")
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    event = security.record(kind=Kind.DEACTIVATED, request=request, actor=owner, subject=person, detail="why")
    event.refresh_from_db()
    assert (event.actor, event.person, event.subject) == (owner, person, "ada@example.org")
    assert (event.address, event.detail) == ("192.0.2.7", "why")


def test_it_is_a_line_of_the_log_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="winebox.security"):
        security.record(kind=Kind.DEACTIVATED, actor=make_owner(email="boss@example.org"), subject="ada@example.org")
    assert "event='deactivated'" in caplog.text
    assert "actor='boss@example.org'" in caplog.text


def test_nobody_forges_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="winebox.security"):
        event = security.record(kind=Kind.SIGN_IN_FAILED, subject="a\r\nevent='sign_in'\x00\x1b[2J")
    assert len(caplog.messages) == 1
    assert all(line.isprintable() for line in (event.subject, caplog.messages[0]))


def test_a_long_text_is_cut_off() -> None:
    event = security.record(kind=Kind.SIGN_IN_FAILED, subject="x" * 1000, detail="y" * 1000)
    assert (len(event.subject), len(event.detail)) == (254, 300)


def test_a_line_is_never_changed() -> None:
    event = security.record(kind=Kind.SIGN_IN)
    event.detail = "something else"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        SecurityEvent.objects.update(detail="something else")
    with pytest.raises(AppendOnlyError):
        SecurityEvent.objects.bulk_update([event], ["detail"])
    assert SecurityEvent.objects.get().detail == ""


def test_a_line_is_never_written_over() -> None:
    event = security.record(kind=Kind.SIGN_IN)
    forged = SecurityEvent(pk=event.pk, kind=Kind.SIGN_OUT)
    with pytest.raises(AppendOnlyError):
        SecurityEvent.objects.bulk_create([forged], update_conflicts=True, update_fields=["kind"], unique_fields=["id"])
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert SecurityEvent.objects.get().kind == Kind.SIGN_IN


def test_a_line_is_never_deleted() -> None:
    event = security.record(kind=Kind.SIGN_IN)
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        SecurityEvent.objects.all().delete()
    assert SecurityEvent.objects.count() == 1


def test_what_happens_within_a_request_knows_its_address_and_number() -> None:
    person = make_user()
    response = signed_in(make_owner()).post(f"/accounts/members/{person.pk}/sign-out/", REMOTE_ADDR="192.0.2.7")
    event = SecurityEvent.objects.get(kind="signed_out_everywhere")
    assert (event.address, event.request_id) == ("192.0.2.7", response["X-Request-ID"])


def test_what_happens_at_the_server_has_no_address() -> None:
    signed_in(make_user()).get("/accounts/profile/")
    assert security.record(kind=Kind.SIGN_IN).address is None


def test_a_refused_permission_is_recorded() -> None:
    guest = make_user(role="guest")
    assert signed_in(guest).get("/accounts/security-log/").status_code == 403
    event = SecurityEvent.objects.get(kind="permission_refused")
    assert (event.actor, event.subject) == (guest, "GET /accounts/security-log/")


@pytest.mark.parametrize("path", ["/labels/kept/{secret}/", "/backup/restore/send/{secret}/"])
def test_a_secret_in_the_address_that_was_refused_is_not_kept(path: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = "Zk3v9tQm1xY7bN5cR8wL2pJ4sD6fG0hA:1xVwQo:-_Uo"
    assert signed_in(make_user(role="guest")).get(path.format(secret=secret)).status_code == 403
    event = SecurityEvent.objects.get(kind="permission_refused")
    assert event.subject == f"GET {path.format(secret='***')}"
    told = [vars(record)["fields"] for record in caplog.records if record.name == "winebox.security"]
    assert secret not in str(told)


def test_failed_and_refused_sign_ins_are_recorded() -> None:
    for _ in range(6):
        Client().post("/accounts/sign-in/", {"email": "Ada@example.org", "password": "not the password"})
    events = SecurityEvent.objects.filter(subject="ada@example.org").values_list("kind", flat=True)
    assert sorted(events) == ["locked_out"] * 2 + ["sign_in_failed"] * 4


def test_signing_in_is_recorded_with_the_address() -> None:
    person = make_user(email="ada@example.org")
    data = {"email": "ada@example.org", "password": PASSWORD}
    Client().post("/accounts/sign-in/", data, REMOTE_ADDR="192.0.2.7")
    event = SecurityEvent.objects.get(kind="sign_in")
    assert (event.actor, event.address) == (person, "192.0.2.7")
