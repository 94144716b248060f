"""Letters: written once, as a text; sent as text and as HTML; and never more than five seconds of anybody's time."""

import logging
import re
import time
from collections.abc import Mapping
from enum import Enum
from threading import BoundedSemaphore, Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

logger = logging.getLogger("winebox.letters")

PATIENCE_SECONDS = 5
# So many letters may be on their way at once; when a service hangs, further ones are given up rather than piled up.
_couriers = BoundedSemaphore(8)

# Whether a letter goes out must not be told by how long the answer takes: what nobody waits for leaves a moment later.
PAUSE_SECONDS = 0.1

# These only print or drop a letter: nobody would get it.
NOT_A_SERVICE = frozenset(
    {"django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend"}
)


class Delivery(Enum):
    """What became of a letter."""

    SENT = "sent"
    NOT_CONFIGURED = "not configured"
    FAILED = "failed"


def is_configured() -> bool:
    """Whether letters reach people; the links in them need the site's own address, never the request's."""
    return settings.EMAIL_BACKEND not in NOT_A_SERVICE and bool(settings.SITE_URL)


def address_of(path: str) -> str:
    """Return the whole address of a page for a letter."""
    return settings.SITE_URL.rstrip("/") + path


def write(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """Return a letter; its text is a template, and its HTML the same paragraphs.

    A paragraph that is `context["url"]` alone becomes a button there.
    """
    text = render_to_string(f"emails/{template}.txt", {**context, "site_url": settings.SITE_URL}).strip()
    subject = " ".join(subject.split())
    page = {
        "subject": subject,
        "paragraphs": re.split(r"\n\s*\n", text),
        "url": context.get("url", ""),
        "site_url": settings.SITE_URL,
    }
    signed = render_to_string("emails/base.txt", {"text": text, "site_url": settings.SITE_URL})
    letter = EmailMultiAlternatives(subject, signed, to=[to], headers={"Auto-Submitted": "auto-generated"})
    letter.attach_alternative(render_to_string("emails/base.html", page), "text/html")
    return letter


def send(letter: EmailMultiAlternatives) -> Delivery:
    """Send a letter and say what became of it, after five seconds at the latest."""
    if not is_configured():
        return Delivery.NOT_CONFIGURED
    courier = _hand_over(letter, pause=0)
    if courier is None:
        return Delivery.FAILED
    courier.join(PATIENCE_SECONDS)
    return Delivery.SENT if courier.delivered else Delivery.FAILED


def post(letter: EmailMultiAlternatives) -> "Courier | None":
    """Let a letter go without waiting for it; a failure is told to the log alone."""
    return _hand_over(letter, pause=PAUSE_SECONDS) if is_configured() else None


def _hand_over(letter: EmailMultiAlternatives, *, pause: float) -> "Courier | None":
    if not _couriers.acquire(blocking=False):
        logger.error("A letter was not sent: too many are on their way.")
        return None
    courier = Courier(letter, pause)
    courier.start()
    return courier


class Courier(Thread):
    """Takes one letter to the service. The server waits for those on their way when it stops."""

    def __init__(self, letter: EmailMultiAlternatives, pause: float) -> None:
        super().__init__(name="courier")
        self.letter = letter
        self.pause = pause
        self.delivered = False

    def run(self) -> None:
        time.sleep(self.pause)
        try:
            self.letter.send()
            self.delivered = True
        except Exception as error:  # noqa: BLE001  (whatever a mail service does, the site goes on)
            logger.error("A letter could not be sent: %s: %s", type(error).__name__, error)
        finally:
            _couriers.release()
