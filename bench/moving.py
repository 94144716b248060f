"""Moving a cellar out: how soon an export begins, and what export and backup take in memory and time."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Mapping

from bench.report import Row
from winebox.environment import BASE_DIR

FORMATS = ("csv", "xlsx", "json")


def main() -> None:
    """Print the seconds to the first and to the last piece, and what it took in memory, in MB."""
    import os
    import tempfile

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
    from cellar.exports import export
    from cellar.models import Wine
    from winebox.archive import write_backup

    Wine.objects.first()
    what = sys.argv[1]
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    if what == "backup":
        with tempfile.TemporaryFile() as file:
            write_backup(file)
        first = time.perf_counter() - start
    else:
        pieces = export(what="wines", file_format=what).pieces
        next(pieces)
        first = time.perf_counter() - start
        for _piece in pieces:
            pass
    total = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(f"{first} {total} {grown}\n")


def measure(what: str, env: Mapping[str, str]) -> tuple[float, float, float]:
    """Return the figures of one export, or of a backup, in a process of its own."""
    command = [sys.executable, "-m", "bench.moving", what]
    done = subprocess.run(command, cwd=BASE_DIR, env=dict(env), capture_output=True, text=True, check=True)
    first, total, grown = (float(figure) for figure in done.stdout.split())
    return first, total, grown


def moving_rows(env: Mapping[str, str], wines: int) -> list[Row]:
    """Return what `make bench` shows of a cellar of that size."""
    rows = []
    for name in FORMATS:
        first, _total, grown = measure(name, env)
        rows.append(Row(f"first piece of all wines as {name}", 1000 * first, 200, "ms"))
        rows.append(Row(f"memory of all wines as {name}", grown, 20, "MB"))
    _first, total, grown = measure("backup", env)
    # No budget of its own for the time: a tenth of a second for a thousand wines is a minute for the largest cellar.
    rows.append(Row("backup, per 1,000 wines", 1000 * total / wines, 1, "s"))
    rows.append(Row("memory of a backup", grown, 40, "MB"))
    return rows


if __name__ == "__main__":
    main()
