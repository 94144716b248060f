"""Asking Claude: only with a key, only as often as a day allows, and never without being counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from cellar.claude import service, usage
from cellar.claude.service import ClaudeFailed

if TYPE_CHECKING:
    from pydantic import BaseModel

Shape = TypeVar("Shape", bound="BaseModel")


def is_possible() -> bool:
    """Say whether Claude is switched on, whatever is left of today's limit."""
    return service.is_set() and settings.SCANS_PER_DAY > 0


def what_is_sent(what: str, how: str = "") -> str:
    """Return what a page says beside a button that asks Claude: what goes where, and how much of today is used."""
    today = usage.today()
    text = _("Sends %(what)s to %(company)s (%(host)s)%(how)s, and nothing else. Used today: %(used)d of %(limit)d.")
    told = {"what": what, "how": how, "company": service.COMPANY, "host": service.host()}
    return text % {**told, "used": today.used, "limit": today.limit}


def ask(*, system: str, question: str, shape: type[Shape], photos: Sequence[bytes] = ()) -> Shape:
    """Ask one question, if today's limit allows it, and keep what it cost; raises ClaudeFailed."""
    if not service.is_set():
        raise ClaudeFailed("no_key", _("Claude is not switched on: there is no WINEBOX_ANTHROPIC_API_KEY."))
    if not settings.SCANS_PER_DAY:
        raise ClaudeFailed("off", _("Claude is switched off: WINEBOX_SCANS_PER_DAY is 0."))
    with service.one_of_few():
        if not usage.take():
            text = _("Claude was asked %(limit)d times today, and more are not allowed; tomorrow there are new ones.")
            raise ClaudeFailed("used_up", text % {"limit": settings.SCANS_PER_DAY})
        begun = time.monotonic()
        try:
            answer = service.ask(system=system, question=question, shape=shape, photos=photos)
        except ClaudeFailed as error:
            usage.record(
                outcome=error.outcome, photos=len(photos), tokens=error.tokens, seconds=time.monotonic() - begun
            )
            raise
        usage.record(outcome="answered", photos=len(photos), tokens=answer.tokens, seconds=time.monotonic() - begun)
    return answer.content
