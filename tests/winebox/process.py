"""WineBox as a process of its own, with an environment of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from winebox.environment import BASE_DIR

# For a machine that is slow and busy; nothing is shown by how long it takes.
WAIT_SECONDS = 120
KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def environment(folder: Path, **names: str) -> dict[str, str]:
    """Return an environment whose cellar is in this folder; names are given without their prefix."""
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("WINEBOX_", "DJANGO_", "PYTEST_"))
    }
    ours = {"ENV_FILE": str(folder / ".env"), "DATA_DIR": str(folder / "data"), **names}
    return bare | {f"WINEBOX_{name}": value for name, value in ours.items()}


def manage(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    # waitress leaves its sockets to the garbage collector when it cannot listen.
    command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "manage.py", *arguments]
    return subprocess.run(
        command, cwd=BASE_DIR, env=dict(env), capture_output=True, text=True, timeout=WAIT_SECONDS, check=False
    )


class Site:
    """A running server and what it printed."""

    def __init__(self, process: subprocess.Popen[str], log: Path, port: int = 0) -> None:
        self.process = process
        self.log = log
        printed = self._wait_for(r"ready at https?://([^/]+)/")
        # Behind a proxy it prints the proxy's address.
        self.address = f"127.0.0.1:{port}" if port else printed

    def _wait_for(self, pattern: str) -> str:
        for _ in range(2400):
            if found := re.search(pattern, self.printed()):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"The server did not start:\n{self.printed()}")

    def printed(self) -> str:
        return self.log.read_text()

    def connect(self) -> HTTPConnection:
        return HTTPConnection(self.address, timeout=WAIT_SECONDS)

    def get(self, path: str) -> tuple[int, bytes]:
        connection = self.connect()
        connection.request("GET", path)
        response = connection.getresponse()
        status, body = response.status, response.read()
        connection.close()
        return status, body

    def stop(self) -> int:
        """Ask the server to stop, as systemd and Docker do, and return how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@contextmanager
def serving(folder: Path, env: Mapping[str, str], *, port: int = 0) -> Iterator[Site]:
    """Run the server on this port, or on a free one, until the block ends."""
    log = folder / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=BASE_DIR,
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Site(process, log, port)
        finally:
            process.kill()
            process.wait()
