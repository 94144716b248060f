"""Measure the budgets that apply and print them as a table.

Every figure is a median or a ratio taken in one run beside an empty signed-in page of the same server: between runs
machines differ by a factor of two. BENCH_WINES=10000 makes a smaller run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench.importing import importing_rows
from bench.moving import moving_rows
from bench.photos import photo_rows
from bench.report import Row, show
from bench.site import Measured, running
from tests.winebox.process import environment

WINES = int(os.environ.get("BENCH_WINES", "100000"))
FEW = 1_000
EMPTY = "/more/"
LIST = "/wines/?stock=in"
HIT = "/wines/?q=chateau+margaux"
MISS = "/wines/?q=zzzzqqq"
PAGES = {
    "home": "/",
    "statistics": "/stats/",
    "tonight": "/tonight/",
    "wine list": LIST,
    "search": HIT,
    "history": "/history/",
    "places": "/locations/",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
        small = measure(Path(folder) / "small", FEW)
        large = measure(Path(folder) / "large", WINES)
        moving = moving_rows(environment(Path(folder) / "large"), WINES)
    rows = page_rows(small, large) + server_rows(large) + moving + importing_rows() + photo_rows()
    show(rows, title=f"{WINES:,} wines, {3 * WINES:,} bottles, {5 * WINES:,} ledger lines, SQLite")
    sys.exit(0 if all(row.holds for row in rows) else 1)


def measure(folder: Path, wines: int) -> Measured:
    """Fill a cellar of that size, serve it, and take every figure."""
    folder.mkdir()
    with running(folder, wines=wines, bottles=3 * wines, lines=5 * wines) as site:
        result = Measured(cold_start=site.cold_start, empty=site.median(EMPTY))
        for name, path in PAGES.items():
            result.pages[name] = site.median(path)
        wine = site.first_wine(LIST)
        result.pages["wine"] = site.median(wine)
        result.pages["miss"] = site.median(MISS)
        result.pages["suggest"] = site.median("/suggest/producer/?q=cha")
        site.requests(LIST, 1_000 if wines == WINES else 10)
        result.memory = site.memory()
    return result


def page_rows(small: Measured, large: Measured) -> list[Row]:
    def above_empty(name: str) -> float:
        """Return what a page takes beyond what every signed-in page takes, in ms."""
        return 1000 * max(0.0, large.pages[name] - large.empty)

    rows = [Row("wine list (50 rows) over the empty signed-in page", large.pages["wine list"] / large.empty, 4, "×")]
    rows += [
        Row(f"{name} at {WINES:,} wines over {FEW:,}", large.pages[name] / small.pages[name], 1.5, "×")
        for name in ("home", "tonight", "wine list", "history", "wine", "places")
    ]
    rows += [
        Row("search with a hit", above_empty("search"), 40, "ms"),
        Row("search without a hit", above_empty("miss"), 40, "ms"),
        Row("suggestions for a field", above_empty("suggest"), 20, "ms"),
        Row("dashboard", above_empty("home"), 80, "ms"),
        Row("statistics", above_empty("statistics"), 80, "ms"),
    ]
    return rows


def server_rows(large: Measured) -> list[Row]:
    return [
        Row("cold start to the first page", large.cold_start, 1.5, "s"),
        Row("server memory after 1,000 requests", large.memory, 120, "MB"),
    ]


if __name__ == "__main__":
    main()
