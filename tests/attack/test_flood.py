"""A flood of sign-ins: those who are in hardly notice."""

import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.winebox.process import KEY, Site, environment, manage, serving
from tests.winebox.visitor import TOKEN, Visitor

pytestmark = [pytest.mark.attack, pytest.mark.once, pytest.mark.xdist_group("serve")]

PASSWORD = "slow barrels under the old stairs"
THREADS = 16
PAGES = 40
# Where others use the machine, too, everything is slower; the calm of the minute before tells how much.
QUICK_SECONDS, TIMES_CALM = 0.3, 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flood")
    env = environment(folder, SECRET_KEY=KEY)
    assert manage("setup", env=env).returncode == 0
    assert manage("create_demo", "--wines", "120", "--bottles", "400", env=env).returncode == 0
    return folder


@contextmanager
def flood(site: Site) -> Iterator[Counter[int]]:
    """Try to sign in from sixteen threads, each time as somebody else; yields how often which status came."""
    answers: Counter[int] = Counter()
    over = threading.Event()

    def guess(number: int) -> None:
        guesser = Visitor(site)
        token = TOKEN.findall(guesser.get("/accounts/sign-in/")[1])[0]
        guess = 0
        while not over.is_set():
            guess += 1
            form = {
                "csrfmiddlewaretoken": token,
                "email": f"who{number}x{guess}@example.org",
                "password": "a wrong one",
            }
            answers[guesser.request("POST", "/accounts/sign-in/", urlencode(form))[0]] += 1

    threads = [threading.Thread(target=guess, args=[number], daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def wine_list(owner: Visitor) -> list[float]:
    """Return how long the list of wines takes, in seconds, each of some times."""
    took = []
    for _ in range(PAGES):
        started = time.monotonic()
        assert owner.get("/wines/")[0] == 200
        took.append(time.monotonic() - started)
    return took


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


@pytest.mark.parametrize("limit", [30, 1_000_000], ids=["with the limit", "without"])
def test_a_flood_of_sign_ins_leaves_the_wine_list_quick(folder: Path, limit: int) -> None:
    env = environment(folder, SECRET_KEY=KEY, AUTH_RATE_LIMIT_PER_MINUTE=str(limit))
    with serving(folder, env) as site:
        owner = Visitor(site)
        if found := re.search(r"/setup/[^/\s]+/", site.printed()):
            ada = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "password_again": PASSWORD}
            assert owner.send(found[0], **ada)[0] == 302
        else:
            assert owner.send("/accounts/sign-in/", email="ada@example.org", password=PASSWORD)[0] == 302
        calm = wine_list(owner)
        with flood(site) as answers:
            flooded = wine_list(owner)
    before, during = p95(calm), p95(flooded)
    print(f"p95 calm {before * 1000:.0f} ms, flooded {during * 1000:.0f} ms, answers {dict(answers)}")
    assert sum(answers.values()) > THREADS
    assert during < max(QUICK_SECONDS, TIMES_CALM * before)
