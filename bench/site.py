"""A filled cellar, served by the real server, and what its pages take."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.winebox.process import Site, environment, manage, serving
from winebox.environment import BASE_DIR

WARM_UP = 3
TIMES = 25


class FilledSite:
    def __init__(self, site: Site, session: str, cold_start: float) -> None:
        self.site, self.cold_start = site, cold_start
        self.headers = {"Cookie": f"sessionid={session}"}
        self.connection: HTTPConnection = site.connect()

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body

    def seconds(self, path: str) -> float:
        start = time.perf_counter()
        self.get(path)
        return time.perf_counter() - start

    def requests(self, path: str, count: int) -> None:
        for _time in range(count):
            self.get(path)

    def first_wine(self, path: str) -> str:
        """Return the address of the first wine of a list."""
        found = re.search(rb'href="(/wines/[0-9a-f-]{36}/)"', self.get(path))
        if found is None:
            raise RuntimeError("The list is empty.")
        return found[1].decode()

    def memory(self) -> float:
        """Return what the server holds in memory, in MB."""
        status = Path(f"/proc/{self.site.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0


def medians(*calls: tuple[FilledSite, str]) -> list[float]:
    """Return how long each page takes, in seconds: the median of some calls after a warm-up.

    The calls take turns, so that what slows the machine down for a while slows all of them down.
    """
    for site, path in calls:
        site.requests(path, WARM_UP)
    times = [[site.seconds(path) for site, path in calls] for _time in range(TIMES)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


@contextmanager
def running(folder: Path, *, wines: int, bottles: int, lines: int) -> Iterator[FilledSite]:
    """Fill a cellar in that folder and serve it."""
    env = environment(folder, RATE_LIMIT_PER_MINUTE="1000000")
    ready = manage("setup", env=env)
    if ready.returncode:
        raise RuntimeError(ready.stderr)
    command = [sys.executable, "-m", "bench.prepare", str(wines), str(bottles), str(lines)]
    session = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=True).stdout.strip()
    start = time.perf_counter()
    with serving(folder, env) as site:
        site.get("/accounts/sign-in/")
        yield FilledSite(site, session, time.perf_counter() - start)
