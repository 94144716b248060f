"""Figures with a bar each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from winebox.numbers import grouped


@dataclass(frozen=True)
class Bar:
    """A row: what it is, how much (ready to print), and how long its bar is, in percent."""

    label: str
    value: str
    width: str
    url: str = ""


def bars(rows: Sequence[tuple[str, int, str]], *, shown: Callable[[int], str] = grouped) -> list[Bar]:
    """Return the bars of (label, value, address)."""
    most = max((value for _label, value, _url in rows), default=0) or 1
    return [Bar(label, shown(value), f"{100 * max(0, value) / most:.1f}", url) for label, value, url in rows]
