"""A household at a server that really runs, for those who attack it and for what breaks."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.winebox.process import KEY, Site, environment, manage
from tests.winebox.visitor import Visitor

PASSWORD = "a long evening in a dark cellar"
EMAIL = "owner@example.org"
BOTTLES = 500

FILL = f"""
from accounts import people
from cellar import stock
from cellar.wines import add_wine
people.add(email={EMAIL!r}, name="Owner", role="owner", password={PASSWORD!r})
wine = add_wine(producer="Château Margaux", name="Grand Vin", vintage=2005)
stock.check_in(wine=wine, quantity={BOTTLES}, actor=None)
print(wine.pk)
"""


@dataclass(frozen=True)
class Household:
    """An installation with an owner and a wine of which there are BOTTLES."""

    env: dict[str, str]
    wine: str

    def run(self, *arguments: str) -> str:
        done = manage(*arguments, env=self.env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        return self.run("shell", "--verbosity", "0", "--command", code).strip()

    def in_cellar(self) -> int:
        return int(json.loads(self.run("cellar_stats", "--json"))["bottles_in_cellar"])

    def ledger(self) -> Any:
        return json.loads(self.run("check_ledger", "--json"))


def household(folder: Path, **names: str) -> Household:
    """Set WineBox up in a folder, with limits that do not get into the way."""
    limits = {"RATE_LIMIT_PER_MINUTE": "1000000", "AUTH_RATE_LIMIT_PER_MINUTE": "1000000"}
    env = environment(folder, **{"SECRET_KEY": KEY, **limits, **names})
    home = Household(env, "")
    home.run("setup")
    return Household(env, home.python(FILL))


def signed_in(site: Site) -> Visitor:
    visitor = Visitor(site)
    status, _page = visitor.send("/accounts/sign-in/", email=EMAIL, password=PASSWORD)
    assert status == 302
    return visitor


def post(visitor: Visitor, path: str, **fields: str) -> tuple[int, str]:
    """Send a form without opening its page first."""
    return visitor.request("POST", path, urlencode({"csrfmiddlewaretoken": visitor.cookies["csrftoken"], **fields}))


BOUNDARY = "a-photo-of-a-bottle"


def upload(visitor: Visitor, path: str, content: bytes, *, name: str = "bottle.jpg") -> tuple[int, bytes]:
    """Send a photo as a browser does, whatever it is."""
    edge = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    fields = {"csrfmiddlewaretoken": visitor.cookies["csrftoken"], "kind": "front"}
    head = "".join(f'{edge}"{field}"\r\n\r\n{value}\r\n' for field, value in fields.items())
    file = f'{edge}"photo"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head.encode() + file.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    connection = visitor.site.connect()
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer
