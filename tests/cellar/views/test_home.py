"""/, /tonight/ and /more/"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar import drinking, stock
from cellar.models import Reason
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_location, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, text_of

pytestmark = pytest.mark.django_db
YEAR = drinking.this_year()


def test_an_empty_cellar_says_what_to_do_first(member: Client, guest: Client) -> None:
    assert "Your cellar is empty" in text_of(member.get("/"))
    assert "/wines/add/" in addresses_in(member.get("/"))
    assert "/import/" in addresses_in(member.get("/"))


def test_a_guest_is_not_told_to_do_what_only_others_may(guest: Client) -> None:
    for address in ("/", "/wines/", "/tonight/", "/stats/", "/locations/"):
        page = guest.get(address)
        assert not re.search("Photograph|Check the first|Add the", text_of(page)), address
        assert not {"/wines/add/", "/import/", "/locations/add/"} & set(addresses_in(page)), address


def test_an_empty_cellar_leads_to_the_import(member: Client, guest: Client) -> None:
    assert "Bring a cellar from elsewhere" in text_of(member.get("/"))
    assert "Bring a cellar from elsewhere" in text_of(member.get("/wines/"))
    assert "Bring a cellar from elsewhere" not in text_of(guest.get("/")) + text_of(guest.get("/wines/"))


def test_the_figures_lead_to_lists_that_say_the_same(guest: Client) -> None:
    ready = make_wine(drink_from=YEAR - 1, drink_until=YEAR)
    check_in(ready, 3, purchase=Purchase(2050, "EUR"))
    check_in(make_wine(drink_from=YEAR + 2), 2, purchase=Purchase(1000, "CHF"))
    stock.order(wine=make_wine(), quantity=12, actor=None)
    page = guest.get("/")
    text = text_of(page)
    assert "In the cellar 5 bottles of 2 wines" in text
    assert "Ready to drink 3 3 in their last year" in text
    assert "On order 12 not here yet" in text
    assert "Paid for it €62 €20.50 a bottle + CHF 20" in text
    lists = {"/wines/?stock=in": 2, "/wines/?stock=in&ready=now&sort=ready": 1, "/wines/?stock=order": 1}
    for address, count in lists.items():
        assert address in addresses_in(page)
        assert re.search(rf"\b{count} wines?\b", text_of(guest.get(address)))


def test_the_average_is_rounded_and_large_figures_have_their_thousands_apart(guest: Client) -> None:
    check_in(make_wine(type="red"), 2, purchase=Purchase(1000, "EUR"))
    check_in(make_wine(type="red"), 1, purchase=Purchase(1001, "EUR"))
    check_in(make_wine(type="red"), 997)
    text = text_of(guest.get("/"))
    assert "€10.00 a bottle" in text
    check_in(make_wine(type="red"), 2, purchase=Purchase(1001, "EUR"))
    assert "€10.01 a bottle" in text_of(guest.get("/"))
    assert "Red 1,002" in text_of(guest.get("/"))


def test_every_link_of_the_page_leads_somewhere(member: Client) -> None:
    stock.open_bottle(wine=stocked_wine(3, drink_until=YEAR - 1, minimum_stock=9), actor=None)
    for address in {link for link in addresses_in(member.get("/")) if link.startswith("/")}:
        assert member.get(address).status_code == 200, address


def test_what_needs_attention_is_told(guest: Client) -> None:
    past = make_wine(drink_until=YEAR - 1, minimum_stock=10)
    check_in(past, 2, location=make_location())
    stock.open_bottle(wine=past, actor=None)
    check_in(make_wine(), 4)
    late = timezone.localdate() - timedelta(days=1)
    stock.order(wine=make_wine(), quantity=6, expected_on=late, actor=None)
    stock.order(wine=make_wine(), quantity=3, expected_on=timezone.localdate(), actor=None)
    text = text_of(guest.get("/"))
    for told in (
        "2 bottles are past their window", "1 bottle is open", "4 bottles have no place yet", "1 wine is running low",
        "6 ordered bottles are overdue",
    ):  # fmt: skip
        assert told in text


def test_an_order_that_has_come_is_not_overdue(guest: Client) -> None:
    wine, late = make_wine(), timezone.localdate() - timedelta(days=1)
    stock.order(wine=wine, quantity=3, expected_on=late, actor=None)
    stock.deliver(wine=wine, quantity=2, actor=None)
    assert "1 ordered bottle is overdue" in text_of(guest.get("/"))
    stock.deliver(wine=wine, quantity=1, actor=None)
    assert "overdue" not in text_of(guest.get("/"))


def test_nothing_is_said_where_nothing_needs_attention(guest: Client) -> None:
    stocked_wine(1, location=make_location())
    assert "Needs attention" not in text_of(guest.get("/"))


def test_the_most_urgent_wines_come_first_with_the_reason(guest: Client) -> None:
    stocked_wine(1, producer="Later", drink_from=YEAR - 5, drink_until=YEAR + 5)
    stocked_wine(1, producer="Past", drink_until=YEAR - 1)
    stocked_wine(1, producer="Last", drink_until=YEAR)
    stocked_wine(1, producer="Young", drink_from=YEAR + 1, drink_until=YEAR + 2)
    make_wine(producer="Missing", drink_until=YEAR)
    text = text_of(guest.get("/"))
    first = text[text.index("Drink these first") : text.index("What there is")]
    assert re.findall("Past|Last|Later|Young|Missing", first) == ["Past", "Last", "Later"]
    assert f"past its window since {YEAR - 1}" in first
    assert "its last year" in first


def test_the_types_are_shown_with_their_numbers(guest: Client) -> None:
    stocked_wine(3, type="red")
    stocked_wine(1, type="rose")
    stocked_wine(2, type="")
    page = guest.get("/")
    assert "Red 3 Unknown 2 Rosé 1" in text_of(page)
    assert "/wines/?stock=in&type=red" in addresses_in(page)


def test_what_happened_last_is_shown(guest: Client, person: User) -> None:
    wine = stocked_wine(3, producer="Vietti")
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=person)
    assert "Drank 1 bottle of Vietti Grand Vin 2015" in text_of(guest.get("/"))


# -- Tonight -----------------------------------------------------------------------------------------------------------


def test_tonight_shows_what_is_ready_and_why(guest: Client) -> None:
    stocked_wine(6, producer="Fading", type="red", best_until=YEAR - 1, drink_until=YEAR + 3, drink_from=YEAR - 10)
    stocked_wine(1, producer="Open end", type="white", drink_from=YEAR - 1)
    stocked_wine(1, producer="Young", drink_from=YEAR + 1)
    stocked_wine(1, producer="Unknown")
    text = text_of(guest.get("/tonight/"))
    assert re.findall("Fading Grand|Open end|Young|Unknown", text) == ["Fading Grand", "Open end"]
    assert f"fading, until {YEAR + 3}" in text
    assert "bottles behind the pace" in text


def test_tonight_can_be_narrowed_to_a_type(guest: Client) -> None:
    stocked_wine(1, producer="Redbeard", type="red", drink_from=YEAR)
    stocked_wine(1, producer="Whitehead", type="white", drink_from=YEAR)
    stocked_wine(1, producer="Nameless", type="", drink_from=YEAR)
    assert all(name in text_of(guest.get("/tonight/")) for name in ("Redbeard", "Whitehead", "Nameless"))
    only = text_of(guest.get("/tonight/?type=white"))
    assert ("Whitehead" in only, "Redbeard" in only) == (True, False)


@pytest.mark.parametrize("kind", ["beer", "\0", "x" * 5000, "sparkling"])
def test_a_type_that_is_not_there_is_passed_over(guest: Client, kind: str) -> None:
    stocked_wine(1, producer="Redbeard", type="red", drink_from=YEAR)
    assert "Redbeard" in text_of(guest.get("/tonight/", {"type": kind}))


def test_tonight_in_an_empty_cellar_leads_to_the_first_bottle(member: Client, guest: Client) -> None:
    make_wine(drink_from=YEAR)
    assert "No bottle is in the cellar" in text_of(member.get("/tonight/"))
    assert "/wines/add/" in addresses_in(member.get("/tonight/"))
    stocked_wine(1, type="")
    assert "No bottle is in the cellar" not in text_of(member.get("/tonight/"))


def test_tonight_without_windows_says_where_they_are_set(guest: Client) -> None:
    stocked_wine(1)
    assert "Nothing is known to be ready" in text_of(guest.get("/tonight/"))


def test_a_guest_has_no_buttons(guest: Client) -> None:
    stocked_wine(2, drink_until=YEAR)
    for path in ("/", "/tonight/"):
        page = guest.get(path).content.decode()
        assert all(word not in page for word in ("/drink/", "/plus/", "/undo/", "/wines/add/"))


# -- More --------------------------------------------------------------------------------------------------------------


def test_more_leads_to_the_rest(guest: Client, owner: Client) -> None:
    assert "Profile" in text_of(guest.get("/more/"))
    assert {"/locations/", "/accounts/profile/"} <= set(addresses_in(guest.get("/more/")))
    assert "/accounts/members/" not in addresses_in(guest.get("/more/"))
    assert "/accounts/members/" in addresses_in(owner.get("/more/"))
