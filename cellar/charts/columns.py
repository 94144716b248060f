"""Columns by year, one in front of the other: what is drinkable, and of that what is at its best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 120
GAP = 0.25
LABELS = 8


@dataclass(frozen=True)
class Box:
    """Where a column begins, and how tall it is, in pixels from the top."""

    y: str
    height: str


@dataclass(frozen=True)
class Column:
    """A year; x and width in percent."""

    x: str
    width: str
    outer: Box
    inner: Box
    label: str
    tick: bool
    drinkable: int
    best: int
    url: str = ""


def columns(years: Sequence[tuple[int, int, int]]) -> list[Column]:
    """Return the columns of (year, drinkable, at their best)."""
    if not years:
        return []
    most = max(1, *(drinkable for _year, drinkable, _best in years))
    step, every = 100 / len(years), max(1, -(-len(years) // LABELS))
    return [
        Column(
            x=f"{number * step:.2f}",
            width=f"{step * (1 - GAP):.2f}",
            outer=_box(drinkable, most),
            inner=_box(best, most),
            label=str(year),
            # A label begins where its column does, and is as wide as `every` of them: the last ones have no room.
            tick=number % every == 0 and number + every <= len(years),
            drinkable=drinkable,
            best=best,
        )
        for number, (year, drinkable, best) in enumerate(years)
    ]


def _box(value: int, most: int) -> Box:
    height = HEIGHT * value / most
    return Box(f"{HEIGHT - height:.1f}", f"{height:.1f}")
