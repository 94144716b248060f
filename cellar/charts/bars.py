"""Figures with a bar each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format


@dataclass(frozen=True)
class Bar:
    """A row: what it is, how much (ready to print), and how long its bar is, in percent."""

    label: str
    value: str
    width: str
    url: str = ""


def plain(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def bars(rows: Sequence[tuple[str, int, str]], *, shown: Callable[[int], str] = plain) -> list[Bar]:
    """Return the bars of (label, value, address)."""
    most = max((value for _label, value, _url in rows), default=0) or 1
    return [Bar(label, shown(value), f"{100 * max(0, value) / most:.1f}", url) for label, value, url in rows]
