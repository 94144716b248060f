"""Asking Claude: only with a key, only as often as a day allows, and never without being counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from cellar.labels import usage
from cellar.labels.engines import claude
from cellar.labels.engines.claude import ClaudeFailed

if TYPE_CHECKING:
    from pydantic import BaseModel

Shape = TypeVar("Shape", bound="BaseModel")


def is_possible() -> bool:
    """Say whether Claude is switched on, whatever is left of today's limit."""
    return claude.is_set() and settings.SCANS_PER_DAY > 0


def ask(*, system: str, question: str, shape: type[Shape], photos: Sequence[bytes] = ()) -> Shape:
    """Ask one question, if today's limit allows it, and keep what it cost; raises ClaudeFailed."""
    if not claude.is_set():
        raise ClaudeFailed("no_key", _("Claude is not switched on: there is no WINEBOX_ANTHROPIC_API_KEY."))
    if not settings.SCANS_PER_DAY:
        raise ClaudeFailed("off", _("Claude is switched off: WINEBOX_SCANS_PER_DAY is 0."))
    with claude.one_of_few():
        if not usage.take():
            text = _("Claude was asked %(limit)d times today, and more are not allowed; tomorrow there are new ones.")
            raise ClaudeFailed("used_up", text % {"limit": settings.SCANS_PER_DAY})
        begun = time.monotonic()
        try:
            answer = claude.ask(system=system, question=question, shape=shape, photos=photos)
        except ClaudeFailed as error:
            usage.record(
                outcome=error.outcome, photos=len(photos), tokens=error.tokens, seconds=time.monotonic() - begun
            )
            raise
        usage.record(outcome="answered", photos=len(photos), tokens=answer.tokens, seconds=time.monotonic() - begun)
    return answer.content
