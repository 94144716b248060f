"""How often Claude may be asked, what is kept of it, and what it cost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import SecurityEvent
from cellar.claude import prices, usage
from cellar.claude.service import Tokens
from cellar.labels.reading import engines
from cellar.labels.reading.engines import NotRead
from cellar.models import Scan
from tests.cellar.labels.messages_api import Service, refused
from tests.cellar.labels.photos import bottle, encoded
from tests.cellar.threads import at_once

pytestmark = pytest.mark.django_db

PHOTO = encoded(bottle())


def read(*, photos: int = 1) -> None:
    engines.read([PHOTO] * photos, engine="claude", alone=True)


def test_a_reading_is_counted_once_however_many_photos_and_tries_it_takes(service: Service, settings: Any) -> None:
    settings.SCANS_PER_DAY = 5
    service.replies = [refused(529), *service.replies]
    read(photos=2)
    assert len(service.requests) == 2
    assert usage.today() == usage.Today(1, 5)


def test_after_the_last_one_of_a_day_nothing_is_sent(service: Service, settings: Any) -> None:
    settings.SCANS_PER_DAY = 2
    read()
    read()
    with pytest.raises(NotRead, match="asked 2 times today"):
        read()
    assert (len(service.requests), Scan.objects.count()) == (2, 2)
    assert usage.today().is_used_up
    assert engines.offers()[0].is_used_up
    assert "claude" not in engines.available()


def test_tomorrow_there_are_new_ones(service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCANS_PER_DAY = 1
    read()
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    read()
    assert len(service.requests) == 2


def test_none_a_day_switches_it_off(service: Service, settings: Any) -> None:
    settings.SCANS_PER_DAY = 0
    assert "claude" not in [offer.name for offer in engines.offers()]
    with pytest.raises(NotRead, match="WINEBOX_SCANS_PER_DAY is 0"):
        read()
    assert service.requests == []


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_as_many_as_are_left_get_one(settings: Any) -> None:
    settings.SCANS_PER_DAY = 3
    assert sorted(at_once([usage.take] * 8)) == [False] * 5 + [True] * 3


def test_what_was_sent_is_kept_without_photo_and_text(service: Service, settings: Any) -> None:
    settings.ANTHROPIC_MODEL = "claude-sonnet-5-5"
    read(photos=2)
    scan = Scan.objects.get()
    assert (scan.model, scan.photos, scan.outcome) == ("claude-sonnet-5-5", 2, "answered")
    assert (scan.tokens_sent, scan.tokens_returned) == (3000, 500)
    # 3,000 at 2 dollars a million and 500 at 10.
    assert scan.cost == 11_000
    assert not any("ettmeir" in str(value) for value in vars(scan).values())


def test_it_is_in_the_security_log(service: Service) -> None:
    read()
    event = SecurityEvent.objects.get(kind="sent_out")
    assert event.detail == "claude-sonnet-5-5, photos: 1, answered"


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("claude-sonnet-5-5", (Decimal(2), Decimal(10))),
        ("claude-haiku-4-5-20251001", (Decimal(1), Decimal(5))),
        ("claude-haiku-5-5", (Decimal("0.10"), Decimal("0.50"))),
        ("claude-opus-5", (Decimal(5), Decimal(25))),
        ("claude-opus-5-5", (Decimal(4), Decimal(20))),
        ("claude-opus-50", None),
        ("grape-reader-1", None),
    ],
)
def test_a_price_is_that_of_the_family_or_unknown(model: str, price: Any) -> None:
    assert prices.price_of(model) == price


def test_a_price_that_is_set_counts_for_every_model(settings: Any) -> None:
    settings.ANTHROPIC_PRICE = (Decimal("0.5"), Decimal(4))
    assert prices.cost_of(model="grape-reader-1", sent=1000, returned=100) == 900


def test_what_has_no_price_has_no_cost(settings: Any) -> None:
    settings.ANTHROPIC_MODEL = "grape-reader-1"
    assert usage.record(outcome="answered", photos=1, tokens=Tokens(1, 1), seconds=1).cost is None


def test_months_are_added_up_by_model(settings: Any) -> None:
    for model, month in [("claude-sonnet-5-5", "2026-10"), ("claude-sonnet-5-5", "2026-11"), ("unknown", "2026-11")]:
        settings.ANTHROPIC_MODEL = model
        for seconds in (2.0, 4.0):
            scan = usage.record(outcome="answered", photos=1, tokens=Tokens(1000, 100), seconds=seconds)
            Scan.objects.filter(pk=scan.pk).update(month=month)
    october = usage.Month("2026-10", "claude-sonnet-5-5", 2, 2000, 200, 3.0, 6000)
    november = usage.Month("2026-11", "claude-sonnet-5-5", 2, 2000, 200, 3.0, 6000)
    unknown = usage.Month("2026-11", "unknown", 2, 2000, 200, 3.0, None)
    assert usage.by_month() == [november, unknown, october]


def test_after_a_year_it_is_forgotten() -> None:
    for days in (364, 366):
        scan = usage.record(outcome="answered", photos=1, tokens=Tokens(), seconds=1)
        Scan.objects.filter(pk=scan.pk).update(created_at=timezone.now() - timedelta(days=days))
    assert usage.clear() == {"scans": 1}
