"""The server opens no connection of its own: no analytics, no look for updates, nothing fetched from elsewhere."""

import re
from pathlib import Path

import pytest

from tests.winebox.process import KEY, environment, manage, serving
from tests.winebox.visitor import Visitor
from winebox.environment import BASE_DIR

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

PASSWORD = "slow barrels under the old stairs"

# Python reads this before anything else, and then tells of each connection and each name that is looked up.
WATCHER = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {arguments}\\n")
sys.addaudithook(watch)
"""
PAGES = ("/", "/wines/?q=barolo", "/wines/add/", "/history/", "/locations/", "/tonight/", "/more/", "/admin/")


def watched_environment(folder: Path) -> dict[str, str]:
    (folder / "sitecustomize.py").write_text(WATCHER)
    env = environment(folder, SECRET_KEY=KEY)
    return env | {"PYTHONPATH": str(folder), "WATCHED": str(folder / "watched")}


def opened(folder: Path) -> list[str]:
    """Return what was opened to other machines; waitress looks up the address that it listens on itself."""
    watched = folder / "watched"
    lines = watched.read_text().splitlines() if watched.exists() else []
    return [line for line in lines if "127.0.0.1" not in line]


def test_a_day_of_a_household_opens_no_connection(tmp_path: Path) -> None:
    env = watched_environment(tmp_path)
    assert manage("setup", env=env).returncode == 0
    with serving(tmp_path, env) as site:
        owner = Visitor(site)
        [setup] = re.findall(r"(/setup/[^/\s]+/)", site.printed())
        ada = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "password_again": PASSWORD}
        assert owner.send(setup, **ada)[0] == 302
        for path in PAGES:
            assert owner.get(path)[0] == 200, path
        assert Visitor(site).send("/accounts/sign-in/", email="ada@example.org", password="wrong")[0] == 422
    assert opened(tmp_path) == []


def test_a_connection_would_have_been_seen(tmp_path: Path) -> None:
    program = "import socket; socket.socket().connect(('127.0.0.2', 1))"
    assert manage("shell", "--command", program, env=watched_environment(tmp_path)).returncode != 0
    assert len(opened(tmp_path)) == 1


def test_git_is_told_to_leave_out_what_is_secret_or_private() -> None:
    ignored = (BASE_DIR / ".gitignore").read_text().splitlines()
    assert {".env*", "/data/", "*.sqlite3*", "/media/", "*.pem", "*.key"} <= set(ignored)
    assert [line for line in ignored if line.startswith("!")] == ["!.env.example"]
