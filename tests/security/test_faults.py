"""What breaks around the server: it is killed, the disk is full or read-only, the database is locked or away."""

import shutil
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.cellar.labels.photos import encoded, noise
from tests.engines import postgres_of_its_own
from tests.security.household import BOTTLES, Household, household, post, signed_in, upload
from tests.winebox.process import serving
from tests.winebox.visitor import Visitor

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

DATABASE = "winebox.sqlite3"
CLIENTS = 4


@pytest.fixture
def home(tmp_path: Path) -> Household:
    return household(tmp_path)


def drink(visitor: Visitor, home: Household, key: str) -> int:
    return post(visitor, f"/wines/{home.wine}/check-out/", key=key, quantity="1", reason="drank")[0]


def drink_until_it_dies(visitor: Visitor, home: Household, answered: list[str]) -> None:
    with suppress(OSError, HTTPException):
        while True:
            key = str(uuid.uuid4())
            if drink(visitor, home, key) == 302:
                answered.append(key)


def test_what_was_acknowledged_is_there_after_a_kill_under_load(home: Household, tmp_path: Path) -> None:
    answered: list[str] = []
    for _time in range(2):
        before = len(answered)
        with serving(tmp_path, home.env) as site:
            threads = [
                threading.Thread(target=drink_until_it_dies, args=[signed_in(site), home, answered], daemon=True)
                for _client in range(CLIENTS)
            ]
            for thread in threads:
                thread.start()
            while len(answered) < before + 40 and any(thread.is_alive() for thread in threads):
                time.sleep(0.01)
            site.process.kill()
            for thread in threads:
                thread.join(30)
                assert not thread.is_alive()
    # The server started again by itself; nothing was repaired in between.
    with serving(tmp_path, home.env) as site:
        assert site.get("/health/")[0] == 200
        assert signed_in(site).get(f"/wines/{home.wine}/")[0] == 200
    found = home.python(
        f"from cellar.models import Transaction\nprint(Transaction.objects.filter(pk__in={answered!r}).count())"
    )
    assert int(found) == len(answered) >= 80
    # A bottle may have been taken whose answer did not get through any more, one for each client and kill at most.
    assert len(answered) <= BOTTLES - home.in_cellar() <= len(answered) + 2 * CLIENTS
    assert home.ledger()["findings"] == []


FORMS = {
    "check-in": ("/wines/{wine}/check-in/", {"quantity": "3"}, "Bottle", 3),
    "check-out": ("/wines/{wine}/check-out/", {"quantity": "2", "reason": "drank"}, "Transaction", 1),
    "wine": ("/wines/add/", {"producer": "Vietti", "name": "Castiglione", "quantity": "0"}, "Wine", 1),
    "note": ("/wines/{wine}/notes/add/", {"text": "Cherries", "tasted_on": "2024-05-01"}, "TastingNote", 1),
    "place": ("/locations/add/", {"name": "Shelf", "kind": "shelf"}, "Location", 1),
    "plus": ("/wines/{wine}/plus/", {}, "Bottle", 1),
}  # fmt: skip


def test_the_same_form_ten_times_at_once_has_one_effect(home: Household, tmp_path: Path) -> None:
    count = "import cellar.models as m\nprint(*[getattr(m, name).objects.count() for name in {names!r}])"
    names = [model for _path, _fields, model, _new in FORMS.values()]
    before = home.python(count.format(names=names)).split()
    with serving(tmp_path, home.env) as site:
        visitor = signed_in(site)
        for path, fields, _model, _new in FORMS.values():
            assert ten_times_at_once(visitor, path.format(wine=home.wine), fields) == {302}
    after = home.python(count.format(names=names)).split()
    grown = {name: int(after[n]) - int(before[n]) for n, name in enumerate(FORMS)}
    # The check-in and the plus both make bottles; each of the three changes of stock is one transaction.
    expected = {"check-in": 4, "plus": 4, "check-out": 3, "wine": 1, "note": 1, "place": 1}
    assert grown == expected
    assert home.in_cellar() == BOTTLES + 3 - 2 + 1
    assert home.ledger()["findings"] == []


