"""Failed sign-ins, counted by django-axes: whose they are, who is locked out, and the way back in."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from accounts import mails
from accounts.models import User, normalise_email
from winebox import limits

# Somebody with many addresses has this much slower limit for one account, wherever the tries come from.
FAILURES_FROM_ANYWHERE = 50
ANYWHERE_SECONDS = 3600


def account_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return the account a sign-in is counted for; upper case and blanks do not make another account."""
    named = credentials or {}
    return normalise_email(str(named.get("email") or named.get("username") or ""))


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts a try before the password is looked at, so that no number of tries at once gets past the limit.

    django-axes itself counts afterwards: of 60 tries at the same moment, 8 had their password looked at
    with a limit of 5. Here one conditional update hands out the five there are.
    """

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        self.clean_expired_user_attempts(request, credentials)
        counter, _ = AccessAttempt.objects.get_or_create(
            username=account_of(request, credentials),
            ip_address=request.axes_ip_address,
            # One row for an account and an address: another browser is no other person.
            user_agent="",
            defaults={"failures_since_start": 0, "path_info": request.axes_path_info},
        )
        has_one = AccessAttempt.objects.filter(
            pk=counter.pk, failures_since_start__lt=settings.AXES_FAILURE_LIMIT
        ).update(failures_since_start=F("failures_since_start") + 1, attempt_time=request.axes_attempt_time)
        return bool(has_one) and _take_from_anywhere(request, account_of(request, credentials))

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        """Lock out after the last try; it was counted when it began."""
        if request is None:
            return
        request.axes_credentials = credentials
        if self.get_failures(request, credentials) >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out = True
            # Only the try that locks the account; those after it were refused before they began.
            if getattr(request, "took_a_try", False):
                account = account_of(request, credentials)
                mails.tell_locked_out(account, person=User.objects.filter(email=account).first())

    def user_logged_in(self, sender: Any, request: Any, user: User, **kwargs: Any) -> None:
        """Forget the failures from this address; of those from elsewhere, only this try was none."""
        super().user_logged_in(sender, request, user, **kwargs)
        if getattr(request, "took_a_try", False):
            limits.give_back(_anywhere(user.email), seconds=ANYWHERE_SECONDS)


def _take_from_anywhere(request: Any, account: str) -> bool:
    wait = limits.take(_anywhere(account), limit=FAILURES_FROM_ANYWHERE, seconds=ANYWHERE_SECONDS)
    request.took_a_try = not wait
    return not wait


def _anywhere(account: str) -> str:
    return f"sign-in.{account}"


def locked_accounts(people: Sequence[User]) -> set[str]:
    """Return the e-mail addresses of those who are locked out at least from one address at this moment."""
    failures = (
        AccessAttempt.objects.filter(
            attempt_time__gte=timezone.now() - cool_off(), username__in=[person.email for person in people]
        )
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
    )
    from_one_address = {row["username"] for row in failures if row["failures"] >= settings.AXES_FAILURE_LIMIT}
    names = {_anywhere(person.email): person.email for person in people}
    from_anywhere = limits.exhausted(names, limit=FAILURES_FROM_ANYWHERE, seconds=ANYWHERE_SECONDS)
    return from_one_address | {names[name] for name in from_anywhere}


def cool_off() -> timedelta:
    """Return for how long a lockout lasts."""
    return get_cool_off() or timedelta()


def seconds_left(request: Any, credentials: dict[str, Any] | None) -> int:
    """Return for how long the account is locked out from where the request comes."""
    account = account_of(request, credentials)
    anywhere = limits.seconds_left(_anywhere(account), limit=FAILURES_FROM_ANYWHERE, seconds=ANYWHERE_SECONDS)
    latest = (
        AccessAttempt.objects.filter(username=account, ip_address=request.axes_ip_address)
        .order_by("-attempt_time")
        .first()
    )
    here = 0
    if latest and latest.failures_since_start >= settings.AXES_FAILURE_LIMIT:
        here = ceil((latest.attempt_time + cool_off() - timezone.now()).total_seconds())
    return max(1, here, anywhere)


def forgive(request: HttpRequest, person: User) -> None:
    """Forget the failures from here: the password was right, and nobody had to be signed in for it."""
    AxesProxyHandler.user_logged_in(User, request, person)


def forget_failures(person: User) -> None:
    """Let this person try again from everywhere."""
    reset(username=person.email)
    limits.forget(_anywhere(person.email), seconds=ANYWHERE_SECONDS)
