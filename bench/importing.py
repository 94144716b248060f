"""Moving into a cellar: how long an import takes from file to shelf, and what it takes in memory."""

from __future__ import annotations

import csv
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self

from bench.report import Row
from tests.winebox.process import environment, manage
from winebox.environment import BASE_DIR

HEADER = (
    "Producer", "Wine", "Vintage", "Country", "Region", "Grape", "Type", "Quantity", "Size", "Price", "Currency",
    "Store", "Purchase Date", "Location", "Drink From", "Drink Until", "Notes",
)  # fmt: skip
REGIONS = ("Bordeaux", "Bourgogne", "Toscana", "Piemonte", "Rioja", "Mosel", "Barossa", "Napa")
FORMATS = ("csv", "xlsx")


def lines(rows: int) -> Iterator[tuple[object, ...]]:
    """Yield the lines of a collector's spreadsheet: as many wines, and two to three times as many bottles."""
    rng = random.Random(5)
    for number in range(rows):
        yield (
            f"Château Exemple {number // 4}", f"Cuvée {number % 4}", 2000 + number % 22, "France", rng.choice(REGIONS),
            "Merlot 60%, Cabernet Franc 40%", "Red", rng.choice([1, 1, 1, 2, 3, 6]), "750ml",
            f"{rng.randint(8, 200)}.50", "EUR", f"Shop {number % 12}", f"{2010 + number % 13}-0{1 + number % 9}-15",
            f"Rack {number % 20}", 2020 + number % 8, 2030 + number % 9, "A note about this wine, which is good.",
        )  # fmt: skip


def write(path: Path, rows: int) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADER, *lines(rows)])
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for line in lines(rows):
        sheet.append(line)
    book.save(path)


class Writer(threading.Thread):
    """Somebody else who wants to write all the time; knows the longest that they had to wait."""

    def __init__(self, database: Path) -> None:
        super().__init__(name="writer")
        self._database = database
        self._over = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        with closing(sqlite3.connect(self._database, timeout=600, isolation_level=None)) as connection:
            while not self._over.wait(0.05):
                begin = time.perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                self.longest = max(self.longest, time.perf_counter() - begin)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self.join()


def main() -> None:
    """Print the seconds of an import, the longest that somebody else waited to write, and its memory in MB."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
    from django.conf import settings

    from cellar.imports import applying, batches
    from cellar.imports.files import LocalFile
    from cellar.models import Stage, Wine

    Wine.objects.first()
    path = Path(sys.argv[1])
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    batch = batches.plan_anew(batch=batches.start(files_=[LocalFile(path, path.name)], actor=None))
    while batch.stage == Stage.PLANNING:
        batches.plan_step(batch=batch)
    applying.begin(batch=batch)
    with Writer(settings.DATABASES["default"]["NAME"]) as writer:
        while batch.stage == Stage.STAGING:
            applying.apply_step(batch=batch, seconds=0)
    end = time.perf_counter()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(f"{end - begin} {writer.longest} {grown}\n")


def measure(folder: Path, rows: int, file_format: str) -> tuple[float, float, float]:
    """Return the figures of an import into an empty cellar, in a process of its own."""
    path = folder / f"wines.{file_format}"
    write(path, rows)
    env: Mapping[str, str] = environment(folder)
    manage("setup", env=env)
    command = [sys.executable, "-m", "bench.importing", str(path)]
    done = subprocess.run(command, cwd=BASE_DIR, env=dict(env), capture_output=True, text=True, check=True)
    total, waited, grown = (float(figure) for figure in done.stdout.split())
    return total, waited, grown


def importing_rows(few: int = 10_000, many: int = 50_000) -> list[Row]:
    """Return what `make bench` shows of imports."""
    rows = []
    for name, budget in zip(FORMATS, (8, 12), strict=True):
        with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
            total, _waited, _grown = measure(Path(folder), few, name)
        rows.append(Row(f"import of {few:,} rows of {name}", total, budget * few / 10_000, "s"))
    with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
        _total, waited, grown = measure(Path(folder), many, "csv")
    rows.append(Row(f"memory of an import of {many:,} rows", grown, 150, "MB"))
    # Whoever writes in the meantime waits for 20 seconds at most.
    rows.append(Row(f"writers wait for an import of {many:,} rows", waited, 20, "s"))
    return rows


if __name__ == "__main__":
    main()
