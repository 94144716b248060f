"""Taking bottles off an order"""

import pytest

from cellar import stock
from cellar.audit import audit
from cellar.models import Kind, State, Wine
from cellar.stock import StockError
from tests.cellar.factories import make_wine
from tests.cellar.invariants import assert_the_book_is_right

pytestmark = pytest.mark.django_db


def ordered_wine(quantity: int) -> Wine:
    wine = make_wine()
    stock.order(wine=wine, quantity=quantity, actor=None)
    return wine


def counts(wine: Wine) -> tuple[int, int, int, int]:
    wine.refresh_from_db()
    return (wine.count_on_order, wine.count_in_cellar, wine.count_open, wine.count_gone)


def test_a_part_of_an_order_that_never_comes_counts_nowhere() -> None:
    wine = ordered_wine(12)
    made = stock.cancel(wine=wine, quantity=6, actor=None, note="Sold out")
    assert (made.kind, made.quantity, made.size_ml, made.note) == (Kind.CANCEL, 6, 750, "Sold out")
    assert counts(wine) == (6, 0, 0, 0)
    assert wine.bottles.filter(state=State.VOID).count() == 6
    assert_the_book_is_right()
    assert audit().is_right


def test_what_is_left_of_the_order_is_delivered() -> None:
    wine = ordered_wine(12)
    stock.cancel(wine=wine, quantity=6, actor=None)
    stock.deliver(wine=wine, quantity=6, actor=None)
    assert counts(wine) == (0, 6, 0, 0)
    assert_the_book_is_right()


def test_it_can_be_taken_back_and_done_again() -> None:
    wine = ordered_wine(3)
    made = stock.cancel(wine=wine, quantity=2, actor=None)
    undone = stock.undo(action=made.action, actor=None)
    assert counts(wine) == (3, 0, 0, 0)
    stock.undo(action=undone[0].action, actor=None)
    assert counts(wine) == (1, 0, 0, 0)
    assert_the_book_is_right()


def test_an_order_is_not_undone_over_what_was_cancelled() -> None:
    wine = make_wine()
    ordered = stock.order(wine=wine, quantity=3, actor=None)
    stock.cancel(wine=wine, quantity=2, actor=None)
    with pytest.raises(StockError, match="2 of these bottles have changed since"):
        stock.undo(action=ordered.action, actor=None)
    assert counts(wine) == (1, 0, 0, 0)


def test_no_more_is_cancelled_than_is_on_order_and_nothing_that_is_here() -> None:
    wine = ordered_wine(3)
    stock.deliver(wine=wine, quantity=2, actor=None)
    with pytest.raises(StockError, match="only 1 such bottle, you asked for 2"):
        stock.cancel(wine=wine, quantity=2, actor=None)
    assert counts(wine) == (1, 2, 0, 0)