def ten_times_at_once(visitor: Visitor, path: str, fields: dict[str, str]) -> set[int]:
    start, answers = threading.Barrier(10), set()
    sent = {"key": str(uuid.uuid4()), **fields}

    def send() -> None:
        start.wait()
        answers.add(post(visitor, path, **sent)[0])

    threads = [threading.Thread(target=send, daemon=True) for _time in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return answers


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.needs_mounts
def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    with mounted(tmp_path / "data", "-t", "tmpfs", "-o", "size=32m,mode=700", "tmpfs") as data:
        home = household(tmp_path)
        with serving(tmp_path, home.env) as site:
            visitor = signed_in(site)
            fresh = signed_in(site)
            assert drink(visitor, home, str(uuid.uuid4())) == 302
            before = photos_in(data)
            fill_up(data)
            photo = encoded(noise((900, 900)))
            status, page = upload(visitor, f"/wines/{home.wine}/photos/add/", photo)
            assert (status, b"There is no room to save this" in page) == (507, True)
            assert photos_in(data) == before
            refused = drink_until_refused(visitor, home)
            assert refused == 507
            # Reading goes on, also for somebody whose first page it is, which would be written down.
            assert fresh.get(f"/wines/{home.wine}/")[0] == 200
            in_cellar = counted(data)
            assert site.get("/health/")[0] == 200
            (data / "ballast").unlink()
            # The same server goes on as soon as there is room.
            assert upload(visitor, f"/wines/{home.wine}/photos/add/", photo)[0] == 302
            assert drink(visitor, home, str(uuid.uuid4())) == 302
        assert home.in_cellar() == in_cellar - 1
        assert home.ledger()["findings"] == []


def drink_until_refused(visitor: Visitor, home: Household) -> int:
    """Take bottles until there is no room for one more in what SQLite has already reserved."""
    for _time in range(200):
        status = drink(visitor, home, str(uuid.uuid4()))
        if status != 302:
            return status
    raise AssertionError("The disk was not full.")


def fill_up(folder: Path) -> None:
    with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def photos_in(data: Path) -> list[Path]:
    return sorted(path for path in (data / "photos").rglob("*") if path.is_file())


def counted(data: Path) -> int:
    """Count the bottles that are in the cellar, in the book itself."""
    with closing(sqlite3.connect(f"file:{data / DATABASE}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT count(*) FROM cellar_bottle WHERE state = 'in_cellar'")
        return int(rows.fetchone()[0])


@pytest.mark.needs_mounts
def test_a_read_only_disk_is_told_and_nothing_is_half_written(home: Household, tmp_path: Path) -> None:
    photos = tmp_path / "data" / "photos"
    photos.mkdir(exist_ok=True)
    with serving(tmp_path, home.env) as site:
        visitor = signed_in(site)
        with mounted(photos, "--bind", str(photos)):
            subprocess.run(["mount", "-o", "remount,bind,ro", str(photos)], check=True)
            status, page = upload(visitor, f"/wines/{home.wine}/photos/add/", encoded(noise((50, 50))))
            assert (status, b"There is no room to save this" in page) == (507, True)
            assert visitor.get(f"/wines/{home.wine}/")[0] == 200
        assert upload(visitor, f"/wines/{home.wine}/photos/add/", encoded(noise((50, 50))))[0] == 302
    assert home.python("from cellar.models import Label\nprint(Label.objects.count())") == "1"


def test_a_photo_that_is_missing_leaves_its_page_standing(home: Household, tmp_path: Path) -> None:
    with serving(tmp_path, home.env) as site:
        visitor = signed_in(site)
        assert upload(visitor, f"/wines/{home.wine}/photos/add/", encoded(noise((50, 50))))[0] == 302
        label = home.python("from cellar.models import Label\nprint(Label.objects.get().pk)")
        shutil.rmtree(tmp_path / "data" / "photos")
        assert visitor.get(f"/labels/{label}/large/")[0] == 404
        assert visitor.get(f"/wines/{home.wine}/")[0] == 200
        assert upload(visitor, f"/wines/{home.wine}/photos/add/", encoded(noise((50, 50))))[0] == 302


@pytest.mark.attack
def test_a_locked_database_is_told_and_the_server_goes_on(home: Household, tmp_path: Path) -> None:
    key = str(uuid.uuid4())
    with serving(tmp_path, home.env) as site:
        visitor = signed_in(site)
        with closing(sqlite3.connect(tmp_path / "data" / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, page = post(visitor, f"/wines/{home.wine}/check-out/", key=key, quantity="1", reason="drank")
            assert (status, "What is stored is safe" in page) == (503, True)
            assert visitor.get("/wines/")[0] == 200
            other.execute("ROLLBACK")
        assert counted(tmp_path / "data") == BOTTLES
        # The form that was refused is sent once more, and has its effect once.
        assert drink(visitor, home, key) == 302
    assert home.in_cellar() == BOTTLES - 1


@pytest.mark.attack
def test_a_database_that_is_away_is_told_and_the_server_goes_on(tmp_path: Path) -> None:
    server = postgres_of_its_own()
    running = True
    try:
        with_database = server.url.replace("/winebox", "/postgres")
        home = household(tmp_path, DATABASE_URL=with_database)
        with serving(tmp_path, home.env) as site:
            visitor = signed_in(site)
            server.stop()
            running = False
            assert site.get("/health/")[0] == 503
            for path in ("/", "/wines/", "/accounts/profile/"):
                status, page = visitor.get(path)
                assert (status, "What is stored is safe" in page) == (503, True), path
            assert drink(visitor, home, str(uuid.uuid4())) == 503
            server.start()
            running = True
            assert site.get("/health/")[0] == 200
            assert drink(visitor, home, str(uuid.uuid4())) == 302
        assert home.in_cellar() == BOTTLES - 1
        assert home.ledger()["findings"] == []
    finally:
        if running:
            server.stop()
