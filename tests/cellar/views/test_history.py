"""/history/"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cellar import stock
from cellar.models import Reason, Transaction, Wine
from cellar.stock import Counted, Purchase
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_wine, stocked_wine
from tests.cellar.views.pages import addresses_in, text_of

NOBODY = "00000000-0000-4000-8000-000000000000"

pytestmark = pytest.mark.django_db


def events(client: Client, **query: Any) -> int:
    return client.get("/history/", query).content.decode().count('<li class="event')


def test_an_event_tells_what_when_and_who(guest: Client, person: User) -> None:
    wine = make_wine(producer="Vietti", name="Barolo", vintage=2016)
    when = timezone.make_aware(datetime(2024, 5, 4, 12))
    purchase = Purchase(4550, "EUR", "Nicolas")
    check_in(wine, 6, actor=person, location=make_location("Shelf 1"), when=when, purchase=purchase, note="A bargain")
    page = guest.get("/history/")
    told = "Checked in 6 bottles of Vietti Barolo 2016 €45.50 each · Nicolas · Shelf 1 A bargain 4 May 2024 Mem Ber"
    assert told in text_of(page)
    assert f"/wines/{wine.pk}/" in addresses_in(page)


def test_every_kind_is_told(guest: Client, person: User) -> None:
    shelf, wine = make_location("Shelf 1"), make_wine()
    stock.order(wine=wine, quantity=4, actor=person)
    stock.deliver(wine=wine, quantity=3, actor=person)
    stock.cancel(wine=wine, quantity=1, actor=person)
    stock.move(wine=wine, quantity=2, to=stock.Place(shelf.pk), actor=person)
    stock.open_bottle(wine=wine, actor=person)
    counted = [Counted(wine.pk, 750, 2, 1)]
    stock.count(location_id=shelf.pk, counted=counted, actor=person)
    last = stock.check_out(wine=wine, quantity=1, reason=Reason.SPOILED, actor=person)
    stock.undo(action=last.action, actor=person)
    page = text_of(guest.get("/history/"))
    for told in (
        "Ordered 4 bottles of", "Received 3 bottles of", "Cancelled the order of 1 bottle of",
        "Moved 2 bottles of", "no place yet → Shelf 1",
        "Opened 1 bottle of", "Stock-take, missing: 1 bottle of", "Spoiled: 1 bottle of", "Took back: 1 bottle of",
        "taken back",
    ):  # fmt: skip
        assert told in page


def test_a_size_other_than_the_standard_is_told(guest: Client) -> None:
    check_in(make_wine(), 2, size_ml=1500)
    assert "Checked in 2 × Magnum (1.5 l) of" in text_of(guest.get("/history/"))


def test_what_was_done_in_one_go_is_one_event(guest: Client) -> None:
    shelf, other = make_location("Shelf 1"), make_location("Shelf 2")
    for producer in ("Vietti", "Krug"):
        stocked_wine(2, producer=producer, location=shelf)
    stock.move_all(from_ids=[shelf.pk], to=stock.Place(other.pk), actor=None)
    assert (Transaction.objects.count(), events(guest)) == (4, 3)


def test_what_was_taken_back_again_and_again_is_told_right(guest: Client) -> None:
    wine = stocked_wine(1)
    action = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None).action
    for times in range(1, 6):
        action = stock.undo(action=action, actor=None)[0].action
        page = guest.get("/history/").content.decode()
        # Every other step is out of effect, counted back from the last one.
        assert page.count('<li class="event undone"') == (times + 1) // 2
        assert page.count('<li class="event') == times + 2


def test_the_latest_comes_first(guest: Client) -> None:
    wine = make_wine()
    check_in(wine, 1)
    check_in(wine, 2, when=timezone.now() - timedelta(days=400))
    page = text_of(guest.get("/history/"))
    assert page.index("Checked in 1 bottle") < page.index("Checked in 2 bottles")


def test_an_empty_history_says_what_it_is_for(member: Client) -> None:
    assert "Nothing has happened yet" in text_of(member.get("/history/"))


# -- Filters -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def year(person: User) -> Wine:
    """Return a wine of which bottles came on the last day of 2023, and one was drunk on the first of 2024."""
    house = ZoneInfo(timezone.get_default_timezone_name())
    wine = make_wine(producer="Château Margaux")
    check_in(wine, 6, when=datetime(2023, 12, 31, 23, 59, tzinfo=house), actor=person)
    stock.check_out(
        wine=wine, quantity=1, reason=Reason.DRANK, when=datetime(2024, 1, 1, tzinfo=house), actor=make_user()
    )
    check_in(make_wine(producer="Krug"), 1, when=datetime(2024, 6, 1, 12, tzinfo=house))
    return wine


def test_by_kind(guest: Client, year: Wine) -> None:
    assert [events(guest, kind=kind) for kind in ("", "check_in", "check_out", "move")] == [3, 2, 1, 0]


def test_by_person(guest: Client, year: Wine, person: User) -> None:
    assert events(guest, person=str(person.pk)) == 1


def test_by_wine(guest: Client, year: Wine) -> None:
    assert events(guest, wine=str(year.pk)) == 2
    assert [events(guest, q=words) for words in ("chateau", "MARGAUX château", "krug margaux", "château-margaux")] == [
        2, 2, 0, 2,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2023-12-31", "2023-12-31", 1), ("2024-01-01", "2024-01-01", 1), ("2023-12-31", "2024-01-01", 2),
        ("2024-01-02", "", 1), ("", "2023-12-30", 0), ("", "2200-12-31", 3),
    ],
)  # fmt: skip
def test_by_days_of_the_house(guest: Client, year: Wine, since: str, until: str, count: int) -> None:
    assert events(guest, since=since, until=until) == count


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "party"}, {"person": "nobody"}, {"person": NOBODY}, {"wine": "nonsense"}, {"since": "soon"},
        {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"until": "99999-12-31"}, {"page": "x"}, {"page": "-1"},
        {"page": "0"}, {"q": "\0"}, {"q": "x" * 201}, {"unknown": "1"}, {"since": "2024-13-45"},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_passed_over(guest: Client, year: Wine, query: dict[str, str]) -> None:
    page = guest.get("/history/", query)
    assert (page.status_code, events(guest, **query)) == (200, 3)
    assert "Remove the filters" not in page.content.decode()


@pytest.mark.parametrize("page", ["9" * 8, "9" * 5000])
def test_a_page_far_away_is_empty_or_the_first(guest: Client, year: Wine, page: str) -> None:
    assert guest.get("/history/", {"page": page}).status_code == 200


def test_filters_in_force_can_be_removed(guest: Client, year: Wine) -> None:
    page = guest.get("/history/?kind=check_in")
    assert "filtered" in text_of(page)
    assert "/history/" in addresses_in(page)


def test_nothing_found_is_said(guest: Client, year: Wine) -> None:
    assert "Nothing matches" in text_of(guest.get("/history/?kind=move"))


# -- Paging ------------------------------------------------------------------------------------------------------------


def test_pages_show_every_event_once(guest: Client) -> None:
    wine = make_wine()
    for number in range(1, 53):
        check_in(wine, number)
    first, second = guest.get("/history/?kind=check_in"), guest.get("/history/?kind=check_in&page=2")
    told = text_of(first) + text_of(second)
    assert all(told.count(f"Checked in {number} bottle") == 1 for number in range(10, 53))
    assert (events(guest), events(guest, page=2)) == (50, 2)
    assert "?kind=check_in&page=2" in addresses_in(first)
    assert "?kind=check_in&page=1" in addresses_in(second)


def test_htmx_gets_the_results_alone(guest: Client, year: Wine) -> None:
    page = guest.get("/history/?kind=check_in", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="results"')
