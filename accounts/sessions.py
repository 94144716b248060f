"""Sessions: how one begins and ends in this browser."""

from datetime import timedelta

from django.contrib import auth
from django.http import HttpRequest

from accounts import security
from accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"

# After this time without a visit a device that stays signed in has to sign in again.
STAY_SIGNED_IN = timedelta(days=30)


def begin(request: HttpRequest, *, person: User, stay: bool = False) -> None:
    """Sign a person in; the session gets a new key, so that one planted before is worth nothing."""
    auth.login(request, person, backend=BACKEND)
    if stay:
        request.session.set_expiry(int(STAY_SIGNED_IN.total_seconds()))
    security.record(kind=security.Kind.SIGN_IN, request=request, actor=person, subject=person)


def end(request: HttpRequest) -> None:
    """Sign out whoever is signed in here; the session is deleted on the server, too."""
    if isinstance(request.user, User):
        security.record(kind=security.Kind.SIGN_OUT, request=request, subject=request.user)
    auth.logout(request)


def keep(request: HttpRequest, *, person: User) -> None:
    """Keep this session after a change that has ended all sessions of the person."""
    auth.update_session_auth_hash(request, person)
