"""What comes back from a backup"""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent, User
from cellar import stock
from cellar.audit import audit
from cellar.labels import store
from cellar.models import Label, Reason, Wine
from cellar.wines import add_label
from tests.accounts.factories import PASSWORD, make_owner, signed_in
from tests.archive.archives import (
    FIXTURE,
    back_up,
    but_for_the_time,
    changed,
    empty,
    everything,
    fill,
    members,
    restore,
    rows,
)
from tests.cellar.factories import check_in, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right
from winebox import archive
from winebox.archive import reading

pytestmark = pytest.mark.django_db


def test_a_backup_of_what_was_restored_is_the_same_but_for_the_time() -> None:
    fill()
    first = back_up()
    empty()
    restore(first)
    assert but_for_the_time(back_up()) == but_for_the_time(first)


def test_a_restored_cellar_is_right_and_can_be_used() -> None:
    fill()
    content = back_up()
    empty()
    restore(content)
    assert_the_book_is_right()
    assert audit().findings == []
    wine = Wine.objects.get(producer="Château d'Œ")
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    assert_the_book_is_right()


def test_wines_are_found_and_sorted_as_before() -> None:
    fill()
    names = ("identity_key", "sort_key", "search_text", "facets", "price_per_750", "price_currency")
    before = list(Wine.objects.order_by("pk").values(*names))
    content = back_up()
    empty()
    restore(content)
    assert list(Wine.objects.order_by("pk").values(*names)) == before


def test_people_sign_in_with_the_password_they_had() -> None:
    fill()
    content = back_up()
    empty()
    restore(content)
    assert User.objects.get(email="olivia@example.org").check_password(PASSWORD)
    assert not User.objects.get(email="left@example.org").is_active


def test_photos_come_back_byte_by_byte() -> None:
    fill()
    content, name = back_up(), Label.objects.get().name
    store.delete(name)
    empty()
    restore(content)
    with store.open_photo(name, "large") as photo:
        assert photo.read() == members(content)[f"photos/{name}-large.jpg"]


def test_photos_that_are_another_picture_are_replaced() -> None:
    fill()
    content, name = back_up(), Label.objects.get().name
    store.remove(name, "large")
    store.write(name, "large", b"another picture")
    restore(content, replace=True)
    with store.open_photo(name, "large") as photo:
        assert photo.read() == members(content)[f"photos/{name}-large.jpg"]


def test_an_archive_of_version_1_made_on_sqlite_comes_back_on_every_engine() -> None:
    content = FIXTURE.read_bytes()
    restore(content)
    assert_the_book_is_right()
    assert audit().findings == []
    again = rows(back_up())
    for label, lines in rows(content).items():
        # What was added to the models since is there, too.
        assert [{name: new[name] for name in old} for old, new in zip(lines, again[label], strict=True)] == lines
    photos = {name: data for name, data in members(content).items() if name.startswith("photos/")}
    assert photos == {name: data for name, data in members(back_up()).items() if name.startswith("photos/")}


def test_a_step_between_versions_changes_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from cellar import archive as cellar_archive

    def rename(label: str, row: dict[str, object]) -> dict[str, object] | None:
        if label == "cellar.tastingnote":
            return None
        return {**row, "producer": f"{row['producer']} (since version 2)"} if label == "cellar.wine" else row

    fill()
    content = back_up()
    empty()
    monkeypatch.setattr(reading, "VERSION", 2)
    monkeypatch.setitem(cellar_archive.part.upgrades, 1, rename)
    restore(content)
    assert Wine.objects.filter(producer="Krug (since version 2)").exists()
    assert rows(back_up())["cellar.tastingnote"] == []


def test_a_field_that_is_newer_than_the_archive_gets_its_default() -> None:
    fill()

    def forget(found: dict[str, list[dict[str, object]]]) -> None:
        for row in found["cellar.wine"]:
            del row["wishlist"], row["classification"], row["minimum_stock"]

    content = changed(back_up(), forget)
    empty()
    restore(content)
    assert set(Wine.objects.values_list("wishlist", "classification", "minimum_stock")) == {(False, "", None)}


