"""What the database itself would refuse, and what breaks in the middle: what is here stays as it is, on every engine"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from tests.archive.archives import Rows, back_up, changed, everything, fill, restore
from winebox import archive
from winebox.archive import restoring

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> Iterator[bytes]:
    """A backup of a cellar that is still here, and still the same in the end."""
    fill()
    content, before = back_up(), everything()
    yield content
    assert everything() == before


def refusal_of(content: bytes) -> str:
    with pytest.raises(archive.ArchiveRefused) as refused:
        restore(content, replace=True)
    return str(refused.value)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("cellar.wine", "cover"),
        ("cellar.bottle", "wine"),
        ("cellar.transaction", "actor"),
        ("cellar.location", "parent"),
    ],
)
def test_a_row_that_refers_to_nothing(content: bytes, model: str, field: str) -> None:
    def refer(found: Rows) -> None:
        found[model][0][field] = str(uuid4())

    assert "contradict" in refusal_of(changed(content, refer))


def test_a_row_twice(content: bytes) -> None:
    assert "contradict" in refusal_of(
        changed(content, lambda found: found["cellar.wine"].append(found["cellar.wine"][0]))
    )


def test_two_people_with_one_address(content: bytes) -> None:
    def same(found: Rows) -> None:
        for row in found["accounts.user"]:
            row["email"] = "same@example.org"

    assert "contradict" in refusal_of(changed(content, same))


def test_a_disk_that_is_full_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    content = back_up()
    for path in settings.PHOTO_DIR.rglob("*-small.jpg"):
        path.unlink()
    before, files = everything(), photos()

    def full(name: str, _content: Any) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(default_storage._wrapped, "save", full)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="no space"):
        restore(content, replace=True)
    assert (everything(), photos()) == (before, files)


def test_a_failure_in_the_middle_leaves_everything_as_it_was(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    insert, calls = restoring._insert, iter(range(100))

    def fail_once(batch: Any) -> None:
        if next(calls) == 4:
            raise KeyboardInterrupt
        insert(batch)

    monkeypatch.setattr(restoring, "_insert", fail_once)
    with pytest.raises(KeyboardInterrupt):
        restore(content, replace=True)


def photos() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in settings.PHOTO_DIR.rglob("*.jpg")}
