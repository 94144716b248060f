"""Servers with a cellar in them: each kind of cellar is made once in a run, then copied."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.winebox.process import Site, environment, manage, serving
from winebox.environment import BASE_DIR

NEW = "new"


@dataclass
class Cellar:
    """A running server, what is in its cellar, and the cookies of those who have signed in."""

    site: Site
    env: dict[str, str]
    ids: dict[str, str]
    cookies: dict[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://{self.site.address}"


def env_of(folder: Path) -> dict[str, str]:
    return environment(folder, RATE_LIMIT_PER_MINUTE="100000", AUTH_RATE_LIMIT_PER_MINUTE="100000")


def prepare(kind: str, folder: Path) -> Path:
    """Return the folder of a cellar of that kind, as `tests.e2e.cellars` fills it; NEW has nobody in it yet."""
    made = folder / kind
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "ids.json").exists():
            _make(kind, made, folder)
    return made


def _make(kind: str, made: Path, folder: Path) -> None:
    new = folder / NEW
    if not new.exists():
        new.mkdir()
        _succeed(manage("setup", env=env_of(new)))
        (new / "ids.json").write_text("{}")
    if kind != NEW:
        _copy(new, made)
        command = [sys.executable, "-m", "tests.e2e.cellars", kind]
        done = subprocess.run(command, cwd=BASE_DIR, env=env_of(made), capture_output=True, text=True, check=False)
        _succeed(done)
        (made / "ids.json").write_text(done.stdout)


def _succeed(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise AssertionError(f"{done.args} failed:\n{done.stderr}")


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("static", "serve.log"))
    (target / "data" / "static").symlink_to((source / "data" / "static").resolve())


@contextmanager
def running(prepared: Path, folder: Path) -> Iterator[Cellar]:
    """Serve a copy of a prepared cellar."""
    home = folder / "home"
    _copy(prepared, home)
    env = env_of(home)
    with serving(home, env) as site:
        yield Cellar(site, env, json.loads((home / "ids.json").read_text()))
