"""Figures beside their budgets, as a table."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure; it holds when it is not above its budget."""

    name: str
    value: float
    budget: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.value <= self.budget


def show(rows: list[Row], *, title: str) -> None:
    width = max(len(row.name) for row in rows)
    lines = [title, "", f"{'what':<{width}}  {'measured':>12}  {'budget':>12}"]
    for row in rows:
        verdict = "" if row.holds else "  over"
        lines.append(f"{row.name:<{width}}  {row.value:>9.2f} {row.unit:<2}  {row.budget:>9g} {row.unit:<2}{verdict}")
    sys.stdout.write("\n".join(lines) + "\n")
