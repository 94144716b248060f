"""Failed sign-ins, counted by django-axes: whose they are, who is locked out, and the way back in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User, normalise_email


def account_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return the account a sign-in is counted for; upper case and blanks do not make another account."""
    named = credentials or {}
    return normalise_email(str(named.get("email") or named.get("username") or ""))


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


def forget_failures(person: User) -> None:
    """Let this person try again from everywhere."""
    reset(username=person.email)
