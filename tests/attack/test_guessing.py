"""Sixty wrong passwords, thirty at a time, each from another address if one believes it."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.attack.waiting import wait_until
from tests.winebox.process import KEY, Site, environment, manage, serving
from tests.winebox.visitor import TOKEN, Visitor

pytestmark = [pytest.mark.attack, pytest.mark.once, pytest.mark.xdist_group("serve")]

PASSWORD = "slow barrels under the old stairs"
EMAIL = "ada@example.org"
LOOKED_AT = """
from axes.models import AccessAttempt
print(list(AccessAttempt.objects.values_list("username", "ip_address", "failures_since_start")))
"""


class Guesser(Visitor):
    """Says to be somebody else each time."""

    def __init__(self, site: Site, number: int) -> None:
        super().__init__(site)
        address = f"203.0.113.{number}"
        self.headers = {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
        self.token = TOKEN.findall(self.get("/accounts/sign-in/")[1])[0]

    def guess(self, email: str, password: str) -> tuple[int, str]:
        form = {"csrfmiddlewaretoken": self.token, "email": email, "password": password}
        return self.request("POST", "/accounts/sign-in/", urlencode(form))


def words(page: str) -> str:
    """Return what a page says, without what is new in it each time."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|[0-9a-f-]{36}", " ", page))


def test_five_are_looked_at_then_the_right_one_is_refused_until_the_pause_is_over(tmp_path: Path) -> None:
    env = environment(tmp_path, SECRET_KEY=KEY, LOCKOUT_MINUTES="1", AUTH_RATE_LIMIT_PER_MINUTE="1000000")
    assert manage("setup", env=env).returncode == 0
    with serving(tmp_path, env) as site:
        [setup] = re.findall(r"(/setup/[^/\s]+/)", site.printed())
        ada = {"name": "Ada", "email": EMAIL, "password": PASSWORD, "password_again": PASSWORD}
        assert Visitor(site).send(setup, **ada)[0] == 302
        guessers = [Guesser(site, number) for number in range(60)]
        together = threading.Barrier(30)

        def guess(guesser: Guesser) -> int:
            together.wait(60)
            return guesser.guess(EMAIL, "a wrong one, sixty times")[0]

        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(guess, guessers))
        assert set(answers) <= {422, 429}
        assert answers.count(429) >= 55
        looked_at = manage("shell", "--verbosity", "0", "--command", LOOKED_AT, env=env).stdout.strip()
        assert looked_at == f"[('{EMAIL}', '127.0.0.1', 5)]"
        # The unknown account is locked in the same way.
        for _ in range(5):
            guessers[1].guess("nobody@example.org", "a wrong one")
        right, unknown = guessers[0].guess(EMAIL, PASSWORD), guessers[1].guess("nobody@example.org", PASSWORD)
        assert (right[0], unknown[0]) == (429, 429)
        assert words(right[1]) == words(unknown[1])
        wait_until(lambda: guessers[2].guess(EMAIL, PASSWORD)[0] == 302, seconds=90)
