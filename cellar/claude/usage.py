"""How often Claude was asked: today's limit, and what it came to by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from django.conf import settings
from django.db.models import Avg, Count, Sum
from django.utils import timezone

from cellar.claude import prices
from cellar.claude.service import Tokens
from cellar.models import Scan
from winebox import security_log
from winebox.counters import DatabaseCounters

KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Today:
    """How much of today's limit is used."""

    used: int
    limit: int

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.limit


@dataclass(frozen=True, slots=True)
class Month:
    """What a month came to with one model; `cost` is in millionths of a dollar, None where no price is known."""

    month: str
    model: str
    scans: int
    tokens_sent: int
    tokens_returned: int
    seconds: float
    cost: int | None


def today() -> Today:
    return Today(min(_counters().get(_day(), 0), settings.SCANS_PER_DAY), settings.SCANS_PER_DAY)


def take() -> bool:
    """Take one of today's questions; False where none is left, however many ask at the same moment.

    Counted in the database also where other limits are counted in Redis: these cost money, and Redis may forget.
    """
    counters, day, limit = _counters(), _day(), settings.SCANS_PER_DAY
    if counters.get(day, 0) >= limit:
        return False
    counters.add(day, 0, _seconds_left())
    return counters.incr(day) <= limit


def record(*, outcome: str, photos: int, tokens: Tokens, seconds: float) -> Scan:
    """Keep that something was sent, and how it went: a row to add up, and a line in the security log."""
    model = settings.ANTHROPIC_MODEL[:100]
    scan = Scan.objects.create(
        month=timezone.localdate().strftime("%Y-%m"),
        model=model,
        photos=photos,
        outcome=outcome,
        tokens_sent=tokens.sent,
        tokens_returned=tokens.returned,
        cost=prices.cost_of(model=model, sent=tokens.sent, returned=tokens.returned),
        seconds=round(seconds, 2),
    )
    what = f"photos: {photos}" if photos else "headers of columns"
    security_log.note("sent_out", detail=f"{model}, {what}, {outcome}")
    return scan


def by_month() -> Sequence[Month]:
    """Return what each month came to, the newest first, with a line for each model."""
    rows = (
        Scan.objects.order_by()
        .values("month", "model")
        .annotate(
            scans=Count("pk"),
            priced=Count("cost"),
            sent=Sum("tokens_sent"),
            returned=Sum("tokens_returned"),
            mean=Avg("seconds"),
            paid=Sum("cost"),
        )
    )
    months = [
        Month(
            month=row["month"],
            model=row["model"],
            scans=row["scans"],
            tokens_sent=row["sent"],
            tokens_returned=row["returned"],
            seconds=row["mean"],
            cost=row["paid"] if row["priced"] == row["scans"] else None,
        )
        for row in rows
    ]
    return sorted(sorted(months, key=lambda one: one.model), key=lambda one: one.month, reverse=True)


def clear() -> dict[str, int]:
    """Remove what is older than a year; return how many."""
    removed, _per_model = Scan.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return {"scans": removed}


def _counters() -> DatabaseCounters:
    return DatabaseCounters("", {})


def _day() -> str:
    return f"scans.{timezone.localdate():%Y-%m-%d}"


def _seconds_left() -> int:
    """Return how long today lasts where the household lives."""
    now = timezone.localtime()
    midnight = timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), time.min))
    return max(1, ceil((midnight - now).total_seconds()))
