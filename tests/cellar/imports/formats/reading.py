"""Reading files as the import does: decoded, recognised, parsed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from cellar.imports.decode import open_file
from cellar.imports.detect import Recognised, group
from cellar.imports.options import Options
from cellar.imports.rows import Row

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TODAY = date(2026, 11, 24)


def recognised(*paths: Path) -> Recognised:
    """Return the one format that files are in."""
    (found,) = group([open_file(path, name=path.name) for path in paths])
    return found


def rows_of(*paths: Path, **choices: Any) -> list[Row]:
    found = recognised(*paths)
    return list(found.format.parse(found.sources, Options(today=TODAY, **choices)))


def fixture_rows(*names: str, **choices: Any) -> list[Row]:
    return rows_of(*(FIXTURES / name for name in names), **choices)


def bottles(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many bottles there are in each state."""
    counts: Counter[str] = Counter()
    for row in rows:
        for lot in row.lots:
            counts[str(lot.state.value)] += lot.quantity
    return dict(counts)


def named(rows: Iterable[Row], name: str) -> Row:
    """Return the first row of a wine."""
    return next(row for row in rows if row.wine.get("name") == name)


def skipped(rows: Iterable[Row]) -> list[tuple[int, str, str]]:
    """Return the cells that could not be read: row, column, text."""
    return [(row.number, cell.column, cell.text) for row in rows for cell in row.skipped_cells]
