"""/backup/ and its steps"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from accounts.models import Role, SecurityEvent, User
from cellar.models import Wine
from tests.accounts.factories import PASSWORD, make_owner, make_user, signed_in
from tests.archive.archives import back_up, empty, everything, fill, members
from tests.cellar.factories import make_wine, stocked_wine
from tests.cellar.views.pages import form_to, forms_of, messages_of, text_of
from winebox.archive import age, parts, restoring, uploads
from winebox.archive.writing import BackupError
from winebox.middleware import BodySizeMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads_of_this_test(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def owner() -> Client:
    return signed_in(make_owner(email="owner@example.org"))


def upload(client: Client, content: bytes) -> Any:
    page = client.get("/backup/restore/")
    action = next(form.action for form in forms_of(page) if form.action.startswith("/backup/restore/send/"))
    return client.post(action, {"archive": SimpleUploadedFile("cellar.zip", content)})


# -- Who may -----------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("GET", "/backup/"),
    ("POST", "/backup/make/"),
    ("GET", "/backup/restore/"),
    ("POST", "/backup/restore/send/{token}/"),
    ("GET", "/backup/restore/{name}/"),
    ("POST", "/backup/restore/{name}/"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.HELPER])
def test_only_the_owner_may(method: str, path: str, role: Role) -> None:
    filled = path.format(token=uploads.grant(), name=uuid4())
    assert signed_in(make_user(role=role)).generic(method, filled).status_code == 403


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_who_is_not_signed_in_is_sent_to_sign_in(method: str, path: str) -> None:
    response = Client().generic(method, path.format(token=uploads.grant(), name=uuid4()))
    assert response["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_the_password_is_asked_for_again(method: str, path: str) -> None:
    client = signed_in(make_owner(), confirmed=False)
    response = client.generic(method, path.format(token=uploads.grant(), name=uuid4()))
    assert "Your password, please" in text_of(response)


def test_looking_does_nothing(owner: Client) -> None:
    assert owner.get("/backup/make/").status_code == 405
    assert owner.get("/backup/restore/send/x/")["Location"] == "/backup/restore/"


def test_once_the_password_was_given_the_page_is_shown() -> None:
    client = signed_in(make_owner(), confirmed=False)
    client.post("/backup/restore/", {"sudo_password": PASSWORD, "sudo_then": "show"})
    assert "Step 1 of 2" in text_of(client.get("/backup/restore/"))


# -- Backup ------------------------------------------------------------------------------------------------------------


def test_a_backup_is_downloaded(owner: Client) -> None:
    fill()
    response = owner.post("/backup/make/")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="winebox-backup-')
    assert response["Cache-Control"] == "no-store"
    assert "data/cellar.wine.jsonl" in members(content)
    assert int(response["Content-Length"]) == len(content)


def test_nothing_of_it_stays_on_the_server(owner: Client) -> None:
    fill()
    b"".join(owner.post("/backup/make/").streaming_content)  # type: ignore[attr-defined]
    assert [path.name for path in settings.DATA_DIR.iterdir()] == ["photos"]


def test_it_is_in_the_security_log(owner: Client) -> None:
    b"".join(owner.post("/backup/make/").streaming_content)  # type: ignore[attr-defined]
    event = SecurityEvent.objects.get(kind="backed_up")
    assert str(event.actor and event.actor.email) == "owner@example.org"


def test_a_backup_that_cannot_be_made_is_told(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(target: Any) -> None:
        raise BackupError("the disk is full")

    monkeypatch.setattr("winebox.archive.views.write_backup", fail)
    response = owner.post("/backup/make/")
    assert response.status_code == 302
    assert "No backup was made: the disk is full" in messages_of(response)
    assert not SecurityEvent.objects.filter(kind="backed_up").exists()


# -- Its age -----------------------------------------------------------------------------------------------------------


def backed_up(days: int) -> None:
    SecurityEvent.objects.create(kind="backed_up")
    moment = timezone.now() - timedelta(days=days)
    QuerySet(SecurityEvent).update(created_at=moment)


def test_without_a_backup_the_owner_is_told_so(owner: Client) -> None:
    stocked_wine(1)
    assert "There is no backup yet." in text_of(owner.get("/"))
    assert "There is no backup yet." in text_of(owner.get("/backup/"))


def test_an_old_backup_is_told_with_its_age(owner: Client) -> None:
    stocked_wine(1)
    backed_up(days=9)
    assert "The last backup is 9 days old." in text_of(owner.get("/"))


def test_a_new_backup_is_not_worth_a_word(owner: Client) -> None:
    stocked_wine(1)
    backed_up(days=6)
    assert "backup" not in text_of(owner.get("/")).lower()
    assert age.last_backup() is not None


def test_it_is_the_business_of_the_owner_alone() -> None:
    stocked_wine(1)
    assert "backup" not in text_of(signed_in(make_user()).get("/")).lower()


# -- Restore -----------------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_in_two_steps() -> None:
    fill()
    content = back_up()
    empty()
    client = signed_in(make_owner(email="first@example.org"))
    step = upload(client, content)
    page = client.get(step["Location"])
    assert "Owners who can sign in afterwards: olivia@example.org." in text_of(page)
    assert "wines 3" in text_of(page)
    done = client.post(step["Location"], form_to(page, "").fields)
    assert done["Location"] == "/accounts/sign-in/"
    assert Wine.objects.count() == 3
    assert not User.objects.filter(email="first@example.org").exists()
    assert "Sign in with an address and a password of the backup" in messages_of(done)


def test_what_is_in_a_backup_is_told_with_the_wines_first_and_the_people_after_the_cellar(owner: Client) -> None:
    fill()
    page = text_of(owner.get(upload(owner, back_up())["Location"]))
    told = [page.index(words) for words in ("wines 3", "bottles", "steps of the history", "people", "files of photos")]
    assert told == sorted(told)


def test_whoever_restored_signs_in_again_with_the_password_of_the_backup() -> None:
    fill()
    content = back_up()
    empty()
    client = signed_in(make_owner())
    client.post(upload(client, content)["Location"], {"replace": ""})
    assert client.get("/")["Location"].startswith("/accounts/sign-in/")
    client.post("/accounts/sign-in/", {"email": "olivia@example.org", "password": PASSWORD})
    assert client.get("/").status_code == 200


def test_what_is_here_is_replaced_only_if_that_was_said() -> None:
    owner = fill()
    client = signed_in(owner)
    step = upload(client, back_up())
    make_wine(producer="Later")
    refused = client.post(step["Location"], {})
    assert refused.status_code == 422
    assert Wine.objects.filter(producer="Later").exists()
    client.post(step["Location"], {"replace": "on"})
    assert not Wine.objects.filter(producer="Later").exists()


def test_a_file_that_is_no_backup_is_refused_with_the_reason(owner: Client) -> None:
    before = everything()
    response = upload(owner, b"not a zip")
    assert response.status_code == 422
    assert "This is no backup of WineBox, or only a part of one. Nothing was changed." in text_of(response)
    assert everything() == before
    assert list((settings.DATA_DIR / "restore").iterdir()) == []


def test_a_form_without_a_file_comes_back(owner: Client) -> None:
    action = f"/backup/restore/send/{uploads.grant()}/"
    assert owner.post(action, {}).status_code == 422


def test_what_was_uploaded_is_gone_when_it_is_restored() -> None:
    client = signed_in(fill())
    client.post(upload(client, back_up())["Location"], {"replace": "on"})
    assert list((settings.DATA_DIR / "restore").iterdir()) == []


def test_what_was_uploaded_and_not_restored_goes_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.keep([b"x"])
    assert uploads.clear() == {"uploaded_backups": 0}
    monkeypatch.setattr(uploads, "KEPT_SECONDS", -1)
    assert uploads.clear() == {"uploaded_backups": 1}


def test_an_unknown_upload_is_not_found(owner: Client) -> None:
    assert owner.get(f"/backup/restore/{uuid4()}/").status_code == 404


def test_a_restore_is_in_the_security_log_with_who_did_it() -> None:
    client = signed_in(fill())
    client.post(upload(client, back_up())["Location"], {"replace": "on"})
    event = SecurityEvent.objects.get(kind="restored")
    assert event.detail.startswith("by Olivia, ")
    assert event.actor is None


def test_a_failure_in_the_middle_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(fill())
    step = upload(client, back_up())
    before, insert, calls = everything(), restoring._insert, iter(range(100))

    def fail_once(batch: Any) -> None:
        if next(calls) == 2:
            raise OSError("the disk is full")
        insert(batch)

    monkeypatch.setattr(restoring, "_insert", fail_once)
    with pytest.raises(OSError, match="full"):
        client.post(step["Location"], {"replace": "on"})
    assert {label: len(rows) for label, rows in everything().items()} == {
        label: len(rows) for label, rows in before.items()
    }


# -- How much may be sent ----------------------------------------------------------------------------------------------


def test_only_an_address_that_was_given_out_takes_a_large_file(settings: Any) -> None:
    for path in ("/wines/add/", "/backup/restore/", "/backup/restore/send/", "/backup/restore/send/guess/"):
        assert uploads.body_limit(path) == settings.MAX_BODY_BYTES
    assert uploads.body_limit(f"/backup/restore/send/{uploads.grant()}/") == settings.MAX_RESTORE_BYTES


def test_such_an_address_ends_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    token = uploads.grant()
    monkeypatch.setattr(uploads, "MINUTES", -1)
    assert not uploads.is_granted(token)


def test_what_is_too_large_is_refused_unread(rf: Any) -> None:
    middleware = BodySizeMiddleware(lambda request: pytest.fail("it was let in"))
    request = rf.post("/backup/restore/send/guess/", BytesIO(), content_type="application/zip")
    request.META["CONTENT_LENGTH"] = str(settings.MAX_BODY_BYTES + 1)
    assert middleware(request).status_code == 413


def test_every_kind_of_row_has_a_name_that_people_know() -> None:
    unnamed = [label for label, (part, model) in parts.models().items() if model._meta.model_name not in part.names]
    assert unnamed == []
