"""What is in a backup"""

from __future__ import annotations

import json
import os
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import winebox
from accounts.models import SecurityEvent, SetupCode
from accounts.setup import setup_path
from cellar.labels import store
from cellar.models import Label, TransactionLine, Wine
from tests.accounts.factories import signed_in
from tests.archive.archives import back_up, fill, manifest, members, rows
from winebox.archive import parts
from winebox.archive.rows import Columns
from winebox.environment import BASE_DIR

pytestmark = pytest.mark.django_db


def test_every_model_of_accounts_and_cellar_is_in_it_or_left_out_with_a_reason() -> None:
    left_out = {f"{part.app}.{name}" for part in parts.parts() for name in part.left_out}
    assert not left_out & set(parts.models())
    assert all(reason for part in parts.parts() for reason in part.left_out.values())
    assert set(rows(back_up())) == set(parts.models())


def test_what_is_left_out_is_still_there_to_be_left_out() -> None:
    from django.apps import apps

    for part in parts.parts():
        names = {model._meta.model_name for model in apps.get_app_config(part.app).get_models()}
        assert {*part.left_out, *part.derived, *part.only, *part.prepare} <= names


def test_no_secret_is_in_it_by_its_name() -> None:
    names = {field.name for part, model in parts.models().values() for field in Columns(part, model).fields}
    words = ("secret", "session_key", "seed", "code_hash")
    assert [name for name in names if any(word in name for word in words)] == []


def test_every_field_can_be_kept() -> None:
    for part, model in parts.models().values():
        assert Columns(part, model).fields


def test_no_row_is_forgotten() -> None:
    fill()
    found = rows(back_up())
    assert len(found["cellar.wine"]) == Wine.objects.count() == 3
    assert len(found["cellar.transactionline"]) == TransactionLine.objects.count()
    assert {row["email"] for row in found["accounts.user"]} == {
        "olivia@example.org", "milo@example.org", "left@example.org"
    }  # fmt: skip
    assert [row["kind"] for row in found["accounts.securityevent"]].count("role_changed") == 1


def test_people_come_with_the_hashes_of_their_passwords_and_no_password() -> None:
    fill()
    content = back_up()
    assert all(row["password"].startswith("argon2") for row in rows(content)["accounts.user"])
    assert b"a quiet cellar" not in b"".join(members(content).values())


def test_sessions_and_set_up_links_stay_where_they_are() -> None:
    owner = fill()
    client = signed_in(owner)
    setup_path()
    content = b"".join(members(back_up()).values())
    secrets = [str(client.session.session_key), SetupCode.objects.get().code_hash]
    assert [secret for secret in secrets if secret.encode() in content] == []


def test_the_manifest_says_what_has_to_be_there() -> None:
    fill()
    content = back_up()
    told = manifest(content)
    assert (told["format"], told["version"], told["winebox"]) == ("winebox-backup", 1, winebox.VERSION)
    assert told["rows"] == {label: len(found) for label, found in rows(content).items()}
    assert {one["name"] for one in told["members"]} == members(content).keys() - {"manifest.json"}
    assert told["files"] == {"photos": 3}


def test_times_are_told_to_the_millisecond_which_every_engine_keeps() -> None:
    fill()
    assert all(len(row["created_at"]) == len("2026-01-01T00:00:00.000Z") for row in rows(back_up())["cellar.wine"])


def test_the_same_cellar_gives_the_same_backup() -> None:
    fill()
    first, second = back_up(), back_up()
    assert {**members(first), "manifest.json": b""} == {**members(second), "manifest.json": b""}


def test_a_photo_that_is_gone_is_told_and_keeps_nothing_from_being_saved() -> None:
    fill()
    store.delete(Label.objects.get().name)
    told = manifest(back_up())
    assert len(told["missing"]) == 3
    assert told["files"] == {"photos": 0}


def test_the_command_writes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    fill()
    output, path = StringIO(), tmp_path / "cellar.zip"
    call_command("backup", str(path), stdout=output)
    assert members(path.read_bytes()).keys() >= {"manifest.json", "data/cellar.wine.jsonl"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert output.getvalue().startswith(f"Wrote {path}: ")
    assert set(os.listdir(tmp_path)) == {"cellar.zip", "photos"}


def test_the_command_can_print_one_document(tmp_path: Path) -> None:
    output, path = StringIO(), tmp_path / "cellar.zip"
    call_command("backup", str(path), "--json", stdout=output)
    assert json.loads(output.getvalue())["rows"]["cellar.wine"] == 0


def test_the_command_tells_what_keeps_it_from_writing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No backup was written"):
        call_command("backup", str(tmp_path / "nowhere" / "cellar.zip"))


def test_the_backup_before_stays_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cellar.zip"
    path.write_bytes(b"the one before")
    monkeypatch.setattr(Columns, "lines", lambda self: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(CommandError, match="the disk is full"):
        call_command("backup", str(path))
    assert path.read_bytes() == b"the one before"
    assert list(tmp_path.glob("*.part")) == []


def test_a_backup_is_in_the_security_log(tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "cellar.zip"), stdout=StringIO())
    assert SecurityEvent.objects.get(kind="backed_up").detail.startswith("cellar.zip, ")


def test_a_backup_names_the_version_that_the_project_has() -> None:
    assert f'version = "{winebox.VERSION}"' in (BASE_DIR / "pyproject.toml").read_text()
