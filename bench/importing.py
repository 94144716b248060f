"""Moving into a cellar: how long an import takes from file to shelf, and what it takes in memory."""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

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


def main() -> None:
    """Print the seconds of an import, those in which nobody else can write, and its memory in MB."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
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
    last = begin
    while batch.stage == Stage.STAGING:
        last = time.perf_counter()
        applying.apply_step(batch=batch, seconds=0)
    end = time.perf_counter()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(f"{end - begin} {end - last} {grown}\n")


def measure(folder: Path, rows: int, file_format: str) -> tuple[float, float, float]:
    """Return the figures of an import into an empty cellar, in a process of its own."""
    path = folder / f"wines.{file_format}"
    write(path, rows)
    env: Mapping[str, str] = environment(folder)
    manage("setup", env=env)
    command = [sys.executable, "-m", "bench.importing", str(path)]
    done = subprocess.run(command, cwd=BASE_DIR, env=dict(env), capture_output=True, text=True, check=True)
    total, last, grown = (float(figure) for figure in done.stdout.split())
    return total, last, grown


def importing_rows(few: int = 10_000, many: int = 50_000) -> list[Row]:
    """Return what `make bench` shows of imports."""
    rows = []
    for name, budget in zip(FORMATS, (8, 12), strict=True):
        with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
            total, _last, _grown = measure(Path(folder), few, name)
        rows.append(Row(f"import of {few:,} rows of {name}", total, budget * few / 10_000, "s"))
    with tempfile.TemporaryDirectory(prefix="winebox-bench-") as folder:
        _total, last, grown = measure(Path(folder), many, "csv")
    rows.append(Row(f"memory of an import of {many:,} rows", grown, 150, "MB"))
    # Whoever writes in the meantime waits for 20 seconds at most.
    rows.append(Row(f"writers wait for an import of {many:,} rows", last, 20, "s"))
    return rows


if __name__ == "__main__":
    main()
