"""Sending a photo to the browser so that it can be nothing but a picture there."""

from django.http import FileResponse

from cellar.labels import store
from cellar.labels.sanitise import CONTENT_TYPE

# A photo never changes under its name, and only the person who asked may keep it.
_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def photo_response(name: str, variant: str) -> FileResponse:
    """Return the answer that carries a variant (large, medium, small) of a photo; raises `store.PhotoMissing`."""
    return FileResponse(
        store.open_photo(name, variant), content_type=CONTENT_TYPE, filename="label.jpg", headers=_HEADERS
    )
