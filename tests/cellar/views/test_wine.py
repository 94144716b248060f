"""/wines/…/"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar import drinking, stock
from cellar.models import Reason, Score, Wine
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, text_of

pytestmark = pytest.mark.django_db


def known_wine() -> Wine:
    return make_wine(
        producer="Château Margaux", name="Grand Vin", vintage=2015, country="France", region="Bordeaux",
        appellation="Margaux", classification="Premier Grand Cru Classé", alcohol=Decimal("13.5"), ean="3760123456789",
        grapes=[{"name": "Merlot", "percent": 13.0}, {"name": "Petit Verdot", "percent": None}],
        custom_fields={"Bought with": "Aunt Ada"}, vivino_url="https://www.vivino.com/w/1", minimum_stock=2,
        body="full", acidity="high", pairings=["Beef", "Game"],
    )  # fmt: skip


def test_it_shows_what_is_on_the_label(guest: Client) -> None:
    page = guest.get(f"/wines/{known_wine().pk}/")
    shown = ["Château Margaux Grand Vin", "2015", "Margaux · Bordeaux · France", "Premier Grand Cru Classé", "13.5 %"]
    shown += ["Merlot 13 %, Petit Verdot", "Bought with", "Aunt Ada", "3760123456789"]
    shown += ["Body Full-bodied", "Acidity High", "Goes with Beef, Game"]
    assert [text for text in shown if text not in text_of(page)] == []
    assert "https://www.vivino.com/w/1" in addresses_in(page)


def test_nothing_that_was_typed_becomes_mark_up(guest: Client) -> None:
    script = "<script>alert(1)</script>"
    wine = make_wine(producer=script, name=script, custom_fields={script: script}, classification=script)
    check_in(wine, 1, note=script, purchase=Purchase(100, "EUR", script))
    make_note(wine, script)
    assert script not in guest.get(f"/wines/{wine.pk}/").content.decode()


def test_it_shows_where_the_bottles_lie(guest: Client) -> None:
    wine, rack = make_wine(), make_rack("Rack B")
    check_in(wine, 4, location=rack, row=2, column=3)
    check_in(wine, 1, location=make_location("Fridge"), size_ml=1500)
    check_in(wine, 2)
    page = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert "Rack B · row 2, column 3–6 4" in page
    assert "Fridge Magnum (1.5 l) 1" in page
    assert "no place yet 2" in page


def test_it_tells_what_is_open_and_what_is_on_order(guest: Client) -> None:
    wine = stocked_wine(3)
    stock.open_bottle(wine=wine, actor=None)
    stock.order(wine=wine, quantity=6, actor=None)
    page = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert "3 bottles · 1 open · 6 on order" in page
    assert "6 bottles are on order." in page


def test_it_tells_when_what_was_ordered_is_expected(guest: Client) -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=3, expected_on=date(2031, 3, 2), actor=None)
    assert "Ordered 3 bottles expected on 2 Mar 2031" in text_of(guest.get(f"/wines/{wine.pk}/"))


def test_the_open_one_is_told_from_its_neighbours(member: Client) -> None:
    wine = stocked_wine(2)
    stock.open_bottle(wine=wine, actor=None)
    page = text_of(member.get(f"/wines/{wine.pk}/"))
    assert page[page.index("Bottle by bottle") :].count("open") == 1


def test_it_tells_when_to_drink_and_how_it_goes(guest: Client) -> None:
    year = drinking.this_year()
    wine = make_wine(drink_from=year - 10, drink_until=year - 1)
    check_in(wine, 6)
    page = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert f"Past , {year - 10}–{year - 1}" in page
    assert "0 of 6 gone so far: 6 bottles behind the pace." in page


def test_a_wine_on_the_wish_list_says_so(guest: Client) -> None:
    assert "on the wish list" in text_of(guest.get(f"/wines/{make_wine(wishlist=True).pk}/"))
    assert "on the wish list" not in text_of(guest.get(f"/wines/{make_wine().pk}/"))


def test_it_shows_what_happened(guest: Client, person: User) -> None:
    wine = make_wine()
    check_in(wine, 3, actor=person, purchase=Purchase(4550, "EUR", "Nicolas"))
    stock.check_out(wine=wine, quantity=1, reason=Reason.GIFT, recipient="Aunt Ada", actor=person)
    page = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert "Gave away 1 bottle Aunt Ada" in page
    assert "Checked in 3 bottles €45.50 each · Nicolas · no place yet" in page
    assert "Mem Ber" in page


def test_a_long_history_leads_on(guest: Client) -> None:
    wine = make_wine()
    for _time in range(21):
        check_in(wine, 1)
    assert f"/history/?wine={wine.pk}" in addresses_in(guest.get(f"/wines/{wine.pk}/"))


def test_it_shows_notes_with_author_and_rating(guest: Client, person: User) -> None:
    wine = make_wine()
    make_note(wine, "Violets\n\nand graphite", author=person, tasted_on=date(2024, 5, 1), rating=92, scale="100")
    page = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert "1 May 2024 · Mem Ber · 92/100" in page
    assert "Violets and graphite" in page


def test_it_shows_what_critics_say_as_it_was_printed(guest: Client) -> None:
    wine = make_wine()
    Score.objects.create(wine=wine, source="Jancis Robinson", value="18-19+", scale="20", reviewer="Julia Harding")
    shown = text_of(guest.get(f"/wines/{wine.pk}/"))
    assert "What critics say" in shown
    assert "Jancis Robinson · Julia Harding 18-19+/20" in shown


def test_an_archived_wine_says_so(guest: Client) -> None:
    wine = make_wine(archived_at=timezone.now())
    assert "This wine is archived" in text_of(guest.get(f"/wines/{wine.pk}/"))


BUTTONS = ("check-in", "check-out", "open", "move", "deliver", "edit", "archive", "delete", "photos/add", "notes/add")


def offered(client: Client, wine: Wine) -> set[str]:
    page = client.get(f"/wines/{wine.pk}/").content.decode()
    return {button for button in BUTTONS if f"/wines/{wine.pk}/{button}/" in page}


def test_an_empty_wine_offers_what_can_be_done_with_it(member: Client) -> None:
    always = {"check-in", "edit", "photos/add", "notes/add"}
    assert offered(member, make_wine()) == always | {"archive", "delete"}


def test_a_wine_with_bottles_offers_what_can_be_done_with_them(member: Client) -> None:
    always = {"check-in", "edit", "photos/add", "notes/add"}
    wine = stocked_wine(2)
    assert offered(member, wine) == always | {"check-out", "open", "move"}
    stock.open_bottle(wine=wine, quantity=2, actor=None)
    stock.order(wine=wine, quantity=1, actor=None)
    assert offered(member, wine) == always | {"check-out", "move", "deliver"}


def test_a_guest_is_offered_nothing(guest: Client) -> None:
    wine = stocked_wine(2)
    note = make_note(wine)
    assert offered(guest, wine) == set()
    page = guest.get(f"/wines/{wine.pk}/").content.decode()
    assert all(address not in page for address in (f"/notes/{note.pk}/", "/bottles/", "/wines/add/", "/undo/"))
