"""Figures that are kept until the cellar changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cellar import stock, wines
from cellar.models import Reason, Wine
from cellar.pages import page_of
from cellar.remembered import remembered, stamp
from tests.accounts.factories import make_user, signed_in
from tests.cellar.factories import let_it_be_a_while_ago, make_location, make_wine, stocked_wine

pytestmark = pytest.mark.django_db


def counting() -> tuple[Callable[[], int], list[int]]:
    """Return a figure that takes work, and the list of times that it was worked out."""
    calls: list[int] = []

    def compute() -> int:
        calls.append(1)
        return len(calls)

    return compute, calls


def test_a_figure_is_worked_out_once_as_long_as_nothing_changes() -> None:
    compute, calls = counting()
    make_wine()

    assert [remembered("figure", compute, at=stamp()) for _time in range(3)] == [1, 1, 1]
    assert len(calls) == 1


def test_a_figure_that_is_nothing_is_remembered_too() -> None:
    calls: list[int] = []

    def nothing() -> None:
        calls.append(1)

    for _time in range(2):
        remembered("nothing", nothing, at="now")
    assert len(calls) == 1


def test_every_change_of_stock_makes_figures_be_worked_out_anew() -> None:
    actor, wine, shelf = make_user(), make_wine(), make_location()
    stamps = [stamp()]
    changes: list[Callable[[], object]] = [
        lambda: stock.check_in(wine=wine, quantity=3, actor=actor),
        lambda: stock.move(wine=wine, quantity=1, to=stock.Place(shelf.pk), actor=actor),
        lambda: stock.open_bottle(wine=wine, actor=actor),
        lambda: stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=actor),
    ]
    for change in changes:
        change()
        stamps.append(stamp())

    assert len(set(stamps)) == len(stamps)


def test_the_first_page_tells_of_a_bottle_that_was_drunk_a_moment_ago() -> None:
    actor, wine = make_user(role="owner"), make_wine()
    stock.check_in(wine=wine, quantity=7, actor=actor)
    client: Client = signed_in(actor)
    before = client.get("/").context["figures"]["present"]

    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=actor)

    assert (before, client.get("/").context["figures"]["present"]) == (7, 6)


# -- How many wines a list has -----------------------------------------------------------------------------------------


def listed() -> int:
    """Return how many wines a list says there are in stock."""
    return page_of(Wine.objects.current().in_stock().order_by("sort_key", "id"), None).paginator.count


def counts_in(look: Callable[[], object]) -> int:
    """Return how often the database counts while somebody looks."""
    with CaptureQueriesContext(connection) as queries:
        look()
    return sum("COUNT(" in query["sql"] for query in queries)


@pytest.mark.once
def test_wines_are_counted_once_as_long_as_nothing_changes() -> None:
    stocked_wine()
    let_it_be_a_while_ago()
    assert [counts_in(listed) for _time in range(3)] == [1, 0, 0]


@pytest.mark.once
def test_another_list_is_counted_by_itself() -> None:
    stocked_wine()
    make_wine()
    let_it_be_a_while_ago()
    assert (listed(), page_of(Wine.objects.all(), None).paginator.count) == (1, 2)
    assert (listed(), page_of(Wine.objects.filter(type="white"), None).paginator.count) == (1, 0)


@pytest.mark.once
def test_while_somebody_who_waits_may_bear_an_older_mark_wines_are_counted_anew() -> None:
    late, wine = make_wine(), stocked_wine()
    assert (listed(), counts_in(listed)) == (1, 1)
    Wine.objects.filter(pk=late.pk).update(count_in_cellar=1, updated_at=wine.updated_at - timedelta(seconds=1))
    assert listed() == 2


def _drink(wine: Wine, actor: User) -> None:
    stock.check_out(wine=wine, quantity=6, reason=Reason.DRANK, actor=actor)


def _take_back(wine: Wine, actor: User) -> None:
    stock.undo(action=wine.transactions.get().action, actor=actor)


def _hide(wine: Wine, actor: User) -> None:
    wine.archived_at = timezone.now()
    wine.save(update_fields=["archived_at"])


@pytest.mark.parametrize("change", [_drink, _take_back, _hide])
def test_a_list_never_says_how_many_wines_there_were(change: Callable[[Wine, User], None]) -> None:
    wine, actor = stocked_wine(6), make_user()
    stocked_wine()
    let_it_be_a_while_ago()
    assert [listed(), listed()] == [2, 2]
    change(wine, actor)
    assert [listed(), listed()] == [1, 1]


def test_a_list_does_not_count_a_wine_that_was_deleted() -> None:
    wine = make_wine()
    make_wine()
    let_it_be_a_while_ago()
    everything = Wine.objects.order_by("sort_key", "id")
    before = [page_of(everything, None).paginator.count for _time in range(2)]

    wines.delete_wine(wine=wine)

    assert (before, page_of(everything, None).paginator.count) == ([2, 2], 1)


def test_deleting_the_last_wine_leaves_none() -> None:
    wine = make_wine()
    wines.delete_wine(wine=wine)
    assert page_of(Wine.objects.all(), None).paginator.count == 0
