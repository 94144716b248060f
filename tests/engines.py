"""The database the tests run on: `ENGINE=sqlite`, `postgres` or `mongodb` in the environment."""

import atexit
import getpass
import glob
import os
import random
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Where the first process of a parallel run tells the others which server it started.
URL_NAME = "TESTS_DATABASE_URL"
POSTGRES_URL_NAME = "TESTS_POSTGRES_URL"


def database_url() -> str:
    """Return the URL of the database to test on, starting a server where one is needed; none for SQLite."""
    engine = os.environ.get("ENGINE", "sqlite")
    if engine == "sqlite":
        return ""
    if engine == "mongodb":
        from tests import mongodb_server

        return mongodb_server.start()
    if engine == "postgres":
        # A server made for the tests stands ready, or was started by the process that began this run.
        url = os.environ.get(POSTGRES_URL_NAME) or os.environ.get(URL_NAME) or start_postgres()
        os.environ[URL_NAME] = url
        return url
    raise SystemExit(f"ENGINE must be sqlite, postgres or mongodb, not {engine!r}.")


def remove_at_exit(folder: Path) -> None:
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server installed here."""
    found = [Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if not found and (path := shutil.which("initdb")):
        found = [Path(path).parent]
    return max(found, key=str) if found else None


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL of our own."""

    url: str
    control: tuple[str | Path, ...]
    log: Path
    options: str

    def start(self) -> None:
        _run(*self.control, "-l", self.log, "-o", self.options, "start")

    def stop(self) -> None:
        _run(*self.control, "-m", "immediate", "stop")


def start_postgres() -> str:
    server = postgres_of_its_own()
    atexit.register(server.stop)
    return server.url


def postgres_of_its_own() -> Postgres:
    """Start a PostgreSQL on a free port, with everything in a folder that goes when the tests end."""
    programs = postgres_programs()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed here (Debian: apt-get install postgresql).")
    folder = Path(tempfile.mkdtemp(prefix="winebox-postgres-"))
    remove_at_exit(folder)
    cluster = folder / "cluster"
    # PostgreSQL refuses to run as root.
    as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres", "postgres")
    owner = "postgres" if as_owner else getpass.getuser()
    _run(*as_owner, programs / "initdb", "-D", cluster, "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync")
    port = free_port()
    # The data is thrown away, so it need not survive a power cut.
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    control: tuple[str | Path, ...] = (*as_owner, programs / "pg_ctl", "-D", cluster, "-w")
    server = Postgres(f"postgres://{owner}@127.0.0.1:{port}/winebox", control, folder / "log", options)
    server.start()
    return server


def _run(*command: str | Path) -> None:
    # Its own folder: the user postgres may not enter the one the tests were started in.
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def free_port() -> int:
    """Return a port that nobody listens on: not one of those that the system hands out to whoever connects next."""
    for port in random.sample(range(10_000, 32_000), 100):
        with socket.socket() as listening, suppress(OSError):
            listening.bind(("127.0.0.1", port))
            return port
    raise AssertionError("No port is free.")
