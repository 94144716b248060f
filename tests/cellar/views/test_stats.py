"""/stats/"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cellar import stats, stock
from cellar.charts.bars import bars
from cellar.charts.columns import columns
from cellar.drinking import this_year
from cellar.models import Reason
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, text_of

pytestmark = pytest.mark.django_db


def at(year: int) -> datetime:
    return datetime(year, 5, 1, 12, tzinfo=UTC)


def test_bottles_are_counted_by_country_region_and_vintage() -> None:
    stocked_wine(3, country="France", region="Bordeaux", vintage=2015)
    stocked_wine(2, country="Italy", region="Piemonte", non_vintage=True)
    stocked_wine(1, country="France", region="Bordeaux", vintage=2016)
    make_wine(country="Spain")
    assert stats.by_origin("country") == [("France", 4), ("Italy", 2)]
    assert stats.by_origin("region") == [("Bordeaux", 4), ("Piemonte", 2)]
    assert stats.by_vintage() == [(2016, False, 1), (2015, False, 3), (None, True, 2)]


def test_it_ripens_year_by_year() -> None:
    now = this_year()
    stocked_wine(2, drink_from=now - 1, drink_until=now + 2, best_from=now, best_until=now)
    stocked_wine(1, drink_from=now + 2, drink_until=now + 3)
    stocked_wine(5)
    years = {year: (drinkable, best) for year, drinkable, best in stats.ripening()}
    assert [years[now + step] for step in range(-2, 4)] == [(0, 0), (2, 0), (2, 2), (2, 0), (3, 0), (1, 0)]
    assert max(years) == now + 3


def test_stock_and_value_follow_the_ledger() -> None:
    wine, now = make_wine(), this_year()
    check_in(wine, 4, purchase=Purchase(unit_price=10_00, currency="EUR"), when=at(now - 2))
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None, when=at(now - 1))
    stock.undo(action=check_in(wine, 6).action, actor=None)
    stock.order(wine=wine, quantity=2, actor=None)
    stock.open_bottle(wine=wine, actor=None)
    assert stats.growth() == [
        stats.YearEnd(now - 2, 4, 40_00),
        stats.YearEnd(now - 1, 3, 30_00),
        stats.YearEnd(now, 3, 30_00),
    ]


def test_the_page_has_each_picture_with_its_numbers(guest: Client) -> None:
    now = this_year()
    stocked_wine(3, country="France", region="Bordeaux", vintage=2015, drink_from=now, drink_until=now + 5)
    response = guest.get("/stats/")
    text = text_of(response)
    assert "Bottles by country France 3" in text
    assert "Bottles by region Bordeaux 3" in text
    assert "Bottles by vintage 2015 3" in text
    assert f"{now} 3 0" in text
    assert f"Bottles at the end of each year {now} 3" in text
    assert "/wines/?stock=in&country=France" in addresses_in(response)
    assert 'role="img" aria-label="Bottles that are drinkable' in response.content.decode()


def test_an_empty_cellar_has_nothing_to_count(guest: Client) -> None:
    assert "Nothing to count yet" in text_of(guest.get("/stats/"))


def test_an_empty_cellar_leads_to_the_first_bottle(member: Client) -> None:
    assert "/wines/add/" in addresses_in(member.get("/stats/"))


def test_small_origins_are_put_together(guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "MOST", 1)
    stocked_wine(3, country="France")
    stocked_wine(1, country="Italy")
    stocked_wine(1, country="Spain")
    assert "Bottles by country France 3 others 2" in text_of(guest.get("/stats/"))


def test_the_figures_are_remembered_until_something_changes(guest: Client) -> None:
    cache.clear()
    wine = stocked_wine(3)
    guest.get("/stats/")
    with CaptureQueriesContext(connection) as queries:
        guest.get("/stats/")
    assert len(queries) <= 5
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    assert "France 2" in text_of(guest.get("/stats/"))


def test_bars_are_as_long_as_their_value() -> None:
    assert [bar.width for bar in bars([("a", 4, ""), ("b", 1, ""), ("c", 0, "")])] == ["100.0", "25.0", "0.0"]
    assert bars([]) == []


def test_columns_stand_on_the_axis() -> None:
    first, second = columns([(2026, 4, 1), (2027, 0, 0)])
    assert (first.outer.y, first.outer.height, first.inner.height) == ("0.0", "120.0", "30.0")
    assert (second.outer.y, second.outer.height) == ("120.0", "0.0")
    assert columns([]) == []
