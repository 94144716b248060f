"""Failed sign-ins, counted by django-axes: whose they are, who is locked out, and the way back in."""

from collections.abc import Iterable
from datetime import timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User, normalise_email


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
        return bool(
            AccessAttempt.objects.filter(pk=counter.pk, failures_since_start__lt=settings.AXES_FAILURE_LIMIT).update(
                failures_since_start=F("failures_since_start") + 1, attempt_time=request.axes_attempt_time
            )
        )

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        """Lock out after the last try; it was counted when it began."""
        if request is None:
            return
        request.axes_credentials = credentials
        if self.get_failures(request, credentials) >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out = True


def locked_accounts(people: Iterable[User]) -> set[str]:
    """Return the e-mail addresses of those who are locked out at least from one address at this moment."""
    failures = (
        AccessAttempt.objects.filter(
            attempt_time__gte=timezone.now() - cool_off(), username__in=[person.email for person in people]
        )
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
    )
    return {row["username"] for row in failures if row["failures"] >= settings.AXES_FAILURE_LIMIT}


def cool_off() -> timedelta:
    """Return for how long a lockout lasts."""
    return get_cool_off() or timedelta()


def seconds_left(request: Any, credentials: dict[str, Any] | None) -> int:
    """Return for how long the account is locked out from where the request comes."""
    attempts = AccessAttempt.objects.filter(
        username=account_of(request, credentials), ip_address=request.axes_ip_address
    )
    latest = attempts.order_by("-attempt_time").first()
    until = (latest.attempt_time if latest else timezone.now()) + cool_off()
    return max(1, ceil((until - timezone.now()).total_seconds()))


def forget_failures(person: User) -> None:
    """Let this person try again from everywhere."""
    reset(username=person.email)
