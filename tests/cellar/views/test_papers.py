"""/book/ and /inventory/"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cellar import stock
from cellar.contexts import papers
from cellar.labels.sanitise import sanitise
from cellar.models import Reason, Wine
from cellar.stock import Purchase
from cellar.wines import add_label
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import text_of
from tests.cellar.views.photos import jpeg

pytestmark = pytest.mark.django_db


def test_the_book_has_the_wines_by_type_and_region_with_their_places(guest: Client) -> None:
    rack = make_rack("Rack B", parent=make_location("House", kind="house"))
    check_in(make_wine(producer="Krug", name="Clos", type="sparkling", region="Champagne"), 2)
    margaux = make_wine(producer="Margaux", name="", vintage=2005, drink_from=2015, drink_until=2045)
    check_in(margaux, 3, location=rack, row=1, column=1)
    text = text_of(guest.get("/book/"))
    assert text.index("Red · France · Bordeaux 3") < text.index("Sparkling · France · Champagne 2")
    assert "Margaux 2005 2015–2045 3 Rack B · row 1" in text
    assert "5 bottles" in text


def test_what_is_drunk_is_in_neither(member: Client) -> None:
    wine = stocked_wine(1, producer="Drunk")
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    assert "Drunk" not in text_of(member.get("/book/"))
    assert "Drunk" not in text_of(member.get("/inventory/"))


def test_the_inventory_tells_what_was_paid_and_when(member: Client) -> None:
    wine = make_wine(producer="Margaux", name="", vintage=2005)
    bought = Purchase(unit_price=120_50, currency="EUR", store="Wine & Co")
    check_in(wine, 2, purchase=bought, when=datetime(2020, 5, 1, tzinfo=UTC))
    check_in(wine, 1)
    check_in(make_wine(), 1, purchase=Purchase(unit_price=50_00, currency="CHF"))
    text = text_of(member.get("/inventory/"))
    assert "4 bottles · €241.00 · CHF 50.00 · 1 without a price" in text
    assert "Margaux 2005 2 75 cl 1 May 2020, Wine & Co €120.50 €241.00" in text


def test_each_lot_of_the_inventory_says_which_wine_it_is(member: Client) -> None:
    wine = make_wine(producer="Margaux", name="", vintage=2005)
    check_in(wine, 2)
    check_in(wine, 1, size_ml=1500)
    text = text_of(member.get("/inventory/"))
    assert "Margaux 2005 2 75 cl" in text
    assert "Margaux 2005 1 Magnum (1.5 l)" in text


def test_the_inventory_has_photos(member: Client) -> None:
    wine = stocked_wine(1)
    label = add_label(wine=wine, kind="front", photo=sanitise(jpeg(), max_bytes=10**7))
    assert f'src="/labels/{label.pk}/small/"' in member.get("/inventory/").content.decode()


@pytest.mark.parametrize("path", ["/book/", "/inventory/"])
def test_it_takes_the_filters_of_the_list(member: Client, path: str) -> None:
    stocked_wine(1, producer="Krug", type="sparkling")
    stocked_wine(1, producer="Margaux", type="red")
    text = text_of(member.get(f"{path}?type=red"))
    assert "Margaux" in text
    assert "Krug" not in text


@pytest.mark.parametrize("path", ["/book/", "/inventory/"])
def test_an_empty_cellar_has_one_too(member: Client, path: str) -> None:
    assert member.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/book/", "/inventory/"])
def test_what_does_not_fit_is_told(member: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST", 2)
    for _number in range(3):
        stocked_wine(1)
    assert "1 wine more does not fit" in text_of(member.get(path))


@pytest.mark.parametrize("path", ["/book/", "/inventory/"])
def test_the_number_of_queries_does_not_grow(member: Client, path: str) -> None:
    stocked_wine(1)
    member.get(path)
    with CaptureQueriesContext(connection) as few:
        member.get(path)
    for _number in range(5):
        stocked_wine(2)
    with CaptureQueriesContext(connection) as many:
        member.get(path)
    assert len(many) == len(few)
    assert Wine.objects.count() == 6
