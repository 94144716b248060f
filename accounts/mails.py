"""The letters WineBox writes to people."""

import logging
from enum import Enum

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import Invitation

logger = logging.getLogger(__name__)

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


def send_invitation(*, invitation: Invitation, url: str) -> Delivery:
    """Mail the link to the invited person."""
    inviter = str(invitation.invited_by)
    return _send(
        to=invitation.email,
        subject=_("%(name)s invites you to the wine cellar") % {"name": inviter},
        text=render_to_string("emails/invitation.txt", {"invitation": invitation, "inviter": inviter, "url": url}),
    )


def _send(*, to: str, subject: str, text: str) -> Delivery:
    if not is_configured():
        return Delivery.NOT_CONFIGURED
    try:
        send_mail(subject, text, None, [to])
    except Exception:
        # Whatever a mail service throws, the page goes on and tells the person.
        logger.exception("A letter could not be sent")
        return Delivery.FAILED
    return Delivery.SENT
