"""Clients that take their time do not take anybody else's."""

import time
from collections.abc import Iterator

import pytest

from tests.attack.crowd import crowd
from tests.winebox.process import KEY, Site, environment, manage, serving

pytestmark = [pytest.mark.attack, pytest.mark.once, pytest.mark.xdist_group("serve")]

HEADERS, BODIES = 300, 200


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("slow")
    env = environment(folder, SECRET_KEY=KEY)
    assert manage("setup", env=env).returncode == 0
    with serving(folder, env) as site:
        yield site


@pytest.mark.parametrize("path", ["/health/", "/accounts/sign-in/"])
def test_among_five_hundred_slow_clients_a_page_takes_less_than_a_second(site: Site, path: str) -> None:
    with crowd(site.address, headers=HEADERS, bodies=BODIES) as slow:
        took = []
        for _ in range(20):
            started = time.monotonic()
            assert site.get(path)[0] == 200
            took.append(time.monotonic() - started)
        assert slow.still_there() == HEADERS + BODIES, "they were sent away, so nothing was shown"
    print(f"{path}: slowest {max(took) * 1000:.0f} ms")
    assert max(took) < 1
