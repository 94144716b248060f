"""What a page tells after something was done: a sentence, and the way back where there is one."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo:"


def done(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Say that something was done; `undo_url` is the path of ours that takes it back by POST."""
    if undo_url and not _is_path_of_ours(undo_url):
        raise ValueError(f"not a path of this site: {undo_url!r}")
    messages.success(request, text, extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def told(request: HttpRequest, text: str) -> None:
    """Say something that needs no answer."""
    messages.info(request, text)


def warned(request: HttpRequest, text: str) -> None:
    """Say that something was done, and what to look at."""
    messages.warning(request, text)


def refused(request: HttpRequest, text: str) -> None:
    """Say that something was not done, and why."""
    messages.error(request, text)


def undo_url_of(message: Message) -> str:
    """Return where the message's undo is posted to, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""


def _is_path_of_ours(url: str) -> bool:
    return url.startswith("/") and not url.startswith(("//", "/\\"))
