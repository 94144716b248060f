"""Measure the budgets that apply and print them as a table.

Every figure is a median or a ratio taken in one run beside an empty signed-in page of the same server: between runs
machines differ by a factor of two. BENCH_WINES=10000 makes a smaller run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.importing import importing_rows
from bench.moving import moving_rows
from bench.photos import photo_rows
from bench.report import Row, show
from bench.site import FilledSite, medians, running
from tests.winebox.process import environment

WINES = int(os.environ.get("BENCH_WINES", "100000"))
FEW = 1_000
EMPTY = "/more/"
LIST = "/wines/?stock=in"
PAGES = {
    "home": "/",
    "statistics": "/stats/",
    "tonight": "/tonight/",
    "wine list": LIST,
    "search": "/wines/?q=chateau+margaux",
    "miss": "/wines/?q=zzzzqqq",
    "suggest": "/suggest/producer/?q=cha",
    "history": "/history/",
    "places": "/locations/",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds of a page in the small cellar and in the large one, and of an empty page of the large one."""

    few: float
    many: float
    empty: float

    @property
    def growth(self) -> float:
        return self.many / self.few

    @property
    def above_empty(self) -> float:
        """What the page takes beyond what every signed-in page takes, in ms."""
        return 1000 * max(0.0, self.many - self.empty)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        with filled(small, FEW) as few, filled(large, WINES) as many:
            rows = page_rows(measure(few, many)) + server_rows(many)
        rows += moving_rows(environment(large), WINES)
    rows += importing_rows() + photo_rows()
    show(rows, title=f"{WINES:,} wines, {3 * WINES:,} bottles, {5 * WINES:,} ledger lines, SQLite")
    sys.exit(0 if all(row.holds for row in rows) else 1)


@contextmanager
def filled(folder: Path, wines: int) -> Iterator[FilledSite]:
    folder.mkdir()
    with running(folder, wines=wines, bottles=3 * wines, lines=5 * wines) as site:
        yield site


def measure(few: FilledSite, many: FilledSite) -> dict[str, Measured]:
    """Take the figure of every page, of both cellars and of the empty page in turns."""
    pages = {name: (path, path) for name, path in PAGES.items()}
    pages["wine"] = (few.first_wine(LIST), many.first_wine(LIST))
    return {
        name: Measured(*medians((few, in_few), (many, in_many), (many, EMPTY)))
        for name, (in_few, in_many) in pages.items()
    }


def page_rows(pages: Mapping[str, Measured]) -> list[Row]:
    over_empty = pages["wine list"].many / pages["wine list"].empty
    rows = [Row("wine list (50 rows) over the empty signed-in page", over_empty, 4, "×")]
    rows += [
        Row(f"{name} at {WINES:,} wines over {FEW:,}", pages[name].growth, 1.5, "×")
        for name in ("home", "tonight", "wine list", "history", "wine", "places")
    ]
    rows += [
        Row("search with a hit", pages["search"].above_empty, 40, "ms"),
        Row("search without a hit", pages["miss"].above_empty, 40, "ms"),
        Row("suggestions for a field", pages["suggest"].above_empty, 20, "ms"),
        Row("dashboard", pages["home"].above_empty, 80, "ms"),
        Row("statistics", pages["statistics"].above_empty, 80, "ms"),
    ]
    return rows


def server_rows(site: FilledSite) -> list[Row]:
    site.requests(LIST, 1_000)
    return [
        Row("cold start to the first page", site.cold_start, 1.5, "s"),
        Row("server memory after 1,000 requests", site.memory(), 120, "MB"),
    ]


if __name__ == "__main__":
    main()
