"""A backup while people write"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from cellar.models import Wine
from tests.archive.archives import back_up, rows
from tests.cellar.factories import check_in, make_wine
from tests.cellar.threads import at_once
from winebox.archive import BackupError, writing
from winebox.archive.rows import Columns
from winebox.archive.snapshot import marks, snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_written_meanwhile_is_not_seen_and_does_not_wait() -> None:
    make_wine()
    with snapshot() as is_one_moment:
        assert Wine.objects.count() == 1
        at_once([make_wine])
        assert Wine.objects.count() == (1 if is_one_moment else 2)
    assert Wine.objects.count() == 2


def test_sqlite_and_postgresql_promise_one_moment() -> None:
    with snapshot() as is_one_moment:
        assert is_one_moment or connection.vendor == "mongodb"


def test_people_can_write_after_a_backup() -> None:
    back_up()
    check_in(make_wine(), 2)
    assert len(rows(back_up())["cellar.bottle"]) == 2


def test_marks_are_others_when_something_was_added_changed_or_deleted() -> None:
    seen = [marks([Wine])]
    wine = make_wine()
    seen.append(marks([Wine]))
    wine.save()
    seen.append(marks([Wine]))
    wine.delete()
    seen.append(marks([Wine]))
    assert seen[0] == seen[3]
    assert len({str(one) for one in seen[:3]}) == 3


@pytest.fixture
def no_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be an engine that cannot show one moment."""

    @contextmanager
    def nothing() -> Iterator[bool]:
        yield False

    monkeypatch.setattr(writing, "snapshot", nothing)


@pytest.mark.usefixtures("no_promise")
def test_where_nothing_is_promised_it_is_read_again_until_nobody_wrote_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = Columns.lines
    meanwhile: Iterator[Callable[[], object]] = iter([make_wine, Wine.objects.count])

    def disturbed(self: Columns) -> Iterator[bytes]:
        if self.model is Wine:
            yield from lines(self)
            next(meanwhile)()
        else:
            yield from lines(self)

    monkeypatch.setattr(Columns, "lines", disturbed)
    assert len(rows(back_up())["cellar.wine"]) == 1


@pytest.mark.usefixtures("no_promise")
def test_where_nothing_is_promised_and_somebody_always_writes_there_is_no_backup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = Columns.lines

    def disturbed(self: Columns) -> Iterator[bytes]:
        yield from lines(self)
        make_wine()

    monkeypatch.setattr(Columns, "lines", disturbed)
    with pytest.raises(BackupError, match="Try again when nobody works with it"):
        back_up()
