"""How often one address may try to get in; what signed-in people change is limited by `winebox.access`."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_ratelimit import ALL

from accounts.models import normalise_email
from winebox.limits import limited

HOURLY = "5/h"

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def attempts_rate(group: str, request: HttpRequest) -> str:
    """Return how many attempts one address has, in django-ratelimit's notation."""
    return f"{settings.AUTH_RATE_LIMIT_PER_MINUTE}/m"


def limit_attempts(view: View) -> View:
    """Count what is sent to a page where people sign in."""
    return limited(group="attempts", key="ip", rate=attempts_rate, method="POST")(view)


def limit_links(view: View) -> View:
    """Count every request to a page whose address is a secret: to look at it is to try it."""
    return limited(group="links", key="ip", rate=attempts_rate, method=ALL)(view)


def limit_resets(view: View) -> View:
    """Count the letters for forgotten passwords: of an address, and to an account from anywhere."""
    by_account = limited(group="resets-of", key=_typed_email, rate=HOURLY, method="POST")(view)
    return limited(group="resets", key="ip", rate=HOURLY, method="POST")(by_account)


def limit_invitations(view: View) -> View:
    """Count the invitations that one person makes."""
    return limited(group="invitations", key="user", rate=HOURLY, method="POST")(view)


def _typed_email(group: str, request: HttpRequest) -> str:
    return normalise_email(request.POST.get("email", ""))
