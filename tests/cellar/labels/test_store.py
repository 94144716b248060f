import errno
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage

from cellar.labels import store
from cellar.labels.sanitise import SanitisedPhoto
from cellar.labels.store import PhotoMissing

PHOTO = SanitisedPhoto({"large": b"large one", "medium": b"medium one", "small": b"small one"}, 30, 40)


class FullDisk(InMemoryStorage):
    """A storage that fails in the middle of the third file, leaving a piece of it behind."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        if name is None or "small" not in name:
            return super().save(name, content, max_length)
        super().save(name, ContentFile(b"sm"), max_length)
        raise OSError(errno.ENOSPC, "No space left on device")


class DiskGone(FullDisk):
    """The same, of which nothing can be removed either."""

    def delete(self, name: str) -> None:
        raise OSError(errno.EIO, "Input/output error")


def use(settings: Any, storage: type[InMemoryStorage]) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.{storage.__name__}"}}


def all_files(folder: str = "") -> list[str]:
    folders, files = default_storage.listdir(folder)
    return [name for inner in folders for name in all_files(f"{folder}{inner}/")] + files


@pytest.fixture(params=["on disk", "elsewhere"])
def _any_storage(request: pytest.FixtureRequest, settings: Any) -> None:
    if request.param == "elsewhere":
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        }


@pytest.mark.usefixtures("_any_storage")
def test_every_variant_of_a_saved_photo_can_be_read() -> None:
    name = store.save(PHOTO)
    for variant, content in PHOTO.variants.items():
        with store.open_photo(name, variant) as file:
            assert file.read() == content


@pytest.mark.usefixtures("_any_storage")
def test_a_deleted_photo_leaves_no_file() -> None:
    kept, deleted = store.save(PHOTO), store.save(PHOTO)
    store.delete(deleted)
    assert len(all_files()) == 3
    assert all(kept in name for name in all_files())


@pytest.mark.usefixtures("_any_storage")
def test_a_photo_can_be_deleted_twice() -> None:
    name = store.save(PHOTO)
    store.delete(name)
    store.delete(name)
    assert all_files() == []


@pytest.mark.usefixtures("_any_storage")
def test_a_photo_that_is_gone_is_reported_as_missing() -> None:
    name = store.save(PHOTO)
    store.delete(name)
    with pytest.raises(PhotoMissing, match=name):
        store.open_photo(name, "large")


def test_the_same_photo_gets_another_name_each_time() -> None:
    assert store.save(PHOTO) != store.save(PHOTO)


def test_photos_lie_in_the_photo_folder_and_not_among_static_files(settings: Any) -> None:
    store.save(PHOTO)
    written = [path for path in Path(settings.PHOTO_DIR).rglob("*") if path.is_file()]
    assert len(written) == 3
    assert not any(path.is_relative_to(settings.STATIC_ROOT) for path in written)


@pytest.mark.parametrize(
    "name", ["../../x.jpg", "/etc/passwd", "", "..", "0" * 31, "0" * 33, "A" * 32, "0" * 31 + "\n"]
)
def test_a_name_that_was_never_given_is_missing(name: str) -> None:
    with pytest.raises(PhotoMissing):
        store.open_photo(name, "large")
    with pytest.raises(PhotoMissing):
        store.delete(name)


@pytest.mark.parametrize("variant", ["original", "", "../large", "large.jpg"])
def test_a_variant_that_does_not_exist_is_missing(variant: str) -> None:
    name = store.save(PHOTO)
    with pytest.raises(PhotoMissing):
        store.open_photo(name, variant)


def test_a_full_disk_leaves_nothing_half_written(settings: Any) -> None:
    use(settings, FullDisk)
    with pytest.raises(OSError, match="No space left"):
        store.save(PHOTO)
    assert all_files() == []


def test_the_first_failure_is_the_one_reported(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    use(settings, DiskGone)
    with pytest.raises(OSError, match="No space left"):
        store.save(PHOTO)
    assert "could not be removed" in caplog.text
