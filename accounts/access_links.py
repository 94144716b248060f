"""What all links have in common that let somebody in once, for an hour: a new password, a new address, a helper."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import security
from accounts.links import new_link, stored_form
from accounts.models import AccessLink, User
from winebox.databases import atomic

Purpose = AccessLink.Purpose


class LinkError(Exception):
    """A link that does not work, or no longer; its text is for people and tells nothing about accounts."""

    def __init__(self) -> None:
        super().__init__(_("It was used, withdrawn or replaced, or it has expired. Nothing was changed."))


def make(*, purpose: Purpose, person: User | None, lifetime: timedelta = AccessLink.LIFETIME, **facts: Any) -> str:
    """Keep the hash of a new link, and return its secret, which exists only here and now."""
    link = new_link(purpose=purpose.value)
    AccessLink.objects.create(
        purpose=purpose,
        person=person,
        stamp=person.stamp if person else "",
        token_hash=link.stored,
        expires_at=timezone.now() + lifetime,
        **facts,
    )
    return link.token


def find(token: str, *, purpose: Purpose) -> AccessLink:
    """Return the link with this secret, if it still works; each refusal is recorded."""
    stored = stored_form(token, purpose=purpose.value)
    found = AccessLink.objects.select_related("person", "made_by").filter(purpose=purpose, token_hash=stored).first()
    reason = _why_not(found)
    if found is None or reason:
        subject = (found.person or found.email or found.name) if found else ""
        security.record(kind=security.Kind.LINK_REFUSED, subject=subject, detail=f"{purpose.value}: {reason}")
        raise LinkError
    return found


@contextmanager
def using(link: AccessLink) -> Iterator[None]:
    """Use a link up and do what it is for, or neither; of several who try at once, one succeeds."""
    try:
        with atomic():
            _use_up(link)
            yield
    except LinkError:
        # Not within the transaction, which takes back what is written in it.
        subject = link.person or link.name
        security.record(kind=security.Kind.LINK_REFUSED, subject=subject, detail=f"{link.purpose}: used")
        raise


def _use_up(link: AccessLink) -> None:
    now = timezone.now()
    if not AccessLink.objects.waiting().filter(pk=link.pk).update(used_at=now, updated_at=now):
        raise LinkError


def _why_not(link: AccessLink | None) -> str:
    """Return for the log why a link opens nothing; empty means that it does."""
    if link is None:
        return "unknown"
    if link.used_at:
        return "used"
    if link.revoked_at:
        return "revoked"
    if link.expires_at <= timezone.now():
        return "expired"
    if link.purpose == Purpose.HELPER:
        return "" if link.made_by and link.made_by.may_change else "who made it may not any more"
    if link.person is None:
        return "nobody's"
    if not link.person.is_active:
        return "deactivated"
    return "" if link.stamp == link.person.stamp else "password or address has changed since"
