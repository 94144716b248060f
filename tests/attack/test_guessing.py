"""Sixty wrong passwords, thirty at a time, each from another address if one believes it."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.security.household import EMAIL, PASSWORD, household
from tests.winebox.process import Site, serving
from tests.winebox.visitor import TOKEN, Visitor

pytestmark = [pytest.mark.attack, pytest.mark.once, pytest.mark.xdist_group("serve")]

GUESSES, AT_A_TIME = 60, 30
LOCKED_MINUTES = 1
SPELLINGS = (EMAIL, EMAIL.upper(), f" {EMAIL} ", EMAIL.title())
LOOKED_AT = """
from accounts.models import SecurityEvent
from axes.models import AccessAttempt
tries = AccessAttempt.objects.filter(username="owner@example.org")
print(list(tries.values_list("ip_address", "failures_since_start")))
print(SecurityEvent.objects.filter(kind="sign_in_failed").count())
"""


class Guesser(Visitor):
    """Says to be somebody else each time."""

    def __init__(self, site: Site, number: int) -> None:
        super().__init__(site)
        address = f"203.0.113.{number}"
        self.headers = {
            "X-Forwarded-For": f"{address}, 10.0.0.{number}",
            "X-Real-IP": address,
            "Forwarded": f"for={address}",
            "User-Agent": f"Browser {number}",
        }
        self.token = TOKEN.findall(self.get("/accounts/sign-in/")[1])[0]

    def guess(self, email: str, password: str) -> tuple[int, str]:
        form = {"csrfmiddlewaretoken": self.token, "email": email, "password": password}
        status, page = self.request("POST", "/accounts/sign-in/", urlencode(form))
        return status, words(page)


def words(page: str) -> str:
    """Return what a page says, without what is new in it each time."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|[0-9a-f-]{36}|Wait .*", " ", page))


def test_of_sixty_wrong_passwords_five_are_looked_at_and_then_the_right_one_is_refused(tmp_path: Path) -> None:
    home = household(tmp_path, LOCKOUT_MINUTES=str(LOCKED_MINUTES))
    with serving(tmp_path, home.env) as site:
        guessers = [Guesser(site, number) for number in range(GUESSES)]
        together = threading.Barrier(AT_A_TIME)

        def guess(number: int) -> int:
            together.wait(60)
            spelling = SPELLINGS[number % len(SPELLINGS)]
            return guessers[number].guess(spelling, f"not the password {number}")[0]

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            answers = list(pool.map(guess, range(GUESSES)))
        locked_at = time.monotonic()
        # Who is looked at last, or while the others are, is told that the account is locked now.
        assert set(answers) <= {422, 429}
        assert answers.count(429) >= GUESSES - 5
        tries, failed = home.python(LOOKED_AT).split("\n")
        assert tries == "[('127.0.0.1', 5)]"
        assert 1 <= int(failed) <= 5
        # An account that is not there is locked in the same way.
        for _time in range(5):
            guessers[1].guess("nobody@example.org", "a wrong one")
        right = guessers[0].guess(EMAIL, PASSWORD)
        assert right[0] == 429
        assert right == guessers[0].guess(EMAIL, "a wrong one")
        assert right == guessers[1].guess("nobody@example.org", PASSWORD)
        time.sleep(max(0, LOCKED_MINUTES * 60 + 1 - (time.monotonic() - locked_at)))
        assert guessers[2].guess(EMAIL, PASSWORD)[0] == 302
