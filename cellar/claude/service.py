"""Claude, asked over HTTPS: a question goes out, with photos or without; an answer of the shape asked for comes back.

The library takes a second to load, so this module loads it only when something is asked.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    import httpx2
    from pydantic import BaseModel

Shape = TypeVar("Shape", bound="BaseModel")

NAME = "claude"
COMPANY = "Anthropic"
BASE_URL = "https://api.anthropic.com"
# Thinking and the answer together; a label with much text needs about 1,500.
MOST_TOKENS = 8_000
MAX_RETRIES = 1
# Who has to wait for longer is told so rather than kept waiting.
LONGEST_PAUSE = 2
# Models that think by themselves, and are told not to for long: to read is not to ponder, and somebody is waiting.
_TAKES_EFFORT = re.compile(r"claude-[a-z]+-5\b")
_REFUSED = frozenset({401, 403})
_TOO_MUCH = 429
_TROUBLE = range(500, 600)

logger = logging.getLogger(__name__)

# Each answer takes seconds of one of few threads; the others are for the pages.
_asking = threading.BoundedSemaphore(3)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an answer cost, in tokens; zero where nothing was answered."""

    sent: int = 0
    returned: int = 0


class ClaudeFailed(Exception):
    """There is no answer; the text says what happened. `outcome` is one word for it."""

    def __init__(self, outcome: str, text: str, tokens: Tokens | None = None) -> None:
        super().__init__(text)
        self.outcome = outcome
        self.tokens = tokens or Tokens()


@dataclass(frozen=True, slots=True)
class Answer(Generic[Shape]):
    """What came back, in the shape that was asked for; nothing in it can be trusted."""

    content: Shape
    tokens: Tokens


@dataclass(slots=True)
class _Heard:
    """The last response, which is still there when the library could make nothing of it."""

    response: httpx2.Response | None = field(default=None, repr=False)

    def hear(self, response: httpx2.Response) -> None:
        self.response = response
        if response.status_code == _TOO_MUCH or _pause(response) > LONGEST_PAUSE:
            response.headers["x-should-retry"] = "false"

    def body(self) -> dict[str, Any]:
        try:
            body = self.response.json() if self.response is not None else {}
        except Exception:  # noqa: BLE001  (whatever is wrong with a body, it says nothing then)
            body = {}
        return body if isinstance(body, dict) else {}

    def tokens(self) -> Tokens:
        usage = self.body().get("usage")
        usage = usage if isinstance(usage, dict) else {}
        return Tokens(_count(usage.get("input_tokens")), _count(usage.get("output_tokens")))


def is_set() -> bool:
    """Say whether there is a key."""
    return bool(settings.ANTHROPIC_API_KEY)


def host() -> str:
    """Return where photos are sent."""
    return urlsplit(settings.ANTHROPIC_BASE_URL or BASE_URL).hostname or ""


@contextmanager
def one_of_few() -> Iterator[None]:
    """Hold one of the few places for questions that run at the same time; raises ClaudeFailed where all are taken."""
    if not _asking.acquire(blocking=False):
        raise ClaudeFailed("busy", _("Claude is busy with other questions of this house; try again in a moment."))
    try:
        yield
    finally:
        _asking.release()


def ask(*, system: str, question: str, shape: type[Shape], photos: Sequence[bytes] = ()) -> Answer[Shape]:
    """Ask one question about photos (JPEG) and return the answer; raises ClaudeFailed.

    Asked through `cellar.claude.asking`, which keeps to the limit and counts.
    """
    from anthropic import Anthropic

    from cellar.claude.line import client

    heard = _Heard()
    seconds = settings.ANTHROPIC_TIMEOUT
    effort: dict[str, Any] = (
        {"output_config": {"effort": "low"}} if _TAKES_EFFORT.match(settings.ANTHROPIC_MODEL) else {}
    )
    with client(deadline=time.monotonic() + seconds, timeout=seconds, hear=heard.hear) as http:
        claude = Anthropic(
            api_key=settings.ANTHROPIC_API_KEY,
            base_url=settings.ANTHROPIC_BASE_URL or BASE_URL,
            timeout=seconds,
            max_retries=MAX_RETRIES,
            http_client=http,
        )
        content, failure = None, None
        try:
            content = claude.messages.parse(
                model=settings.ANTHROPIC_MODEL,
                max_tokens=MOST_TOKENS,
                system=system,
                messages=[{"role": "user", "content": [*map(_block, photos), {"type": "text", "text": question}]}],
                output_format=shape,
                **effort,
            ).parsed_output
        except Exception as error:  # noqa: BLE001  (the library raises its own, and all kinds at what it cannot read)
            failure = _failed(error, heard)
    if failure is not None:
        # Out here, so that the library's error, which knows the key, hangs on to nothing that is shown or logged.
        raise failure
    if heard.body().get("stop_reason") == "refusal" or not isinstance(content, shape):
        raise _unusable(heard)
    return Answer(content, heard.tokens())


def _block(photo: bytes) -> Any:
    data = base64.b64encode(photo).decode("ascii")
    return {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": data}}


def _failed(error: Exception, heard: _Heard) -> ClaudeFailed:
    import anthropic

    # Never the error's own text: it may quote what was sent, and what came back is not to be trusted.
    if isinstance(error, anthropic.APIStatusError):
        logger.warning("Claude answered with status %d.", error.status_code)
        return _refused(error.status_code, _pause(error.response))
    logger.warning("Claude could not be asked, or not be understood (%s).", type(error).__name__)
    if isinstance(error, anthropic.APITimeoutError):
        text = _("Claude did not answer within %(seconds)d seconds.") % {"seconds": settings.ANTHROPIC_TIMEOUT}
        return ClaudeFailed("timeout", text)
    if isinstance(error, anthropic.APIConnectionError):
        text = _("Anthropic's service could not be reached, or broke off in the middle.")
        return ClaudeFailed("unreachable", text)
    return _unusable(heard)


def _refused(status: int, pause: float) -> ClaudeFailed:
    if status in _REFUSED:
        text = _("Anthropic did not accept the key. The owner can look at WINEBOX_ANTHROPIC_API_KEY.")
        return ClaudeFailed("refused", text)
    if status == _TOO_MUCH:
        text = _("Anthropic takes no more readings right now.")
        wait = _(" Try again in %(seconds)d seconds.") % {"seconds": pause} if pause else ""
        return ClaudeFailed("too_much", text + wait)
    if status in _TROUBLE:
        text = _("Anthropic's service has trouble (%(status)d). Try again in a few minutes.")
        return ClaudeFailed("trouble", text % {"status": status})
    text = _(
        "Anthropic did not accept the request (%(status)d). The owner can look at WINEBOX_ANTHROPIC_MODEL, "
        "WINEBOX_ANTHROPIC_BASE_URL and the account."
    )
    return ClaudeFailed("not_accepted", text % {"status": status})


def _unusable(heard: _Heard) -> ClaudeFailed:
    """Return why an answer is none, with what it cost all the same."""
    reason, tokens = heard.body().get("stop_reason"), heard.tokens()
    if reason == "refusal":
        return ClaudeFailed("declined", _("Claude declined to answer."), tokens)
    if reason == "max_tokens":
        return ClaudeFailed("cut_off", _("Claude's answer was longer than allowed and was cut off."), tokens)
    return ClaudeFailed("nonsense", _("Claude's answer could not be understood."), tokens)


def _pause(response: httpx2.Response) -> float:
    """Return for how many seconds the service asks to be left alone, as far as it says so in seconds."""
    text = response.headers.get("retry-after", "")
    return min(float(text), 86_400.0) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else 0.0


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000_000 else 0
