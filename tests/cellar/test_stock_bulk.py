"""Many bottles at once: in few queries, and all or none."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cellar import stock
from cellar.models import Bottle, Kind, Location, Reason, Transaction, Wine
from cellar.search import words_q
from cellar.stock import Arrival, Place, Purchase, StockError
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def queries(function: Any, *args: Any, **kwargs: Any) -> int:
    with CaptureQueriesContext(connection) as context:
        function(*args, **kwargs)
    return len(context)


def test_many_arrivals_are_transactions_of_their_own() -> None:
    wine, other = make_wine(), make_wine()
    arrivals = [
        Arrival(wine=wine, quantity=2, purchase=Purchase(900, "EUR"), note="first"),
        Arrival(wine=other, quantity=3, size_ml=1500),
        Arrival(wine=wine, quantity=1, on_order=True),
    ]
    made = stock.check_in_many(arrivals=arrivals, actor=None)
    assert [(one.kind, one.wine_id, one.quantity) for one in made] == [
        (Kind.CHECK_IN, wine.pk, 2),
        (Kind.CHECK_IN, other.pk, 3),
        (Kind.ORDER, wine.pk, 1),
    ]
    assert (counts(wine), counts(other)) == ((1, 2, 0, 0), (0, 3, 0, 0))
    assert len({one.action for one in made}) == 3
    assert_the_book_is_right()


def test_arrivals_share_the_slots_of_a_rack() -> None:
    rack, wine, other = make_rack(rows=1, columns=4), make_wine(), make_wine()
    first_slot = Place(rack.pk, 1, 1)
    stock.check_in_many(
        arrivals=[
            Arrival(wine=wine, quantity=2, place=first_slot),
            Arrival(wine=other, quantity=2, place=first_slot),
        ],
        actor=None,
    )
    assert sorted(other.bottles.values_list("row", "column")) == [(1, 3), (1, 4)]


def test_one_arrival_that_is_refused_stops_all() -> None:
    wine, other = make_wine(), make_wine()
    rack = make_rack(rows=1, columns=1)
    arrivals = [Arrival(wine=wine, quantity=2), Arrival(wine=other, quantity=2, place=Place(rack.pk, 1, 1))]
    with pytest.raises(StockError, match="Only 1 slot"):
        stock.check_in_many(arrivals=arrivals, actor=None)
    assert not Bottle.objects.exists()
    assert not Transaction.objects.exists()


def test_no_arrivals_are_nothing() -> None:
    assert stock.check_in_many(arrivals=[], actor=None) == []


def test_arrivals_are_found_by_their_place() -> None:
    wine = make_wine()
    shelf = make_location("Under the stairs")
    stock.check_in_many(arrivals=[Arrival(wine=wine, quantity=1, place=Place(shelf.pk))], actor=None)
    assert Wine.objects.filter(words_q("stairs")).get() == wine


def test_a_check_in_takes_as_many_queries_for_many_bottles_as_for_few() -> None:
    wine = stocked_wine(1)
    few = queries(check_in, wine, 2)
    assert queries(check_in, wine, 40) == few


def test_a_check_out_takes_as_many_queries_for_many_bottles_as_for_few() -> None:
    wine = stocked_wine(60)

    def drink(quantity: int) -> None:
        stock.check_out(wine=wine, quantity=quantity, reason=Reason.DRANK, actor=None)

    few = queries(drink, 2)
    assert queries(drink, 40) == few


def test_an_undo_takes_as_many_queries_for_many_bottles_as_for_few() -> None:
    wine = stocked_wine(1)
    few, many = check_in(wine, 2), check_in(wine, 40)

    def undo(transaction: Transaction) -> None:
        stock.undo(action=transaction.action, actor=None)

    assert queries(undo, many) == queries(undo, few)


def test_another_arrival_of_many_costs_one_query() -> None:
    wines = [make_wine() for _wine in range(12)]
    few = queries(stock.check_in_many, arrivals=[Arrival(wine=one, quantity=2) for one in wines[:2]], actor=None)
    many = queries(stock.check_in_many, arrivals=[Arrival(wine=one, quantity=2) for one in wines[2:]], actor=None)
    # The counters of each wine are changed by a statement of their own.
    assert many - few <= 10 - 2


def test_verbs_in_a_batch_keep_their_rules() -> None:
    wine, shelf = make_wine(), make_location()
    with stock.batch():
        check_in(wine, 6, location=shelf)
        stock.open_bottle(wine=wine, actor=None)
        stock.check_out(wine=wine, quantity=2, reason=Reason.GIFT, actor=None)
        made = stock.move(wine=wine, quantity=1, to=Place(), actor=None)
        stock.undo(action=made.action, actor=None)
    assert counts(wine) == (0, 4, 0, 2)
    assert_the_book_is_right()


def test_a_batch_indexes_its_wines_at_the_end() -> None:
    wine = make_wine()
    shelf = make_location("Under the stairs")
    with stock.batch():
        check_in(wine, 1, location=shelf)
        assert not Wine.objects.filter(words_q("stairs")).exists()
    assert Wine.objects.filter(words_q("stairs")).get() == wine


def test_a_batch_within_a_batch_is_part_of_it() -> None:
    wine = make_wine()
    shelf = make_location("Under the stairs")
    with stock.batch():
        with stock.batch():
            check_in(wine, 1, location=shelf)
        assert not Wine.objects.filter(words_q("stairs")).exists()
    assert Wine.objects.filter(words_q("stairs")).exists()


def test_a_batch_that_fails_leaves_nothing() -> None:
    wine = make_wine()
    with pytest.raises(StockError), stock.batch():
        check_in(wine, 3)
        stock.check_out(wine=wine, quantity=4, reason=Reason.DRANK, actor=None)
    assert counts(wine) == (0, 0, 0, 0)
    assert not Bottle.objects.exists()
    assert not Transaction.objects.exists()


def test_after_a_failed_batch_verbs_index_by_themselves_again() -> None:
    wine = make_wine()
    with pytest.raises(StockError), stock.batch():
        check_in(wine, 0)
    check_in(wine, 1, location=make_location("Under the stairs"))
    assert Wine.objects.filter(words_q("stairs")).exists()


def test_more_bottles_are_moved_at_once_than_fit_into_one_query() -> None:
    here, there = make_location(), make_location()
    wine = stocked_wine(1100, location=here)
    stock.move_all(from_ids=[here.pk], to=Place(there.pk), actor=None)
    assert there.bottles.count() == 1100
    assert counts(wine) == (0, 1100, 0, 0)
    assert Location.objects.get(pk=here.pk).bottles.count() == 0
