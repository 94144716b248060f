"""Where photos are kept: in a folder, or in S3 (`WINEBOX_MEDIA_URL`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from winebox.environment import SettingsError

STEP_SECONDS = 5


class PhotoStoreAway(OSError):
    """The photo service does not answer, or refuses us."""


def store_config(url: str, folder: Path, *, access_key_id: str, secret_access_key: str, region: str) -> dict[str, Any]:
    """Return the entry of STORAGES for photos. They have no address of their own: a view hands them out."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        }
    if bool(access_key_id) != bool(secret_access_key):
        raise SettingsError("WINEBOX_AWS_ACCESS_KEY_ID and WINEBOX_AWS_SECRET_ACCESS_KEY belong together: set both.")
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "bucket_name": parts.netloc,
        "location": unquote(parts.path).strip("/"),
        "region_name": region or None,
        # Names are random, so nothing is ever written over, and to look first would ask once more.
        "file_overwrite": True,
    }
    if access_key_id:
        options |= {"access_key": access_key_id, "secret_key": secret_access_key}
    return {"BACKEND": "winebox.s3.S3Photos", "OPTIONS": options}


@contextmanager
def answering(*errors: type[Exception]) -> Iterator[None]:
    """Turn the errors of a service into ours."""
    try:
        yield
    except errors as problem:
        raise PhotoStoreAway(f"The photo service does not answer ({type(problem).__name__}).") from problem
