"""Measure the catalogue: `python -m bench.catalogue FOLDER [WINES]` makes up that many wines there and loads them.

It prints how long that took, how much memory it needed, what the index of words weighs, and how much work (processor
time) completing is, also of words with a letter missing.
FOLDER is the data folder of an empty installation (WINEBOX_DATA_DIR); wines of the shipped set come first.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

import django

ASKED = 300


def write_catalogue(path: Path, wines: int) -> None:
    """Write the shipped catalogue, and others made up around it, until there are so many."""
    from bench.labels import invented
    from cellar.reference.catalogue import SLIM, read_wines

    with SLIM.open(encoding="utf-8-sig", newline="") as file:
        rows = {int(row["WineID"]): row for row in csv.DictReader(file)}
    like = list(rows.values())
    with path.open("w", encoding="utf-8", newline="") as file:
        target = csv.DictWriter(file, like[0].keys())
        target.writeheader()
        for number, wine in enumerate(invented(list(read_wines()), wines)):
            names = {"WineID": wine.wine_id, "WineName": wine.name, "WineryName": wine.producer}
            target.writerow(rows.get(wine.wine_id, like[number % len(like)]) | names)


def main() -> None:
    folder, wines = Path(sys.argv[1]), int((sys.argv[2:] or ["100000"])[0])
    os.environ |= {"WINEBOX_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "winebox.settings"}
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    path = folder / "made_up.csv"
    write_catalogue(path, wines)
    before, begun, worked = _memory(), time.monotonic(), time.process_time()
    call_command("import_catalogue", str(path))
    waited, work = time.monotonic() - begun, time.process_time() - worked
    print(f"import: {waited:.1f} s, {work:.1f} s of them work, {_memory() - before:.0f} MB more at the most")
    _measure_completing()


def _measure_completing() -> None:
    from cellar.models import ReferenceWine
    from cellar.reference.completing import _index, complete

    tracemalloc.start()
    held = _index()
    print(f"index: {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB, {len(held.words)} words")
    tracemalloc.stop()
    del held
    begun = time.monotonic()
    complete("chateau")
    print(f"first answer, which builds the index: {time.monotonic() - begun:.1f} s")
    chance = random.Random(3)
    names = [str(wine) for wine in ReferenceWine.objects.order_by("?")[:ASKED]]
    spent = []
    for name in names:
        text = name[: chance.randint(2, len(name))]
        if chance.random() < 0.3 and len(text) > 5:
            text = text[:3] + text[4:]
        begun = time.process_time()
        complete(text)
        spent.append(1000 * (time.process_time() - begun))
    print(f"completing: median {statistics.median(spent):.1f} ms of work, most {max(spent):.1f} ms, of {ASKED}")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
