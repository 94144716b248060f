"""/wines/: searching, filtering, sorting, paging, cards and table"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from cellar import drinking, places, stock
from cellar.forms.filters import SORTS
from cellar.models import Reason, Wine
from cellar.stock import Purchase
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, send, text_of

NOBODY = "00000000-0000-4000-8000-000000000000"

pytestmark = pytest.mark.django_db


def found(response: HttpResponseBase) -> list[str]:
    """Return the producers of the wines in the list, in its order."""
    ids = [re.fullmatch(r"/wines/([0-9a-f-]{36})/", link) for link in addresses_in(response)]
    wines = {str(wine.pk): wine.producer for wine in Wine.objects.all()}
    return list(dict.fromkeys(wines[match[1]] for match in ids if match))


def listed(client: Client, **query: Any) -> list[str]:
    return found(client.get("/wines/", query))


# -- The list ----------------------------------------------------------------------------------------------------------


def test_a_row_tells_what_counts(guest: Client) -> None:
    year = drinking.this_year()
    wine = make_wine(producer="Vietti", name="Barolo", vintage=2016, region="Piedmont", drink_until=year + 5)
    check_in(wine, 4, location=make_rack("Rack B"), row=2, column=1)
    for view in ("cards", "table"):
        page = text_of(guest.get(f"/wines/?view={view}"))
        assert all(text in page for text in ("Vietti Barolo", "2016", "Piedmont", "ready", "Rack B · row 2 (4)"))
        assert f"until {year + 5}" in page


def test_wines_are_in_the_order_of_their_names(guest: Client) -> None:
    for producer in ("Zind", "Ärmel", "ábel", "Émile"):
        make_wine(producer=producer)
    assert listed(guest) == ["ábel", "Ärmel", "Émile", "Zind"]


def test_archived_wines_are_left_out(guest: Client) -> None:
    make_wine(producer="Old", archived_at=timezone.now())
    assert listed(guest) == []


def test_the_count_of_results_is_shown(guest: Client) -> None:
    make_wine()
    assert "1 wine" in text_of(guest.get("/wines/"))
    make_wine()
    assert "2 wines" in text_of(guest.get("/wines/"))


def test_an_empty_cellar_says_what_to_do_next(member: Client, guest: Client) -> None:
    assert "Add the first wine" in text_of(member.get("/wines/"))
    assert "Add the first wine" not in text_of(guest.get("/wines/"))


def test_the_menu_leads_to_what_is_in_stock_and_that_to_all_wines(guest: Client) -> None:
    stocked_wine(1, producer="Here")
    make_wine(producer="Drunk up")
    assert "/wines/?stock=in" in addresses_in(guest.get("/"))
    page = guest.get("/wines/?stock=in&sort=ready")
    assert "Here" in text_of(page)
    assert "Drunk up" not in text_of(page)
    assert "Show all wines" in text_of(page)
    assert "?sort=ready" in addresses_in(page)
    assert "Show all wines" not in text_of(guest.get("/wines/"))


def test_an_empty_cellar_is_told_from_one_that_is_drunk_up(member: Client) -> None:
    assert "Add the first wine" in text_of(member.get("/wines/?stock=in"))
    make_wine(producer="Drunk up")
    page = member.get("/wines/?stock=in&q=drunk")
    assert "Nothing matches" in text_of(page)
    assert "Add the first wine" not in text_of(page)
    assert "?q=drunk" in addresses_in(page)


def test_nothing_found_says_what_to_do_next(guest: Client) -> None:
    make_wine()
    page = guest.get("/wines/?q=nowhere")
    assert "Nothing matches" in text_of(page)
    assert "/wines/" in addresses_in(page)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nebiolo", "nebbiolo"), ("Mueller Thurgau", "muller thurgau"), ("chatau alba", "chateau alba"),
        ("barolo neb", ""), ("2091", ""), ("xyz", ""), ("zzzzzzzz", ""), ("nebiolo zzzzzzzz", ""),
    ],
)  # fmt: skip
def test_a_typing_error_is_asked_about(guest: Client, typed: str, meant: str) -> None:
    make_wine(producer="Château Ballarin", name="Nebbiolo", region="Alba", vintage=2019)
    make_wine(producer="Kettmeir", name="Müller-Thurgau", grapes=[{"name": "Müller-Thurgau", "percent": None}])
    page = guest.get("/wines/", {"q": typed, "stock": "none"})
    assert "Nothing matches" in text_of(page)
    assert ("Did you mean" in text_of(page)) is bool(meant)
    if meant:
        assert f"“{meant}”" in text_of(page)
        link = next(link for link in addresses_in(page) if dict(parse_qsl(urlsplit(link).query)).get("q") == meant)
        assert "1 wine" in text_of(guest.get("/wines/" + link))


def test_a_search_that_finds_something_is_not_doubted(guest: Client) -> None:
    make_wine(producer="Nebiolo")
    make_wine(producer="Nebbiolo")
    assert "Did you mean" not in text_of(guest.get("/wines/?q=nebiolo"))


def test_a_list_of_nothing_is_not_offered_in_another_order(guest: Client) -> None:
    for address in ("/wines/", "/wines/?q=nowhere"):
        assert "Sort by" not in text_of(guest.get(address))
    make_wine()
    assert "Sort by" in text_of(guest.get("/wines/"))


# -- Searching ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def margaux() -> Wine:
    wine = make_wine(
        producer="Château Margaux", name="Pavillon Rouge", vintage=2015, type="red", country="France",
        region="Bordeaux", sub_region="Médoc", appellation="Margaux", vineyard="Clos Ærø", classification="Cru Classé",
        grapes=[{"name": "Petit Verdot", "percent": 3}], custom_fields={"Auction": "Christie’s lot 7"},
        ean="3760123456789",
    )  # fmt: skip
    check_in(wine, 2, location=make_location("Kühlschrank"), note="Birthday", purchase=Purchase(100, "EUR", "Nicolas"))
    make_note(wine, "Graphite and plum")
    make_wine(producer="Somebody else", name="Other", vintage=1999, region="Rioja", country="Spain", type="white")
    return wine


@pytest.mark.parametrize(
    "words",
    [
        "chateau", "CHÂTEAU margaux", "margaux 2015", "2015 rouge pavillon", "medoc", "aero", "verdot", "christie's",
        "3760123456789", "kuhlschrank", "graphite", "birthday", "nicolas", "red", "cru classe", "  bordeaux  ",
        "rouge-pavillon", "bord",
    ],
)  # fmt: skip
def test_every_word_is_looked_for_everywhere(guest: Client, margaux: Wine, words: str) -> None:
    assert listed(guest, q=words) == ["Château Margaux"]


@pytest.mark.parametrize("words", ["margaux 1999", "rioja bordeaux", "%", "_", "margaux%", "\\"])
def test_every_word_has_to_match(guest: Client, margaux: Wine, words: str) -> None:
    assert listed(guest, q=words) == []


def test_what_was_searched_for_stands_in_the_field(guest: Client) -> None:
    page = guest.get("/wines/", {"q": 'Clos "X" <b>'}).content.decode()
    assert 'value="Clos &quot;X&quot; &lt;b&gt;"' in page


# -- Filters -----------------------------------------------------------------------------------------------------------


def test_by_stock(guest: Client) -> None:
    stocked_wine(3, producer="In")
    opened = stocked_wine(1, producer="Opened")
    stock.open_bottle(wine=opened, actor=None)
    stock.order(wine=make_wine(producer="Ordered"), quantity=1, actor=None)
    gone = stocked_wine(1, producer="Gone")
    stock.check_out(wine=gone, quantity=1, reason=Reason.DRANK, actor=None)
    make_wine(producer="Wished", wishlist=True)
    stocked_wine(1, producer="Low", minimum_stock=2)
    make_wine(producer="Archived", archived_at=timezone.now())
    assert {key: listed(guest, stock=key) for key in ("in", "open", "order", "gone", "none", "low", "wish")} == {
        "in": ["In", "Low", "Opened"],
        "open": ["Opened"],
        "order": ["Ordered"],
        "gone": ["Gone"],
        "none": ["Gone", "Ordered", "Wished"],
        "low": ["Low"],
        "wish": ["Wished"],
    }
    assert listed(guest, stock="archived") == ["Archived"]


def test_by_readiness(guest: Client) -> None:
    year = drinking.this_year()
    make_wine(producer="Young", drink_from=year + 1)
    make_wine(producer="Ready", drink_from=year, drink_until=year)
    make_wine(producer="Best", drink_from=year - 5, best_from=year - 1, best_until=year, drink_until=year + 5)
    make_wine(producer="Fading", best_until=year - 1, drink_until=year + 5)
    make_wine(producer="Past", drink_until=year - 1)
    make_wine(producer="Unknown")
    assert {key: listed(guest, ready=key) for key in ("now", *drinking.Readiness.values)} == {
        "now": ["Best", "Fading", "Ready"],
        "unknown": ["Unknown"],
        "too_young": ["Young"],
        "drinkable": ["Ready"],
        "best": ["Best"],
        "fading": ["Fading"],
        "past": ["Past"],
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "red"), ("country", "france"), ("country", "FRAN"), ("region", "Medoc"), ("region", "margaux"),
        ("region", "bord"), ("grape", "petit ver"), ("vintage_from", "2015"), ("vintage_from", "2000"),
        ("size", "750"), ("price_to", "1,00"), ("price_from", "0.99"),
    ],
)  # fmt: skip
def test_by_what_the_wine_is(guest: Client, margaux: Wine, name: str, value: str) -> None:
    assert listed(guest, **{name: value}) == ["Château Margaux"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "rose"), ("country", "rance"), ("grape", "merlot"), ("vintage_to", "1998"), ("size", "1500"),
        ("price_from", "1.01"), ("vintage_from", "2016"), ("region", "aux"),
    ],
)  # fmt: skip
def test_what_does_not_match_is_left_out(guest: Client, margaux: Wine, name: str, value: str) -> None:
    assert listed(guest, **{name: value}) == []


def test_by_place_with_all_that_is_in_it(guest: Client) -> None:
    cellar = make_location("Cellar")
    rack = make_rack("Rack B", parent=cellar)
    stocked_wine(1, producer="In the rack", location=rack)
    stocked_wine(1, producer="On the floor", location=cellar)
    stocked_wine(1, producer="Nowhere")
    assert listed(guest, location=str(cellar.pk)) == ["In the rack", "On the floor"]
    assert listed(guest, location=str(rack.pk)) == ["In the rack"]
    assert listed(guest, location="none") == ["Nowhere"]


def test_filters_work_together(guest: Client, margaux: Wine) -> None:
    assert listed(guest, q="pavillon", type="red", country="France", vintage_from="2015", stock="in") == [
        "Château Margaux"
    ]
    assert listed(guest, q="pavillon", type="white") == []


NONSENSE: list[dict[str, Any]] = [
    {"stock": "everything"}, {"ready": "soon"}, {"type": "beer"}, {"location": "nowhere"}, {"location": NOBODY},
    {"size": "huge"}, {"vintage_from": "MMXV"}, {"vintage_to": "9" * 5000}, {"vintage_from": "-1"},
    {"price_from": "cheap"}, {"price_to": "9" * 12}, {"price_to": "-5"}, {"sort": "random"}, {"sort": "'; --"},
    {"page": "last"}, {"page": "-3"}, {"page": "9" * 5000}, {"page": "1.5"}, {"view": "tiles"}, {"q": "\0"},
    {"country": "\0"}, {"country": "x" * 121}, {"grape": "|"}, {"unknown": "1"}, {"type": ["red", "beer"]},
]  # fmt: skip


@pytest.mark.parametrize("query", NONSENSE, ids=str)
def test_what_makes_no_sense_is_passed_over(guest: Client, query: dict[str, Any]) -> None:
    make_wine(producer="Vietti")
    response = guest.get("/wines/", query)
    assert response.status_code == 200
    if "grape" not in query and query != {"price_to": "9" * 12}:
        assert found(response) == ["Vietti"]


# -- The filters in force ----------------------------------------------------------------------------------------------


QUERY = {
    "q": "grand", "stock": "in", "ready": "now", "type": "red", "country": "France", "region": "Bordeaux",
    "grape": "Merlot", "size": "750", "vintage_from": "2000", "vintage_to": "2020", "price_from": "5", "price_to": "50",
}  # fmt: skip


def test_each_filter_in_force_is_shown_and_can_be_removed(guest: Client) -> None:
    page = guest.get("/wines/", {**QUERY, "sort": "price", "page": "2"})
    shown = ["“grand”", "in stock", "ready now", "Red", "France", "2000 –", "– 2020", "≥ 5", "≤ 50"]
    assert [text for text in shown if text not in text_of(page)] == []
    removals = [dict(parse_qsl(link[1:])) for link in addresses_in(page) if link.startswith("?") and "view" not in link]
    assert sorted(name for removal in removals for name in QUERY if name not in removal) == sorted(QUERY)
    assert all(removal["sort"] == "price" and "page" not in removal for removal in removals)


def test_a_filter_that_makes_no_sense_is_not_shown(guest: Client) -> None:
    assert "Remove the filter" not in guest.get("/wines/?type=beer&stock=x&page=2").content.decode()


# -- Sorting -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cellar() -> None:
    year = drinking.this_year()
    facts: list[dict[str, Any]] = [
        {"producer": "A", "vintage": 2010, "drink_until": year + 9, "price": 2000, "n": 1},
        {"producer": "B", "vintage": 2005, "drink_until": year + 1, "price": 9000, "n": 3},
        {"producer": "C", "vintage": 2015, "drink_until": year + 5, "price": 500, "n": 2},
        {"producer": "D", "vintage": None, "drink_until": None, "price": None, "n": 4},
        {"producer": "E", "vintage": None, "non_vintage": True, "drink_until": None, "price": None, "n": 0},
    ]
    for one in facts:
        price, quantity = one.pop("price"), one.pop("n")
        wine = make_wine(**one)
        if quantity:
            check_in(wine, quantity, purchase=Purchase(price, "EUR"))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "ABCDE"), ("ready", "BCADE"), ("vintage", "BACDE"), ("-vintage", "CABDE"), ("-count", "DBCAE"),
        ("price", "CABDE"), ("-price", "BACDE"), ("-added", "EDCBA"),
    ],
)  # fmt: skip
def test_each_order_puts_what_is_unknown_last_and_loses_nothing(
    guest: Client, cellar: None, sort: str, order: str
) -> None:
    assert "".join(listed(guest, sort=sort)) == order


def test_every_order_is_tried_above() -> None:
    assert set(SORTS) == {"", "ready", "vintage", "-vintage", "-count", "price", "-price", "-added"}


def test_changing_the_order_keeps_the_filters(guest: Client) -> None:
    make_wine(producer="Xaver", type="red")
    page = guest.get("/wines/?type=red&q=x&sort=price").content.decode()
    assert '<input type="hidden" name="type" value="red">' in page
    assert '<input type="hidden" name="q" value="x">' in page


# -- Paging ------------------------------------------------------------------------------------------------------------


def test_pages_show_every_wine_once(guest: Client) -> None:
    for number in range(53):
        make_wine(producer=f"Producer {number:02}")
    first, second = guest.get("/wines/?sort=-vintage"), guest.get("/wines/?sort=-vintage&page=2")
    assert found(first) + found(second) == [f"Producer {number:02}" for number in range(53)]
    assert "Page 1 of 2" in text_of(first)
    forth = [link for link in addresses_in(first) if "page=2" in link]
    assert dict(parse_qsl(urlsplit(forth[0]).query)) == {"sort": "-vintage", "page": "2"}
    assert found(guest.get("/wines/?page=99")) == found(second)


# -- Cards and table ---------------------------------------------------------------------------------------------------


def test_cards_or_table_is_remembered(guest: Client) -> None:
    make_wine()
    assert "<table" not in guest.get("/wines/").content.decode()
    response = guest.get("/wines/?view=table")
    assert "<table" in response.content.decode()
    assert response.cookies["wine_view"]["httponly"]
    assert "<table" in guest.get("/wines/").content.decode()
    guest.get("/wines/?view=cards")
    assert "<table" not in guest.get("/wines/").content.decode()


def test_a_view_that_is_none_is_not_remembered(guest: Client) -> None:
    assert "wine_view" not in guest.get("/wines/?view=tiles").cookies


def test_a_cookie_that_says_nonsense_is_passed_over(guest: Client) -> None:
    guest.cookies["wine_view"] = "tiles"
    make_wine(producer="Vietti")
    assert listed(guest) == ["Vietti"]


def test_the_fields_show_what_is_asked_each_time_and_every_place_there_is(guest: Client) -> None:
    def fields(query: str = "") -> str:
        return guest.get(f"/wines/{query}").content.decode()

    shelf = make_location("Shelf")
    assert 'value="open" selected' not in fields()
    assert 'value="open" selected' in fields("?stock=open&country=italy")
    assert 'value="italy"' in fields("?stock=open&country=italy")
    assert 'value="italy"' not in fields("?stock=open&country=ital")
    assert f'value="{shelf.pk}" selected' in fields(f"?location={shelf.pk}")
    assert fields("?vintage_from=20").count('aria-invalid="true"') == 1
    assert 'aria-invalid="true"' not in fields("?vintage_from=2000")
    places.edit_place(location=shelf, name="Fridge")
    other = make_location("Attic")
    page = fields()
    assert (">Fridge</option>" in page, ">Shelf</option>" in page) == (True, False)
    assert f'value="{other.pk}">Attic</option>' in page


# -- While somebody types ----------------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_with_the_messages(member: Client) -> None:
    wine = stocked_wine(2, producer="Vietti")
    send(member, f"/wines/{wine.pk}/check-in/", quantity="1")
    response = member.get("/wines/?q=vietti", headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert page.strip().startswith('<div id="results"')
    assert "checked in." in page
    assert 'id="messages"' in page
    assert 'id="active"' in page
    assert "HX-Request" in response["Vary"]


def test_a_page_that_the_browser_restores_is_whole(member: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in member.get("/wines/", headers=headers).content.decode()
