"""What limits count, and where: nobody gets past them by being many, or by waiting for a restart."""

import json
import subprocess
import sys
import threading
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tests.accounts.factories import make_user, signed_in
from tests.cellar.threads import at_once
from tests.databases import database_of_its_own
from tests.winebox.process import KEY, Site, environment, manage, serving
from tests.winebox.redis_server import RedisServer, redis_server
from winebox import counters, limits
from winebox.counters import DatabaseCounters
from winebox.engines import counters_config
from winebox.environment import BASE_DIR
from winebox.models import Counter
from winebox.redis_counters import RedisCounters

LIMIT = 5
# A server that is written in Python, in the process of the tests, is not asked by sixty at once.
CROWD = 12 if settings.ENGINE == "mongodb" else 60


@pytest.fixture
def database() -> DatabaseCounters:
    return DatabaseCounters("", {})


@pytest.mark.django_db
def test_it_counts_from_where_it_began(database: DatabaseCounters) -> None:
    assert database.add("tries", 1, 60)
    assert not database.add("tries", 1, 60)
    assert [database.incr("tries") for _ in range(3)] == [2, 3, 4]
    assert database.get("tries") == 4
    assert database.get_many(["tries", "others"]) == {"tries": 4}


@pytest.mark.django_db
def test_what_is_over_begins_anew(database: DatabaseCounters) -> None:
    database.add("tries", 7, 60)
    Counter.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert database.get("tries") is None
    with pytest.raises(ValueError, match="Nothing is counted"):
        database.incr("tries")
    assert database.add("tries", 1, 60)
    assert database.get("tries") == 1


@pytest.mark.django_db
def test_it_never_counts_below_nothing(database: DatabaseCounters) -> None:
    database.add("tries", 1, 60)
    assert [database.decr("tries") for _ in range(2)] == [0, 0]


@pytest.mark.django_db
def test_what_was_set_can_be_deleted(database: DatabaseCounters) -> None:
    database.set("tries", 9, 60)
    assert database.get("tries") == 9
    assert database.delete("tries")
    assert database.get("tries") is None
    database.set("tries", 9, None)
    database.clear()
    assert Counter.objects.count() == 0


@pytest.mark.django_db
def test_what_is_over_is_cleared_and_what_runs_stays(database: DatabaseCounters) -> None:
    database.add("old", 1, 60)
    Counter.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    database.add("running", 1, 60)
    assert counters.clear() == {"counters": 1}
    assert database.get("running") == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_the_limit_gets_a_try() -> None:
    waits = at_once([lambda: limits.take("ada", limit=LIMIT, seconds=3600) for _ in range(CROWD)])
    assert not [wait for wait in waits if isinstance(wait, Exception)]
    assert waits.count(0) == LIMIT


@pytest.mark.django_db
def test_a_try_given_back_can_be_taken_again() -> None:
    for _ in range(LIMIT):
        assert not limits.take("ada", limit=LIMIT, seconds=3600)
    assert limits.exhausted(["ada", "bea"], limit=LIMIT, seconds=3600) == {"ada"}
    limits.give_back("ada", seconds=3600)
    assert limits.seconds_left("ada", limit=LIMIT, seconds=3600) == 0
    assert not limits.take("ada", limit=LIMIT, seconds=3600)
    assert 0 < limits.take("ada", limit=LIMIT, seconds=3600) <= 3600
    limits.forget("ada", seconds=3600)
    assert not limits.take("ada", limit=LIMIT, seconds=3600)


# -- Two servers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    with database_of_its_own() as url:
        names = {"SECRET_KEY": KEY, "AUTH_RATE_LIMIT_PER_MINUTE": str(LIMIT), "LOG_FORMAT": "json"}
        env = environment(tmp_path, **names, **({"DATABASE_URL": url} if url else {}))
        assert manage("setup", env=env).returncode == 0
        yield env


def look_at_links(sites: list[Site], times: int) -> Tally[int]:
    """Try secret links at all servers at the same moment, as somebody behind many addresses, and tally the answers."""
    answers: list[int] = []
    together = threading.Barrier(times)

    def look(number: int) -> None:
        connection = sites[number % len(sites)].connect()
        together.wait(60)
        forged = f"10.0.{number}.1"
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        connection.request("GET", f"/setup/nobody-knows-{number}/", headers=headers)
        answers.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=look, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Tally(answers)


@pytest.mark.django_db(transaction=True)
def test_two_servers_hand_out_one_limit_and_a_restart_forgets_nothing(env: dict[str, str], tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    tally: Tally[int] = Tally()
    for _start in range(2):
        with ExitStack() as running:
            tally += look_at_links([running.enter_context(serving(folder, env)) for folder in folders], CROWD)
    # The limit is for a minute, and another one may have begun since the first of these.
    with_room = tally.pop(404)
    assert with_room in {LIMIT, 2 * LIMIT}
    assert tally == {429: 2 * CROWD - with_room}


# -- Redis -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    monkeypatch.setattr(RedisCounters, "resting_until", 0.0)
    with redis_server() as server:
        yield server


def redis_counters(server: RedisServer) -> RedisCounters:
    config = counters_config(server.url)
    return RedisCounters(config["LOCATION"], {"OPTIONS": config["OPTIONS"]})


@pytest.mark.once
@pytest.mark.parametrize(("url", "loaded"), [("", "False"), ("redis://127.0.0.1:1/0", "True")])
def test_the_library_is_loaded_where_there_is_a_redis(url: str, loaded: str, tmp_path: Path) -> None:
    program = """
import sys, django
django.setup()
from django.core.cache import caches
from django.urls import get_resolver
get_resolver().url_patterns
caches["limits"]
print("redis" in sys.modules)
"""
    env = environment(tmp_path, SECRET_KEY=KEY, REDIS_URL=url) | {"DJANGO_SETTINGS_MODULE": "winebox.settings"}
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=BASE_DIR, env=env).stdout == (
        f"{loaded}\n"
    )


