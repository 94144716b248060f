"""Sessions: how one begins and ends in this browser."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices, lockout, second_factor, security
from accounts.models import User
from accounts.session_store import ENDS

BACKEND = "django.contrib.auth.backends.ModelBackend"

# After this time without a visit a device that stays signed in has to sign in again.
STAY_SIGNED_IN = timedelta(days=30)
# However often it is used.
LONGEST = timedelta(days=90)
# Somebody who helps with a stock-take is done by the evening.
LONGEST_HELP = timedelta(hours=12)

# For so long the password need not be given again for what is dangerous.
CONFIRMED = timedelta(minutes=30)
# Between the password and the code of the second factor.
PENDING = timedelta(minutes=10)

MUST_ENROL = "must_enrol"
PENDING_KEY = "pending"


@dataclass(frozen=True)
class Pending:
    """Somebody whose password was right and whose code is still asked for."""

    person: User
    stay: bool
    next: str


def hold(request: HttpRequest, *, person: User, stay: bool, next: str) -> None:  # noqa: A002
    """Remember that the password was right; nobody is signed in yet."""
    request.session.flush()
    request.session[PENDING_KEY] = {
        "person": str(person.pk),
        "stamp": person.stamp,
        "until": time.time() + PENDING.total_seconds(),
        "stay": stay,
        "next": next,
    }


def held(request: HttpRequest) -> Pending | None:
    """Return whose code is asked for, if the password was right a moment ago and still is the password."""
    kept = request.session.get(PENDING_KEY)
    if not kept or kept["until"] < time.time():
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    if person is None or person.stamp != kept["stamp"]:
        return None
    return Pending(person, kept["stay"], kept["next"])


def begin(request: HttpRequest, *, person: User, stay: bool = False) -> None:
    """Sign a person in; the session gets a new key, so that one planted before is worth nothing."""
    auth.login(request, person, backend=BACKEND)
    request.session.pop(PENDING_KEY, None)
    if second_factor.is_missing(person):
        request.session[MUST_ENROL] = True
    longest = LONGEST if person.confined_to is None else LONGEST_HELP
    request.session[ENDS] = int((timezone.now() + longest).timestamp())
    request.session.set_expiry(int(STAY_SIGNED_IN.total_seconds()) if stay else None)
    security.record(kind=security.Kind.SIGN_IN, request=request, actor=person, subject=person)
    devices.begin(request, person=person, stays=stay)


def end(request: HttpRequest) -> None:
    """Sign out whoever is signed in here; the session is deleted on the server, too."""
    if isinstance(request.user, User):
        security.record(kind=security.Kind.SIGN_OUT, request=request, subject=request.user)
    auth.logout(request)


def keep(request: HttpRequest, *, person: User) -> None:
    """Keep this session after a change that has ended all sessions of the person."""
    auth.update_session_auth_hash(request, person)
    devices.follow(request, person=person)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the password was given again in this session not long ago."""
    return 0 <= time.time() - int(request.session.get("confirmed", 0)) < CONFIRMED.total_seconds()


def confirm(request: HttpRequest, *, password: str) -> bool:
    """Check the password of whoever is signed in; wrong ones are counted and locked out like those at sign-in."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101  (only pages for people who are signed in ask)
    if auth.authenticate(request, email=person.email, password=password) != person:
        security.record(kind=security.Kind.CONFIRMATION_FAILED, request=request, subject=person)
        return False
    lockout.forgive(request, person)
    request.session["confirmed"] = int(time.time())
    security.record(kind=security.Kind.CONFIRMED, request=request, subject=person)
    return True
