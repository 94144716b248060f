"""On which devices a person is signed in, and ending that."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import browsers, mails, security
from accounts.links import hash_secret, new_secret
from accounts.models import Device, User
from winebox.addresses import client_address

COOKIE = f"{settings.COOKIE_PREFIX}device"
# As long as browsers keep a cookie at all.
COOKIE_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True)
class SignedIn:
    """A device with a session that is alive."""

    device: Device
    seen: datetime
    address: str
    is_this: bool


def begin(request: HttpRequest, *, person: User, stays: bool) -> None:
    """Note that a session of this person began in this browser; one that was never used before is told by mail."""
    is_first = not person.devices.exists()
    browser = browsers.describe(request.headers.get("User-Agent", ""))
    facts = {
        "session_key": request.session.session_key or "",
        "browser": browser,
        "address": client_address(request),
        "signed_in_at": timezone.now(),
        "stays": stays,
    }
    _device, is_new = Device.objects.update_or_create(person=person, secret_hash=_secret_hash(request), defaults=facts)
    if is_new and not is_first:
        security.record(kind=security.Kind.NEW_DEVICE, request=request, actor=person, subject=person, detail=browser)
        mails.tell_new_device(person, browser=browser)


def follow(request: HttpRequest, *, person: User) -> None:
    """Note the new key that the session of this browser has got."""
    person.devices.filter(secret_hash=_secret_hash(request)).update(session_key=request.session.session_key or "")


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser in which somebody has just signed in the cookie by which it is known again."""
    if secret := getattr(request, "new_device_secret", ""):
        response.set_cookie(
            COOKIE,
            secret,
            max_age=COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def signed_in(person: User, *, here: str | None) -> list[SignedIn]:
    """Return where this person is signed in, this browser first, then the latest use."""
    devices = {device.session_key: device for device in person.devices.exclude(session_key="")}
    alive = Session.objects.filter(session_key__in=list(devices), expire_date__gt=timezone.now())
    rows = [_row(devices[session.session_key], session, here) for session in alive]
    return sorted(rows, key=lambda row: (row.is_this, row.seen), reverse=True)


def end(*, device: Device, actor: User) -> None:
    """End the session on one device."""
    Session.objects.filter(session_key=device.session_key).delete()
    Device.objects.filter(pk=device.pk).update(session_key="")
    security.record(kind=security.Kind.SESSION_ENDED, actor=actor, subject=device.person, detail=device.browser)


def end_all(person: User) -> None:
    """Delete every session of a person; what makes them worthless is the person's session generation."""
    keys = list(person.devices.exclude(session_key="").values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    person.devices.update(session_key="")


def _row(device: Device, session: Session, here: str | None) -> SignedIn:
    kept = session.get_decoded()
    seen = datetime.fromtimestamp(kept["seen"], UTC) if "seen" in kept else device.signed_in_at
    return SignedIn(device, seen, kept.get("seen_from") or device.address or "", session.session_key == here)


def _secret_hash(request: HttpRequest) -> str:
    """Return the hash of this browser's secret, which is made here when it has none."""
    secret = getattr(request, "new_device_secret", "") or request.COOKIES.get(COOKIE, "")
    if len(secret) < 40:
        secret = request.new_device_secret = new_secret()  # type: ignore[attr-defined]
    return hash_secret(secret)
