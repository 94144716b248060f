"""The log: one line per event, with the number of the request it belongs to."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.urls import ResolverMatch

# Parts of an address that are secrets by themselves: set-up codes and links.
SECRET_ARGUMENTS = ("code", "token")
# The same in a path that leads nowhere, as of a link that was copied with the comma behind it.
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
LONG = rf"(?!{UUID}\b)[A-Za-z0-9_:-]{{24,}}"
LONG_IN_PATH = re.compile(rf"(?<![A-Za-z0-9_:-]){LONG}")
LONG_SEGMENT = re.compile(rf"/{LONG}")

_request_id: ContextVar[str] = ContextVar("request_id", default="-")


def current_request_id() -> str:
    """Return the number of the request that is being answered, or "-" outside of one."""
    return _request_id.get()


def begin_request(request_id: str) -> None:
    _request_id.set(request_id)


class RequestFilter(logging.Filter):
    """Adds the request's number to each line, and keeps what Django refuses of requests short.

    Anybody may send such a request, as often as they like, and where in Django it was refused tells nothing.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


def one_line(text: str) -> str:
    """Return the text with every control character spelled out, so that nobody can forge a line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def masked(text: str) -> str:
    """Return the text with everything left out that could be the secret of a link, wherever a path stands in it.

    Only the secrets of links are that long; an id is a UUID, and that stays.
    """
    return LONG_SEGMENT.sub("/***", text)


def loggable_path(path: str, match: ResolverMatch | None = None) -> str:
    """Return a path on one line of ASCII, with what is secret in it left out."""
    written = quote(path)
    for name in SECRET_ARGUMENTS:
        if match is not None and (secret := match.kwargs.get(name)):
            written = written.replace(quote(str(secret)), "***")
    return LONG_IN_PATH.sub("***", written)


def _when(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        request_id = getattr(record, "request_id", "-")
        head = f"{_when(record)} {record.levelname} {record.name} request_id={request_id}"
        line = f"{head} {masked(one_line(record.getMessage()))}"
        if record.exc_info:
            line = f"{line}\n{masked(self._indented(self.formatException(record.exc_info)))}"
        return line

    def _indented(self, lines: str) -> str:
        """Return the lines of a traceback so that none of them looks like one of ours: an error may quote anything."""
        return "\n".join(f"  {one_line(line)}" for line in lines.splitlines())


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": _when(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
        }
        fields = getattr(record, "fields", None)
        entry |= fields if fields is not None else {"message": masked(record.getMessage())}
        if record.exc_info:
            entry["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(entry, default=str)
