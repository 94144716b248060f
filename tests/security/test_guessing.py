"""Guessing passwords at the real server, many at a time, each time from another address by its own account."""

import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.security.household import EMAIL, PASSWORD, household
from tests.winebox.process import Site, serving
from tests.winebox.visitor import TOKEN, Visitor

pytestmark = [pytest.mark.once, pytest.mark.attack, pytest.mark.xdist_group("serve")]

GUESSES, AT_A_TIME = 60, 30
LOCKED_MINUTES = 1


def attempt(site: Site, password: str, number: int) -> tuple[int, str, str]:
    """Try a password and return the status, the page and when to come back."""
    visitor = Visitor(site)
    token = TOKEN.findall(visitor.get("/accounts/sign-in/")[1])[0]
    forged = f"203.0.113.{number}"
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"{forged}, 10.0.0.{number}",
        "X-Real-IP": forged,
        "Forwarded": f"for={forged}",
        "User-Agent": f"Browser {number}",
    }
    email = (EMAIL, EMAIL.upper(), f" {EMAIL} ", EMAIL.title())[number % 4]
    connection = site.connect()
    sent = urlencode({"csrfmiddlewaretoken": token, "email": email, "password": password})
    connection.request("POST", "/accounts/sign-in/", sent, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, without_what_differs(page, email), answer.headers.get("Retry-After", "")


def without_what_differs(page: str, email: str) -> str:
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "Wait " not in line]
    return "\n".join(lines).replace(email, "").replace(email.strip(), "")


def test_of_sixty_wrong_passwords_five_are_looked_at_and_then_the_right_one_is_refused(tmp_path: Path) -> None:
    home = household(tmp_path, LOCKOUT_MINUTES=str(LOCKED_MINUTES))
    with serving(tmp_path, home.env) as site:
        answers = guess(site)
        right = attempt(site, PASSWORD, 4)
        wrong = attempt(site, "not the password", 4)
        assert right[0] == wrong[0] == 429
        assert right[1] == wrong[1]
        assert 0 < int(right[2]) <= LOCKED_MINUTES * 60
        time.sleep(int(right[2]) + 1)
        assert attempt(site, PASSWORD, 4)[0] == 302
    # Who is looked at last, or while the others are, is told that the account is locked now.
    assert set(answers) == {422, 429}
    assert answers[422] <= 4
    assert sum(answers.values()) == GUESSES
    looked_at = home.python(
        "from accounts.models import SecurityEvent\nprint(SecurityEvent.objects.filter(kind='sign_in_failed').count())"
    )
    assert 1 <= int(looked_at) <= 5


def guess(site: Site) -> Counter[int]:
    answers: Counter[int] = Counter()
    waiting = iter(range(GUESSES))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            status = attempt(site, f"not the password {number}", number)[0]
            with lock:
                answers[status] += 1

    threads = [threading.Thread(target=work, daemon=True) for _one in range(AT_A_TIME)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    return answers
