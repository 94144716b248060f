"""Files of each kind from beginning to end: taken over, brought again, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cellar.audit import audit
from cellar.imports.report import report_of
from cellar.imports.taking_back import undo_import
from cellar.management.commands.cellar_stats import cellar_stats
from tests.cellar.imports.formats.reading import FIXTURES
from tests.cellar.imports.importing import applied

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CELLARTRACKER = ("bottles_2026.csv", "inventory_2026.csv", "list.tsv", "notes.tsv", "tag.tsv", "consumed.tsv")
CELLARS = {
    "cellartracker": [f"cellartracker/{name}" for name in CELLARTRACKER],
    "cellartracker of 2020": ["cellartracker/bottles.tsv", "cellartracker/inventory.tsv"],
    "vivino": ["vivino/cellar.csv", "vivino/full_wine_list.csv", "vivino/user_prices.csv"],
    "vinocell": ["vinocell/wines.csv", "vinocell/bottles.csv", "vinocell/bottles_gone.csv"],
    "ploc": ["ploc/wines.csv", "ploc/slots.csv", "ploc/history.csv"],
    "invintory": ["invintory.csv"],
    "oeno": ["oeno.csv"],
    "cellarion": ["cellarion/export.json"],
    "ha-wine-tracker": ["ha_wine_tracker/wines.json"],
    "winebox-1": ["earlier_winebox/wines.csv", "earlier_winebox/transactions.csv"],
    "messy": ["sheets/messy.csv"],
    "french": ["sheets/french.csv"],
    "mixed": ["sheets/mixed.csv"],
}
# Wines, in the cellar, open, on order, gone, notes. The whisky stays out where it was not asked for.
EXPECTED = {
    "cellartracker": (6, 18, 0, 3, 6, 4),
    "cellartracker of 2020": (7, 18, 0, 3, 6, 1),
    "vivino": (5, 10, 0, 0, 0, 3),
    "vinocell": (2, 2, 0, 0, 3, 1),
    "ploc": (2, 3, 0, 0, 4, 1),
    "invintory": (3, 3, 0, 0, 0, 0),
    "oeno": (4, 2, 1, 0, 1, 0),
    "cellarion": (2, 1, 0, 0, 1, 2),
    "ha-wine-tracker": (2, 2, 0, 0, 0, 1),
    "winebox-1": (2, 4, 0, 0, 3, 0),
    "messy": (7, 12, 0, 0, 0, 0),
    "french": (2, 7, 0, 0, 0, 2),
    "mixed": (4, 8, 0, 0, 0, 0),
}


def figures() -> tuple[int, ...]:
    stats = cellar_stats()
    names = ("wines", "bottles_in_cellar", "bottles_open", "bottles_on_order", "bottles_gone", "notes")
    return tuple(stats[name] for name in names)


@pytest.mark.parametrize("cellar", CELLARS)
def test_a_cellar_comes_once_and_goes_again(cellar: str) -> None:
    files = [FIXTURES / name for name in CELLARS[cellar]]
    before = cellar_stats()
    first = applied(*files)
    assert figures() == EXPECTED[cellar]
    assert not audit().findings
    again = report_of(applied(*files))
    new = ("wines_created", "bottles_in_cellar", "bottles_on_order", "bottles_gone", "notes")
    assert [again[name] for name in new] == [0, 0, 0, 0, 0]
    assert figures() == EXPECTED[cellar]
    undo_import(batch=first, actor=None)
    assert cellar_stats() == before
    assert not audit().findings


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("cellartracker_*[a-z].tsv", None),
        ("vinocell_*.csv", (2, 2, 0, 0, 2, 0)),
        ("vivino_[cfu]*.csv", (108, 30, 0, 0, 0, 0)),
        ("oeno_*.csv", (4, 3, 0, 0, 1, 0)),
        ("sheet_standard*.csv", (10, 40, 0, 0, 0, 0)),
    ],
)
def test_real_cellars(shared_data: Path, pattern: str, expected: tuple[int, ...] | None) -> None:
    files = sorted((shared_data / "imports").glob(pattern))
    if expected is None:
        parts = ("list", "inventory", "bottles", "consumed", "purchase", "pending", "availability")
        files = [shared_data / "imports" / f"cellartracker_{part}.tsv" for part in parts]
        expected = (3, 6, 0, 3, 2, 0)
    batch = applied(*files)
    assert figures() == expected
    assert not audit().findings
    undo_import(batch=batch, actor=None)
    assert set(figures()) == {0}
