"""The security log, for those who know nothing of people: `accounts` keeps it."""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string


def note(kind: str, *, detail: str = "") -> None:
    """Add a line about what the person of this request did: "exported", "imported", "undone", "restored" …

    Who, from where and in which request is known already; the kinds are those of `accounts.models.SecurityEvent`.
    """
    import_string(settings.SECURITY_LOG)(kind=kind, detail=detail)


def newest(kind: str) -> datetime | None:
    """Return when this happened last, if it did and is not forgotten."""
    found: datetime | None = import_string(settings.SECURITY_LOG_NEWEST)(kind)
    return found
