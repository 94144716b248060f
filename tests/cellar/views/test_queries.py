"""How often pages ask the database: as often with many rows as with few"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cellar import drinking, search, stock
from cellar.models import Location, Reason, TastingNote, Wine
from cellar.stock import Arrival, Place, Purchase
from tests.cellar.factories import make_location, make_rack
from winebox import databases

pytestmark = pytest.mark.django_db

FEW = 10
# A server that is written in Python joins slowly.
MANY = 40 if settings.ON_MONGODB else 1000
YEAR = drinking.this_year()


def fill(n: int, person: User, rack: Location, shelf: Location) -> list[Wine]:
    """Add n wines with a bottle each here and there, and everything that can be said of them."""
    wines = Wine.objects.bulk_create([_wine(number) for number in range(n)])
    search.reindex([wine.pk for wine in wines])
    places = [Place(shelf.pk), Place(), Place(shelf.pk)]
    for start in range(0, n, 200):
        part = wines[start : start + 200]
        arrivals = [
            Arrival(wine=wine, quantity=2, place=places[number % 3], purchase=Purchase(1000 + number, "EUR", "Shop"))
            for number, wine in enumerate(part)
        ]
        stock.check_in_many(arrivals=arrivals, actor=person)
    return wines


def _wine(number: int) -> Wine:
    wine = Wine(
        producer=f"Producer {number}", name="Wine", vintage=1990 + number % 30, type=("red", "white", "")[number % 3],
        country="France", region="Bordeaux", drink_from=YEAR - 1 - number % 2, drink_until=YEAR + number % 9 - 1,
        minimum_stock=number % 5, grapes=[{"name": "Merlot", "percent": None}],
    )  # fmt: skip
    wine.identity_key = wine.sort_key = f"producer {number:05} wine"
    return wine


def busy(wine: Wine, person: User, times: int) -> None:
    """Let much happen to one wine: orders, openings, check-outs, some of it taken back and done again."""
    stock.order(wine=wine, quantity=times, actor=person, expected_on=timezone.localdate() - timedelta(days=1))
    for number in range(times):
        stock.check_in(wine=wine, quantity=3, actor=person)
        done = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=person)
        for _time in range(number % 3):
            done = stock.undo(action=done.action, actor=person)[0]
    TastingNote.objects.bulk_create(
        [TastingNote(wine=wine, author=person, tasted_on=timezone.localdate(), text="x") for _note in range(times)]
    )


@pytest.fixture
def count(member: Client) -> Callable[[str], int]:
    """Return how many queries a page takes when nothing is remembered but the session."""

    def counted(path: str) -> int:
        # A session in use is written once a minute.
        member.get("/more/")
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert member.get(path).status_code == 200
        return len(queries)

    return counted


PAGES: dict[str, int] = {
    "/": 10,
    "/tonight/": 8,
    "/wines/": 6,
    "/wines/?view=table": 6,
    "/wines/?q=producer+merlot&stock=in&ready=now&region=bord&grape=merlot&price_from=1&sort=-price": 6,
    "/wines/?location={shelf}&size=750": 6,
    "/wines/?q=producre": 6,
    "/history/": 6,
    "/history/?q=producer&kind=check_in&person={person}": 6,
    "/locations/": 5,
    "/locations/{shelf}/": 8,
    "/locations/{rack}/": 9,
    "/locations/none/": 8,
    "/locations/{shelf}/count/": 5,
    "/locations/{rack}/slot/?row=1&column=1": 7,
    "/wines/{wine}/": 10,
    "/wines/{wine}/check-in/": 6,
    "/wines/{wine}/check-out/": 6,
    "/wines/{wine}/move/": 6,
    "/wines/add/": 4,
    "/catalogue/": 6,
    "/suggest/catalogue/?q=producer": 4,
    "/suggest/catalogue/?q=producer&field=producer": 5,
    "/suggest/producer/?q=producer": 4,
    "/suggest/store/?q=shop": 4,
}


@pytest.fixture
def filled(person: User) -> Callable[[int], dict[str, Any]]:
    rack, shelf = make_rack(rows=3, columns=3), make_location("Shelf")

    def more(n: int) -> dict[str, Any]:
        wines = fill(n, person, rack, shelf)
        for number in range(n // 10):
            make_location(f"Place {number}", parent=shelf)
        wine = wines[0]
        busy(wine, person, 4 if n == FEW else 30)
        return {"shelf": shelf.pk, "rack": rack.pk, "wine": wine.pk, "person": person.pk}

    return more


def test_every_page_stays_within_its_budget_and_asks_no_more_for_more_rows(
    count: Callable[[str], int], filled: Callable[[int], dict[str, Any]]
) -> None:
    rows = filled(FEW)
    few = {path: count(path.format(**rows)) for path in PAGES}
    rows = filled(MANY)
    many = {path: count(path.format(**rows)) for path in PAGES}
    # Where a join would come before everything else, what belongs to the history is asked for by itself.
    more = 0 if databases.joins_quickly() else 5
    assert {path: n for path, n in many.items() if n > PAGES[path] + more} == {}
    assert {path: (few[path], n) for path, n in many.items() if n > few[path]} == {}