def test_a_cellar_that_is_there_is_not_overwritten_by_mistake() -> None:
    fill()
    content = back_up()
    stocked_wine(2)
    before = everything()
    with pytest.raises(archive.NotEmptyError, match="There is a cellar here already, and nothing was changed"):
        restore(content)
    assert everything() == before


def test_people_alone_are_no_cellar() -> None:
    fill()
    content = back_up()
    empty()
    make_owner(email="new@example.org")
    restore(content)
    assert not User.objects.filter(email="new@example.org").exists()


def test_what_was_there_is_gone_when_it_is_to_be_replaced() -> None:
    fill()
    content = back_up()
    first = everything()
    check_in(make_wine(producer="Too much"), 3)
    restore(content, replace=True)
    assert not Wine.objects.filter(producer="Too much").exists()
    assert {label: len(found) for label, found in everything().items()} == {
        label: len(found) for label, found in first.items()
    }


def test_everybody_signs_in_again() -> None:
    owner = fill()
    content = back_up()
    signed_in(owner)
    restore(content, replace=True)
    assert not Session.objects.exists()


def test_what_hangs_on_people_who_are_gone_goes_with_them() -> None:
    owner = fill()
    content = back_up()
    stranger = make_owner()
    kind = ContentType.objects.get_for_model(Wine)
    for person in (owner, stranger):
        LogEntry.objects.create(user_id=person.pk, content_type=kind, object_repr="x", action_flag=CHANGE)
    restore(content, replace=True)
    assert [entry.user_id for entry in LogEntry.objects.all()] == [owner.pk]


def test_the_log_of_backups_stays_and_forgets_who_is_gone() -> None:
    fill()
    content = back_up()
    SecurityEvent.objects.create(kind="backed_up", actor=make_owner(email="gone@example.org"), detail="old.zip")
    restore(content, replace=True)
    event = SecurityEvent.objects.get(kind="backed_up")
    assert (event.detail, event.actor) == ("old.zip", None)


def test_photos_that_were_lost_before_are_told() -> None:
    fill()
    store.delete(Label.objects.get().name)
    content = back_up()
    empty()
    assert restore(content).warnings == ["3 files were missing already when the backup was made."]


def test_a_book_that_was_wrong_before_comes_back_and_is_told() -> None:
    fill()

    def lose_a_line(found: dict[str, list[dict[str, object]]]) -> None:
        found["cellar.transactionline"].pop()

    content = changed(back_up(), lose_a_line)
    empty()
    assert "see `check_ledger`" in restore(content).warnings[0]


def test_a_counter_that_was_wrong_is_mended() -> None:
    fill()

    def miscount(found: dict[str, list[dict[str, object]]]) -> None:
        for row in found["cellar.wine"]:
            row["count_in_cellar"] = 99

    content = changed(back_up(), miscount)
    empty()
    assert restore(content).warnings == []
    assert_the_book_is_right()


def test_a_wine_that_was_photographed_later_does_not_keep_the_photo() -> None:
    fill()
    content = back_up()
    from cellar.labels.sanitise import sanitise
    from tests.cellar.views.photos import jpeg

    add_label(wine=Wine.objects.get(producer="Krug"), kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    restore(content, replace=True)
    assert Label.objects.count() == 1


def test_the_command_restores_and_tells(tmp_path: Path) -> None:
    fill()
    path, output = tmp_path / "cellar.zip", StringIO()
    path.write_bytes(back_up())
    empty()
    call_command("restore", str(path), stdout=output)
    assert output.getvalue().endswith("and 3 files.\n")
    assert SecurityEvent.objects.get(kind="restored").detail.startswith("cellar.zip, ")


def test_the_command_prints_one_document(tmp_path: Path) -> None:
    path, output = tmp_path / "cellar.zip", StringIO()
    path.write_bytes(back_up())
    call_command("restore", str(path), "--json", stdout=output)
    assert json.loads(output.getvalue())["warnings"] == []


def test_the_command_refuses_a_cellar_unless_told_to_replace_it(tmp_path: Path) -> None:
    fill()
    path = tmp_path / "cellar.zip"
    path.write_bytes(back_up())
    with pytest.raises(CommandError, match="With --replace the backup takes its place"):
        call_command("restore", str(path))
    call_command("restore", str(path), "--replace", stdout=StringIO())


def test_the_command_tells_when_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", str(tmp_path / "nowhere.zip"))
