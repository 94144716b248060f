"""When to drink a wine: its window, how ready it is in a given year, and the pace of drinking."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Readiness(models.TextChoices):
    """How ready a wine is, in the order of its life."""

    UNKNOWN = "unknown", _("no window")
    TOO_YOUNG = "too_young", _("too young")
    DRINKABLE = "drinkable", _("ready")
    BEST = "best", _("at its best")
    FADING = "fading", _("fading")
    PAST = "past", _("past")


READY = (Readiness.DRINKABLE, Readiness.BEST, Readiness.FADING)


def this_year() -> int:
    return timezone.localdate().year


@dataclass(frozen=True)
class Window:
    """The years in which a wine is drinkable, and the inner ones in which it is at its best; any may be missing."""

    drink_from: int | None = None
    drink_until: int | None = None
    best_from: int | None = None
    best_until: int | None = None

    @property
    def is_known(self) -> bool:
        return any(year is not None for year in (self.drink_from, self.drink_until, self.best_from, self.best_until))

    @property
    def label(self) -> str:
        """Return the outer window as text: "2015–2045", "from 2015", "until 2045"."""
        first, last = self.drink_from or self.best_from, self.drink_until or self.best_until
        if first and last:
            return f"{first}–{last}"
        if first:
            return str(_("from %(year)d") % {"year": first})
        return str(_("until %(year)d") % {"year": last}) if last else ""

    def readiness(self, year: int) -> Readiness:
        if not self.is_known:
            return Readiness.UNKNOWN
        if self.drink_until is not None and year > self.drink_until:
            return Readiness.PAST
        if self.drink_from is not None and year < self.drink_from:
            return Readiness.TOO_YOUNG
        if self.best_until is not None and year > self.best_until:
            return Readiness.FADING
        if self.best_from is None and self.best_until is None:
            return Readiness.DRINKABLE
        return Readiness.BEST if self.best_from is None or year >= self.best_from else Readiness.DRINKABLE

    def errors(self) -> dict[str, str]:
        """Return, by field name, what is out of order: from ≤ best from ≤ best until ≤ until."""
        named = [
            ("drink_from", self.drink_from),
            ("best_from", self.best_from),
            ("best_until", self.best_until),
            ("drink_until", self.drink_until),
        ]
        given = [(name, year) for name, year in named if year is not None]
        return {
            name: str(_("This is before %(year)d, the year that has to come first.") % {"year": earlier})
            for (_name, earlier), (name, year) in itertools.pairwise(given)
            if year < earlier
        }


_KNOWN = (
    Q(drink_from__isnull=False)
    | Q(drink_until__isnull=False)
    | Q(best_from__isnull=False)
    | Q(best_until__isnull=False)
)


def _at_least(field: str, year: int) -> Q:
    """The year in `field` is missing or not before `year`."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": year})


def _at_most(field: str, year: int) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lte": year})


def readiness_q(status: Readiness, year: int) -> Q:
    """Return the condition on wines that matches `Window.readiness(year) == status`."""
    not_past = _at_least("drink_until", year)
    drinkable = _KNOWN & not_past & _at_most("drink_from", year)
    has_best = Q(best_from__isnull=False) | Q(best_until__isnull=False)
    conditions = {
        Readiness.UNKNOWN: Q(drink_from=None, drink_until=None, best_from=None, best_until=None),
        Readiness.PAST: Q(drink_until__isnull=False, drink_until__lt=year),
        Readiness.TOO_YOUNG: not_past & Q(drink_from__isnull=False, drink_from__gt=year),
        Readiness.FADING: drinkable & Q(best_until__isnull=False, best_until__lt=year),
        Readiness.BEST: drinkable & has_best & _at_least("best_until", year) & _at_most("best_from", year),
        Readiness.DRINKABLE: drinkable
        & _at_least("best_until", year)
        & (Q(best_from=None, best_until=None) | Q(best_from__isnull=False, best_from__gt=year)),
    }
    return conditions[status]


def ready_q(year: int) -> Q:
    """Return the condition on wines that are drinkable, at their best or fading in `year`."""
    return _KNOWN & _at_least("drink_until", year) & _at_most("drink_from", year)


@dataclass(frozen=True)
class Pace:
    """How far drinking is behind (positive) or ahead of (negative) an even pace, in bottles.

    `used` is the part of the window that is over (0 to 1), `total` all bottles that are or were.
    """

    used: float
    total: int
    drunk: int

    @property
    def bottles(self) -> int:
        return round(self.used * self.total - self.drunk)


def pace(*, window: Window, on_hand: int, on_order: int, drunk: int, today: date) -> Pace | None:
    """Return the pace of drinking a wine, or None without both ends of a window."""
    if window.drink_from is None or window.drink_until is None:
        return None
    start, end = date(window.drink_from, 1, 1), date(window.drink_until, 12, 31)
    used = min(1.0, max(0.0, (today - start).days / max(1, (end - start).days)))
    return Pace(used=used, total=on_hand + on_order + drunk, drunk=drunk)
