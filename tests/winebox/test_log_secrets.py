"""A day of a household, read back from its log: everything is there, and nothing that is secret."""

import json
import re
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.winebox.process import KEY, environment, manage, serving
from tests.winebox.visitor import TOKEN, Visitor

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

PASSWORD = "slow barrels under the old stairs"
WRONG = "quick barrels under the new stairs"
NEXT = "seven candles and a dusty corkscrew"
SEARCH = "a-very-private-search"


def secrets_of(visitor: Visitor, pages: list[str]) -> set[str]:
    """Return what this visitor was given that nobody else may have: cookies, form tokens."""
    return {*visitor.cookies.values(), *(token for page in pages for token in TOKEN.findall(page))}


def live_a_day(folder: Path, log_format: str) -> tuple[list[str], set[str]]:
    """Set up, sign in and out, mistype, invite, search, ask for what is not there; return log lines and secrets."""
    env = environment(folder, SECRET_KEY=KEY, LOG_FORMAT=log_format)
    assert manage("setup", env=env).returncode == 0
    secrets = {KEY, PASSWORD, WRONG, NEXT, SEARCH}
    pages: list[str] = []
    with serving(folder, env) as site:
        [setup] = re.findall(r"(/setup/[^/\s]+/)", site.printed())
        owner, thief = Visitor(site), Visitor(site)
        assert (
            owner.send(setup, name="Ada", email="ada@example.org", password=PASSWORD, password_again=PASSWORD)[0] == 302
        )
        secrets |= secrets_of(owner, pages)
        for address in (setup.rstrip("/"), f"{setup},", f"{setup}?next={setup}"):
            thief.get(address)
        assert thief.send("/accounts/sign-in/", email="ada@example.org", password=WRONG)[0] == 422
        assert thief.send("/accounts/sign-in/", email=PASSWORD, password="ada@example.org")[0] == 422
        thief.get(f"/wines/?q={SEARCH}&password={quote(PASSWORD)}")
        again = {"sudo_password": PASSWORD, "sudo_then": "send"}
        assert owner.send("/accounts/invite/", email="bea@example.org", role="member", **again)[0] == 302
        pages.append(owner.get(owner.location)[1])
        invitations = re.findall(r"/accounts/invitation/([^/\s\"<]+)/", pages[-1])
        assert invitations
        owner.get(f"/wines/?q={SEARCH}")
        owner.get("/nowhere/%0d%0a2026-01-01T00:00:00.000+00:00%20INFO%20winebox.security%20forged")
        assert owner.send("/accounts/password/", current_password=PASSWORD, password=NEXT, password_again=NEXT)[0] in {
            200,
            302,
            422,
        }
        secrets |= secrets_of(owner, pages) | secrets_of(thief, pages) | set(invitations) | {setup.split("/")[2]}
        lines = site.printed().splitlines()
    notice = [number for number, line in enumerate(lines) if setup in line]
    return [line for number, line in enumerate(lines) if number > notice[0]], {s for s in secrets if len(s) > 5}


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_nothing_secret_is_in_the_log_of_a_day(tmp_path: Path, log_format: str) -> None:
    lines, secrets = live_a_day(tmp_path, log_format)
    written = "\n".join(lines)
    assert len(secrets) > 10
    assert [secret for secret in secrets if secret in written or quote(secret) in written] == []
    assert "sign_in_failed" in written
    assert "link_created" in written
    if log_format == "json":
        entries = [json.loads(line) for line in lines]
        requests = [entry for entry in entries if entry["logger"] == "winebox.request"]
        assert all(uuid.UUID(entry["request_id"]) for entry in requests)
        assert len({entry["request_id"] for entry in requests}) == len(requests)
        assert {"time", "level", "method", "path", "status", "duration_ms", "user"} <= set(requests[0])
    else:
        assert all(re.match(r"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00 [A-Z]+ [\w.]+ request_id=\S+ ", line) for line in lines)
        assert sum(" winebox.security " in line and "forged" in line for line in lines) == 0
