"""Which slots of a rack bottles take that go there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cellar import places, stock
from cellar.ledger import SLOTS_AT_ONCE
from cellar.models import Bottle, Kind, Location, State, Transaction, Wine
from cellar.stock import Arrival, Pick, Place, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def free_slots_of(rack: Location, *, or_loose: bool = False, first: tuple[int, int] | None = None) -> Place:
    row, column = first or (None, None)
    return Place(rack.pk, row, column, fills=True, or_loose=or_loose)


def put(wine: Wine, quantity: int, place: Place) -> Transaction:
    return stock.check_in(wine=wine, quantity=quantity, place=place, actor=None)


def slots(wine: Wine) -> list[tuple[int, int]]:
    found = wine.bottles.filter(row__isnull=False).values_list("row", "column")
    return sorted((row or 0, column or 0) for row, column in found)


def loose(wine: Wine, rack: Location) -> int:
    return wine.bottles.filter(location=rack, row=None).count()


def test_bottles_take_the_next_free_slots_in_reading_order() -> None:
    wine, rack = make_wine(), make_rack(rows=2, columns=3)
    check_in(make_wine(), 1, location=rack, row=1, column=2)
    put(wine, 3, free_slots_of(rack))
    assert slots(wine) == [(1, 1), (1, 3), (2, 1)]
    assert_the_book_is_right()


def test_they_begin_at_the_slot_that_is_named() -> None:
    wine, rack = make_wine(), make_rack(rows=2, columns=3)
    put(wine, 2, free_slots_of(rack, first=(1, 3)))
    assert slots(wine) == [(1, 3), (2, 1)]


def test_a_named_slot_that_is_taken_is_refused_all_the_same() -> None:
    rack = make_rack()
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    with pytest.raises(StockError, match="That slot is taken"):
        put(make_wine(), 2, free_slots_of(rack, first=(1, 1), or_loose=True))


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (2, r"^Only 2 slots of Rack B are free\. Nothing was changed\.$"),
        (1, r"^Only 1 slot of Rack B is free\. Nothing was changed\.$"),
        (0, r"^No slot of Rack B is free\. Nothing was changed\.$"),
    ],
)
def test_too_few_free_slots_are_counted_and_nothing_is_changed(free: int, said: str) -> None:
    wine, rack = make_wine(), make_rack("Rack B", rows=1, columns=3)
    if free < 3:
        check_in(make_wine(), 3 - free, location=rack, row=1, column=1)
    with pytest.raises(StockError, match=said):
        put(wine, 3, free_slots_of(rack))
    assert counts(wine) == (0, 0, 0, 0)
    assert_the_book_is_right()


@pytest.mark.parametrize("first", [None, (1, 2)])
def test_the_rest_may_lie_there_without_a_slot(first: tuple[int, int] | None) -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=3)
    put(wine, 5, free_slots_of(rack, first=first, or_loose=True))
    assert slots(wine) == [(1, 1), (1, 2), (1, 3)][0 if first is None else 1 :]
    assert loose(wine, rack) == (2 if first is None else 3)
    assert_the_book_is_right()


def test_in_a_full_rack_all_of_them_may_lie_without_a_slot() -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=1)
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    put(wine, 2, free_slots_of(rack, or_loose=True))
    assert loose(wine, rack) == 2


def test_a_place_without_slots_takes_them_as_ever() -> None:
    wine, shelf = make_wine(), make_location()
    put(wine, 2, Place(shelf.pk, fills=True))
    assert wine.bottles.filter(location=shelf, row=None).count() == 2


def test_at_no_place_there_is_nothing_to_fill() -> None:
    wine = make_wine()
    put(wine, 2, Place(fills=True))
    assert wine.bottles.filter(location=None).count() == 2


def test_a_fridge_with_rows_and_columns_has_slots_too() -> None:
    wine, fridge = make_wine(), make_location(kind="fridge", rows=2, columns=1)
    put(wine, 2, free_slots_of(fridge))
    assert slots(wine) == [(1, 1), (2, 1)]


def test_arrivals_fill_a_rack_one_behind_the_other() -> None:
    first, second, rack = make_wine(), make_wine(), make_rack(rows=2, columns=2)
    arrivals = [Arrival(wine=one, quantity=2, place=free_slots_of(rack)) for one in (first, second)]
    stock.check_in_many(arrivals=arrivals, actor=None)
    assert (slots(first), slots(second)) == ([(1, 1), (1, 2)], [(2, 1), (2, 2)])


def test_arrivals_that_do_not_fit_together_change_nothing() -> None:
    first, second, rack = make_wine(), make_wine(), make_rack(rows=1, columns=3)
    arrivals = [Arrival(wine=one, quantity=2, place=free_slots_of(rack)) for one in (first, second)]
    with pytest.raises(StockError, match="Only 1 slot"):
        stock.check_in_many(arrivals=arrivals, actor=None)
    assert not Transaction.objects.exists()


def test_delivered_bottles_take_free_slots() -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=4)
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    stock.order(wine=wine, quantity=3, actor=None)
    stock.deliver(wine=wine, quantity=3, place=free_slots_of(rack), actor=None)
    assert slots(wine) == [(1, 2), (1, 3), (1, 4)]
    assert_the_book_is_right()


def test_moved_bottles_take_free_slots() -> None:
    wine, rack = stocked_wine(3, location=make_location()), make_rack(rows=1, columns=4)
    stock.move(wine=wine, quantity=2, to=free_slots_of(rack), actor=None)
    assert slots(wine) == [(1, 1), (1, 2)]


def test_bottles_that_lie_in_the_rack_without_a_slot_may_be_meant() -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=4)
    check_in(wine, 1, location=rack, row=1, column=1)
    check_in(wine, 2, location=rack)
    stock.move(wine=wine, quantity=2, to=free_slots_of(rack), actor=None)
    assert slots(wine) == [(1, 1), (1, 2), (1, 3)]


def test_a_bottle_that_has_a_slot_of_the_rack_is_there_already() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=2, column=2)
    pick = Pick(bottle_id=wine.bottles.get().pk)
    with pytest.raises(StockError, match="is there already"):
        stock.move(wine=wine, quantity=1, to=free_slots_of(rack), pick=pick, actor=None)


def test_a_bottle_of_a_shelf_is_there_already_whatever_slots_are_wanted() -> None:
    shelf = make_location()
    wine = stocked_wine(1, location=shelf)
    with pytest.raises(StockError, match="is there already"):
        stock.move(wine=wine, quantity=1, to=Place(shelf.pk, fills=True), actor=None)


@pytest.mark.parametrize("or_loose", [False, True])
def test_an_undo_gives_the_slots_back(or_loose: bool) -> None:
    wine, rack = make_wine(), make_rack(rows=1, columns=3)
    made = put(wine, 3, free_slots_of(rack, or_loose=or_loose))
    stock.undo(action=made.action, actor=None)
    assert counts(wine) == (0, 0, 0, 0)
    assert not Bottle.objects.filter(location=rack).exists()
    put(make_wine(), 3, free_slots_of(rack))
    assert_the_book_is_right()


def test_an_undo_brings_moved_bottles_back_to_where_they_were() -> None:
    here, there, wine = make_rack(), make_rack(), make_wine()
    check_in(wine, 2, location=here, row=3, column=1)
    made = stock.move(wine=wine, quantity=2, to=free_slots_of(there), actor=None)
    stock.undo(action=made.action, actor=None)
    assert set(wine.bottles.values_list("location", "row", "column")) == {(here.pk, 3, 1), (here.pk, 3, 2)}
    assert_the_book_is_right()


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_a_check_in_asks_the_database_as_often_for_many_bottles_as_for_few() -> None:
    asked = [queries_of(partial(put, make_wine(), n, free_slots_of(make_rack(rows=6, columns=8)))) for n in (2, 30)]
    assert asked[0] == asked[1]
    # The rack, and which of its slots are taken.
    assert asked[0] == queries_of(partial(put, make_wine(), 2, Place(make_location().pk))) + 2


def test_a_move_into_slots_and_its_undo_ask_as_often_for_many_bottles_as_for_few() -> None:
    asked = []
    for n in (2, 30):
        wine, rack = stocked_wine(n, location=make_location()), make_rack(rows=6, columns=8)
        moved = queries_of(partial(stock.move, wine=wine, quantity=n, to=free_slots_of(rack), actor=None))
        action = Transaction.objects.get(wine=wine, kind=Kind.MOVE).action
        asked.append((moved, queries_of(partial(stock.undo, action=action, actor=None))))
    assert asked[0] == asked[1]


def test_more_bottles_than_fit_into_one_query_find_their_slots_and_back() -> None:
    quantity = SLOTS_AT_ONCE + 20
    wine, rack, other = make_wine(), make_rack(rows=60, columns=60), make_rack(rows=60, columns=60)
    put(wine, quantity, free_slots_of(rack))
    before = slots(wine)
    made = stock.move(wine=wine, quantity=quantity, to=free_slots_of(other, first=(2, 1)), actor=None)
    assert slots(wine) == [(2 + n // 60, 1 + n % 60) for n in range(quantity)]
    stock.undo(action=made.action, actor=None)
    assert slots(wine) == before
    assert_the_book_is_right()


def test_slots_are_given_with_as_many_questions_for_many_bottles_as_for_few() -> None:
    asked = []
    for n in (2, 30):
        rack = make_rack(rows=6, columns=8)
        stocked_wine(n, location=rack)
        asked.append(queries_of(partial(stock.give_slots, location_id=rack.pk, actor=None)))
    assert asked[0] == asked[1]


# -- Bottles that lie in a rack without a slot --


def test_loose_bottles_are_given_the_free_slots_of_their_rack() -> None:
    rack = make_rack(rows=2, columns=4)
    anjou, barolo = make_wine(producer="Anjou"), make_wine(producer="Barolo")
    check_in(make_wine(), 1, location=rack, row=1, column=2)
    check_in(barolo, 2, location=rack), check_in(anjou, 1, location=rack), check_in(barolo, 1, location=rack)
    made = stock.give_slots(location_id=rack.pk, actor=None)
    assert (slots(anjou), slots(barolo)) == ([(1, 1)], [(1, 3), (1, 4), (2, 1)])
    assert {(one.kind, one.action) for one in made} == {(Kind.MOVE, made[0].action)}
    assert_the_book_is_right()


def test_only_as_many_as_there_are_free_slots_get_one() -> None:
    rack, wine = make_rack(rows=1, columns=3), make_wine()
    check_in(wine, 5, location=rack)
    made = stock.give_slots(location_id=rack.pk, actor=None)
    assert [one.quantity for one in made] == [3]
    assert (slots(wine), loose(wine, rack)) == ([(1, 1), (1, 2), (1, 3)], 2)


def test_a_full_rack_gives_none() -> None:
    rack, wine = make_rack("Rack B", rows=1, columns=1), make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    check_in(wine, 1, location=rack)
    with pytest.raises(StockError, match=r"No slot of Rack B is free"):
        stock.give_slots(location_id=rack.pk, actor=None)


def test_where_none_is_loose_nothing_is_changed() -> None:
    with pytest.raises(StockError, match="No bottle lies there without a slot any more"):
        stock.give_slots(location_id=make_rack().pk, actor=None)
    assert not Transaction.objects.exists()


def test_a_place_without_slots_gives_none() -> None:
    shelf = make_location("Shelf")
    stocked_wine(1, location=shelf)
    with pytest.raises(StockError, match="No slot of Shelf is free"):
        stock.give_slots(location_id=shelf.pk, actor=None)


def test_a_rack_that_was_removed_gives_none() -> None:
    rack = make_rack()
    places.delete_place(location=rack, actor=make_user())
    with pytest.raises(StockError, match="no longer there"):
        stock.give_slots(location_id=rack.pk, actor=None)


def test_an_open_bottle_gets_a_slot_and_stays_open() -> None:
    rack = make_rack()
    wine = stocked_wine(1, location=rack)
    stock.open_bottle(wine=wine, actor=None)
    stock.give_slots(location_id=rack.pk, actor=None)
    assert wine.bottles.values_list("state", "row").get() == (State.OPEN, 1)


def test_slots_that_were_given_are_taken_back_as_one() -> None:
    rack, wine, other = make_rack(), make_wine(), make_wine()
    check_in(wine, 2, location=rack), check_in(other, 2, location=rack)
    made = stock.give_slots(location_id=rack.pk, actor=None)
    stock.undo(action=made[0].action, actor=None)
    assert (loose(wine, rack), loose(other, rack)) == (2, 2)
    assert_the_book_is_right()
