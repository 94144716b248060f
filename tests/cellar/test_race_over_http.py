"""Eight people drink one wine at the same time, from a real server: nobody is lost, nothing is handed out twice."""

import json
import re
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.databases import database_of_its_own
from tests.winebox.process import KEY, Site, environment, manage, serving

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
PASSWORD = "a long race to the last bottle"
WAIT_SECONDS = 600

# How many bottles there are, and how often each client takes one. A server that speaks MongoDB's protocol, and lives
# in the process of the tests, takes its time.
BOTTLES, TIMES = (40, 6) if settings.ENGINE == "mongodb" else (1000, 150)

FILL = f"""
from accounts import people
from cellar import stock
from cellar.wines import add_wine
for number in range({CLIENTS}):
    people.add(email=f"client{{number}}@example.org", name=f"Client {{number}}", role="member", password={PASSWORD!r})
wine = add_wine(producer="Château Margaux", name="Grand Vin", vintage=2005)
stock.check_in(wine=wine, quantity={BOTTLES}, actor=None)
print(wine.pk)
"""


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    with database_of_its_own() as url:
        names = {"SECRET_KEY": KEY, "RATE_LIMIT_PER_MINUTE": "1000000", "AUTH_RATE_LIMIT_PER_MINUTE": "1000000"}
        yield environment(tmp_path, **names, **({"DATABASE_URL": url} if url else {}))


@pytest.fixture
def wine_id(env: dict[str, str]) -> str:
    succeed(env, "setup")
    return succeed(env, "shell", "--verbosity", "0", "--command", FILL).strip()


def succeed(env: dict[str, str], *arguments: str) -> str:
    done = manage(*arguments, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Client:
    """Somebody with a browser who is signed in."""

    def __init__(self, site: Site, number: int) -> None:
        self.connection: HTTPConnection = site.connect()
        self.cookies: dict[str, str] = {}
        self.request("GET", "/accounts/sign-in/")
        status, _page = self.post("/accounts/sign-in/", email=f"client{number}@example.org", password=PASSWORD)
        assert status == 302

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        page = response.read().decode()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        return response.status, page

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        fields["csrfmiddlewaretoken"] = self.cookies["csrftoken"]
        return self.request("POST", path, urlencode(fields))

    def close(self) -> None:
        self.connection.close()

    def drink(self, wine_id: str, key: str) -> tuple[int, str]:
        return self.post(f"/wines/{wine_id}/check-out/", key=key, quantity="1", reason="drank")


def race(site: Site, wine_id: str) -> list[tuple[int, str]]:
    """Let all clients drink at once and return each answer."""
    answers: list[tuple[int, str]] = []

    def drink(number: int) -> None:
        with closing(Client(site, number)) as client:
            keys = [str(uuid.uuid4()) for _time in range(TIMES)]
            answers.extend(client.drink(wine_id, key) for key in keys)
            # The first form is sent once more, as by going back in the browser: that is no second bottle.
            assert client.drink(wine_id, keys[0])[0] == 302

    threads = [threading.Thread(target=drink, args=[number], daemon=True) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
        assert not thread.is_alive()
    return answers


def test_everybody_gets_a_bottle_or_a_sentence(env: dict[str, str], wine_id: str, tmp_path: Path) -> None:
    with serving(tmp_path, env) as site:
        answers = race(site, wine_id)
    assert Counter(status for status, _page in answers) == {302: BOTTLES, 422: CLIENTS * TIMES - BOTTLES}
    for status, page in answers:
        if status == 422:
            assert re.search(r"There is no such bottle left\. Somebody may have taken the last one", page)
    stats = json.loads(succeed(env, "cellar_stats", "--json"))
    assert (stats["bottles_in_cellar"], stats["bottles_gone"], stats["transactions"]) == (0, BOTTLES, BOTTLES + 1)
    book = json.loads(succeed(env, "check_ledger", "--json"))
    assert (book["ok"], book["lines"], book["findings"]) == (True, 2 * BOTTLES, [])