@pytest.mark.once
@pytest.mark.needs_servers
@pytest.mark.django_db
def test_with_redis_it_counts_there_and_not_in_the_database(redis: RedisServer) -> None:
    counting = redis_counters(redis)
    assert counting.add("tries", 1, 60)
    assert not counting.add("tries", 1, 60)
    assert at_once([lambda: counting.incr("tries") for _ in range(20)]) != []
    assert counting.get("tries") == 21
    assert counting.get_many(["tries"]) == {"tries": 21}
    assert Counter.objects.count() == 0
    assert counting.delete("tries")
    counting.set("tries", 3, 60)
    assert counting.get("tries") == 3


@pytest.mark.once
@pytest.mark.needs_servers
@pytest.mark.django_db
def test_while_redis_is_away_limits_count_in_the_database(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counting = redis_counters(redis)
    counting.add("tries", 1, 60)
    redis.stop()
    assert [counting.incr("tries") for _ in range(3)] == [1, 2, 3]
    assert Counter.objects.count() == 1
    assert len([record for record in caplog.records if "Redis does not answer" in record.message]) == 1
    redis.start()
    monkeypatch.setattr(RedisCounters, "resting_until", 0.0)
    assert [counting.incr("tries") for _ in range(2)] == [1, 2]


@pytest.mark.once
@pytest.mark.needs_servers
def test_a_site_whose_redis_died_goes_on_and_keeps_its_limits(redis: RedisServer, tmp_path: Path) -> None:
    env = environment(
        tmp_path, SECRET_KEY=KEY, REDIS_URL=redis.url, AUTH_RATE_LIMIT_PER_MINUTE=str(LIMIT), LOG_FORMAT="json"
    )
    assert manage("setup", env=env).returncode == 0
    with serving(tmp_path, env) as site:
        assert look_at_links([site], LIMIT)[404] == LIMIT
        redis.stop()
        assert site.get("/accounts/sign-in/")[0] == 200
        tally = look_at_links([site], 3 * LIMIT)
        with_room = tally.pop(404)
        assert with_room in {LIMIT, 2 * LIMIT}
        assert tally == {429: 3 * LIMIT - with_room}
        warnings = [json.loads(line) for line in site.printed().splitlines() if "Redis does not answer" in line]
        assert [warning["level"] for warning in warnings] in ([["WARNING"] * n for n in range(1, 9)])


# -- Pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
def test_who_is_refused_is_told_how_long(client: Client, settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 2
    client.force_login(make_user())
    answers = [client.post("/for/members/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
def test_a_household_shares_an_address_but_not_a_limit(settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 2
    household = [signed_in(make_user()) for _ in range(3)]
    assert [person.post("/for/members/").status_code for person in household for _ in range(2)] == [200] * 6


@pytest.mark.django_db
def test_reading_pages_write_nothing_and_meet_no_limit(settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = settings.AUTH_RATE_LIMIT_PER_MINUTE = 1
    browser = signed_in(make_user())
    assert {browser.get(path).status_code for path in ["/", "/wines/", "/history/"] for _ in range(25)} == {200}
    assert Counter.objects.count() == 0


@pytest.mark.django_db
def test_searches_have_a_limit_that_somebody_who_types_does_not_meet(settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 2
    browser = signed_in(make_user())
    answers = [browser.get("/suggest/producer/", {"q": "mar"}) for _ in range(21)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:10] == [200] * 10
    assert 429 in statuses
    assert Counter.objects.count() == 0


@pytest.mark.django_db
def test_every_page_that_searches_counts_into_that_limit(settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 1
    pages = (
        "/wines/",
        "/catalogue/",
        "/suggest/catalogue/",
        "/suggest/grape/",
        "/history/",
        "/book/",
        "/inventory/",
        "/export/",
    )
    browser = signed_in(make_user())
    statuses = {path: {browser.get(path, {"q": "mar"}).status_code for _ in range(11)} for path in pages}
    assert [path for path in pages if 429 not in statuses[path]] == []


@pytest.mark.django_db
@pytest.mark.urls("tests.winebox.urls")
def test_a_flood_that_is_refused_writes_nothing_more(client: Client, settings: Settings) -> None:
    settings.RATE_LIMIT_PER_MINUTE = 1
    client.force_login(make_user())
    for _ in range(5):
        refused = client.post("/for/members/")
    assert refused.status_code == 429
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/for/members/").status_code == 429
    assert not [query for query in queries.captured_queries if "winebox_counter" in query["sql"]]


@pytest.mark.django_db
def test_all_addresses_of_a_network_of_ipv6_have_one_limit(client: Client) -> None:
    for number in range(61):
        last = client.post(
            "/csp-report/", "{}", content_type="application/json", REMOTE_ADDR=f"2001:db8:1:2::{number:x}"
        )
    assert last.status_code == 429
    other = client.post("/csp-report/", "{}", content_type="application/json", REMOTE_ADDR="2001:db8:1:3::1")
    assert other.status_code == 204
