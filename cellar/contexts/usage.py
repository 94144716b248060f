"""What the page about Claude shows: whether it is on, today's limit, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cellar.claude import asking, service, usage
from cellar.models import Scan
from winebox.numbers import grouped

LATEST = 20


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month with one model, ready to print."""

    month: str
    model: str
    scans: str
    sent: str
    returned: str
    seconds: str
    cost: str


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One question, ready to print."""

    at: datetime
    model: str
    photos: int
    outcome: str
    sent: str
    returned: str
    seconds: str
    cost: str


def page() -> dict[str, Any]:
    scans = Scan.objects.all()[:LATEST]
    return {
        "is_on": asking.is_possible(),
        "has_key": service.is_set(),
        "facts": [(_("Model"), settings.ANTHROPIC_MODEL), (_("Sent to"), f"{service.COMPANY}, {service.host()}")],
        "today": usage.today(),
        "months": [_month(one) for one in usage.by_month()],
        "scans": [_scan(one) for one in scans],
    }


def _month(one: usage.Month) -> MonthRow:
    year, month = map(int, one.month.split("-"))
    return MonthRow(
        month=date_format(date(year, month, 1), "YEAR_MONTH_FORMAT"),
        model=one.model,
        scans=grouped(one.scans),
        sent=grouped(one.tokens_sent),
        returned=grouped(one.tokens_returned),
        seconds=grouped(one.seconds, decimals=1),
        cost=dollars(one.cost),
    )


def _scan(one: Scan) -> ScanRow:
    return ScanRow(
        at=one.created_at,
        model=one.model,
        photos=one.photos,
        outcome=str(one.get_outcome_display()),
        sent=grouped(one.tokens_sent),
        returned=grouped(one.tokens_returned),
        seconds=grouped(one.seconds, decimals=1),
        cost=dollars(one.cost),
    )


def dollars(millionths: int | None) -> str:
    """Return an amount in US dollars, to a hundredth of a cent, or that it is not known."""
    if millionths is None:
        return _("unknown")
    return f"${number_format(Decimal(millionths) / 1_000_000, decimal_pos=4)}"
