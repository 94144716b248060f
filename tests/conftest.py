"""What all tests share: the database of the engine under test, the network kept shut, and the real data."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches

from tests.isolation import isolate_quickly_on_mongodb
from tests.winebox.post_offices import wait_for_couriers

# How long an example takes, and to make one, depends on what else this machine is doing. What must hold before a change
# lands is asked with the same examples each time; others are looked for wherever else the tests run.
hypothesis.settings.register_profile(
    "winebox",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
    derandomize=os.environ.get("CI") == "true",
)
hypothesis.settings.load_profile("winebox")

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SERVERS = ("redis-server", "nginx", "caddy")


def pytest_configure(config: pytest.Config) -> None:
    if settings.ENGINE == "mongodb":
        isolate_quickly_on_mongodb()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot run here, rather than skip it one by one."""
    markers = reasons_to_leave_out()
    out = [item for item in items if any(item.get_closest_marker(marker) for marker in markers)]
    if out:
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, reason in reasons_to_leave_out().items():
        terminalreporter.write_line(f"Left out: the tests marked {marker}, {reason}.")


def reasons_to_leave_out() -> dict[str, str]:
    """Return which markers are left out here, and why; where everything has to run it is an error instead."""
    missing = {}
    if not SHARED_DATA.is_dir():
        missing["needs_shared_data"] = "because ../shared/data is not beside this checkout"
    if not any(map(shutil.which, BROWSERS)):
        missing["e2e"] = "because Chromium is not installed here"
    if not all(shutil.which(server, path=f"{os.environ['PATH']}:/usr/sbin") for server in SERVERS):
        missing["needs_servers"] = f"because {', '.join(SERVERS)} are not all installed here"
    if not shutil.which("tesseract"):
        missing["needs_tesseract"] = "because Tesseract is not installed here"
    if missing and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"Tests would be left out: {missing}")
    if not shutil.which("systemd-analyze"):
        missing["needs_systemd"] = "because systemd is not installed here"
    if not may_mount():
        missing["needs_mounts"] = "because nothing can be mounted here: that takes root"
    if settings.ENGINE != "sqlite":
        missing["once"] = "because they are the same on every engine and run with SQLite"
    return missing


def may_mount() -> bool:
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    return subprocess.run([unshare, "--mount", "true"], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photos, catalogues and exports."""
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"localhost", "127.0.0.1", "::1"}:
            raise RuntimeError(f"A test tried to reach {host}: tests stay on this machine.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_letter_reaches_the_next_test() -> Iterator[None]:
    """Wait for the letters that nobody waits for."""
    yield
    wait_for_couriers()


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    """Begin each test with nothing remembered; what is counted in the database goes with it."""
    for one in ("default", "template_fragments"):
        caches[one].clear()


@pytest.fixture(autouse=True)
def _no_minute_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of the limits stand still, or now and then a minute would end while a test counts."""
    hour = time.time() // 3600 * 3600
    clock = SimpleNamespace(time=lambda: hour)
    monkeypatch.setattr("winebox.limits.time", clock)
    monkeypatch.setattr("django_ratelimit.core.time", clock)


@pytest.fixture(autouse=True)
def _photos_of_this_test(settings: Any, tmp_path: Path) -> None:
    """Keep the photos of each test apart."""
    storages = {name: dict(options) for name, options in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {**storages["default"]["OPTIONS"], "location": tmp_path / "photos"}
    settings.STORAGES = storages
    settings.PHOTO_DIR = tmp_path / "photos"
