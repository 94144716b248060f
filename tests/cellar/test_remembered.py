"""Figures that are kept until the cellar changes."""

from collections.abc import Callable

import pytest
from django.test import Client

from cellar import stock
from cellar.models import Reason
from cellar.remembered import remembered, stamp
from tests.accounts.factories import make_user, signed_in
from tests.cellar.factories import make_location, make_wine

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
