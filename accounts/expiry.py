"""What of people and their links has had its time."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import AccessLink, Device, Invitation, SecurityEvent

SECURITY_LOG_KEPT = timedelta(days=365)
# Answers to "why does my link no longer work?" are worth a month.
LINK_KEPT = timedelta(days=30)
# A browser keeps its cookie for no longer.
DEVICE_KEPT = timedelta(days=400)


def clear() -> dict[str, int]:
    """Remove sessions that ended, invitations long dead and security events older than a year; return how many."""
    now = timezone.now()
    sessions, _per_model = Session.objects.filter(expire_date__lt=now).delete()
    invitations, _per_model = Invitation.objects.filter(expires_at__lt=now - LINK_KEPT).delete()
    links, _per_model = AccessLink.objects.filter(expires_at__lt=now - LINK_KEPT).delete()
    devices, _per_model = Device.objects.filter(signed_in_at__lt=now - DEVICE_KEPT).delete()
    events = SecurityEvent.objects.forget_before(now - SECURITY_LOG_KEPT)
    return {
        "sessions": sessions,
        "invitations": invitations,
        "links": links,
        "devices": devices,
        "security_events": events,
    }
