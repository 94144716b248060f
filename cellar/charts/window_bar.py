"""The drink window as a bar with today in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cellar.drinking import Window

# A missing end is drawn as if it were this far away.
OPEN_END_YEARS = 8
MARGIN = 0.04
# What a year and the gap beside it take of the width on a phone, in percent.
LABEL_ROOM = 12.0


@dataclass(frozen=True)
class Stretch:
    """A part of the bar; x and width in percent."""

    x: str
    width: str


@dataclass(frozen=True)
class Mark:
    """A point of the bar; x in percent, anchor as SVG wants it so that the text stays inside."""

    x: str
    anchor: str
    label: str = ""


@dataclass(frozen=True)
class WindowBar:
    outer: Stretch
    inner: Stretch | None
    today: Mark
    years: list[Mark]
    text: str


@dataclass(frozen=True)
class _Scale:
    first: float
    last: float

    def at(self, year: float) -> float:
        return 100 * (year - self.first) / (self.last - self.first)

    def stretch(self, start: float, end: float) -> Stretch:
        return Stretch(f"{self.at(start):.1f}", f"{max(0.0, self.at(end) - self.at(start)):.1f}")

    def mark(self, year: float, label: str = "") -> Mark:
        x = self.at(year)
        return Mark(f"{x:.1f}", "start" if x < 8 else "end" if x > 92 else "middle", label)


def window_bar(window: Window, *, today: date) -> WindowBar | None:
    """Return the coordinates of a wine's window, or None where it has none."""
    if not window.is_known:
        return None
    now = today.year + today.timetuple().tm_yday / 366
    known = [year for year in _years(window) if year is not None]
    start = window.drink_from or min([*known, today.year]) - OPEN_END_YEARS
    # A window lasts until the end of its last year.
    end = (window.drink_until or max([*known, today.year]) + OPEN_END_YEARS) + 1
    room = MARGIN * (max(end, now) - min(start, now))
    scale = _Scale(min(start, now) - room, max(end, now) + room)
    return WindowBar(
        outer=scale.stretch(start, end),
        inner=_inner(window, scale, start, end),
        today=scale.mark(now),
        years=list(_labels(window, scale)),
        text=_("Drink %(window)s; at its best %(best)s; today is %(year)d.")
        % {
            "window": window.label,
            "best": Window(window.best_from, window.best_until).label or _("not said"),
            "year": today.year,
        },
    )


def _years(window: Window) -> tuple[int | None, ...]:
    return window.drink_from, window.best_from, window.best_until, window.drink_until


def _inner(window: Window, scale: _Scale, start: float, end: float) -> Stretch | None:
    if window.best_from is None and window.best_until is None:
        return None
    return scale.stretch(window.best_from or start, window.best_until + 1 if window.best_until is not None else end)


def _labels(window: Window, scale: _Scale) -> Iterator[Mark]:
    """Yield the years that have room, the outer ones before the inner ones."""
    taken: list[float] = []  # where the labels begin
    ends = [(window.drink_from, 0), (window.drink_until, 1), (window.best_from, 0), (window.best_until, 1)]
    for year, offset in ends:
        if year is None:
            continue
        mark = scale.mark(year + offset, str(year))
        begins = float(mark.x) - LABEL_ROOM * {"start": 0, "middle": 0.5, "end": 1}[mark.anchor]
        if all(abs(begins - other) >= LABEL_ROOM for other in taken):
            taken.append(begins)
            yield mark
