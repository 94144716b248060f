"""/labels/usage/"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cellar.claude import usage
from cellar.claude.service import Tokens
from tests.cellar.views.pages import text_of

pytestmark = pytest.mark.django_db

URL = "/labels/usage/"


def sent(times: int = 1, outcome: str = "answered") -> None:
    for _ in range(times):
        usage.record(outcome=outcome, photos=2, tokens=Tokens(3000, 500), seconds=4.26)


@pytest.fixture
def key(settings: Any) -> str:
    settings.ANTHROPIC_API_KEY = "sk-ant-a-key-that-nobody-is-shown"
    return str(settings.ANTHROPIC_API_KEY)


def test_without_a_key_it_says_how_to_switch_it_on(owner: Client) -> None:
    text = text_of(owner.get(URL))
    assert "no photo leaves the house" in text
    assert "WINEBOX_ANTHROPIC_API_KEY" in text


def test_with_none_a_day_it_says_that_it_is_off(owner: Client, key: str, settings: Any) -> None:
    settings.SCANS_PER_DAY = 0
    assert "WINEBOX_SCANS_PER_DAY is 0" in text_of(owner.get(URL))


def test_it_shows_how_much_of_today_is_used_and_who_is_asked(owner: Client, key: str, settings: Any) -> None:
    settings.SCANS_PER_DAY = 2
    usage.take()
    text = text_of(owner.get(URL))
    assert "1 of 2 used." in text
    assert "Anthropic, api.anthropic.com" in text
    usage.take()
    assert "No more is sent today" in text_of(owner.get(URL))


def test_it_adds_up_the_month_and_lists_the_last(owner: Client, key: str) -> None:
    sent(times=2)
    sent(outcome="timeout")
    text = text_of(owner.get(URL))
    assert "claude-sonnet-5-5 3 9,000 1,500 4.3 $0.0330" in text
    assert "no answer in time 2 claude-sonnet-5-5 3,000 500 4.3 $0.0110" in text


def test_what_has_no_known_price_costs_something_unknown(owner: Client, key: str, settings: Any) -> None:
    settings.ANTHROPIC_MODEL = "grape-reader-1"
    sent()
    assert "grape-reader-1 1 3,000 500 4.3 unknown" in text_of(owner.get(URL))


def test_the_key_is_not_on_it(owner: Client, key: str) -> None:
    assert key not in owner.get(URL).content.decode()


def test_it_asks_the_database_as_often_however_much_was_sent(owner: Client, key: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(URL)
        return len(queries)

    sent()
    asked()
    few = asked()
    sent(times=10)
    assert asked() == few


def test_members_and_guests_have_no_business_here(member: Client, guest: Client) -> None:
    assert (member.get(URL).status_code, guest.get(URL).status_code) == (403, 403)
