"""Bottles that change places."""

import pytest

from cellar import stock
from cellar.ledger import Change, Entry, draft, record
from cellar.models import Bottle, Kind, Location, Reason, State, Transaction, Wine
from cellar.stock import NOWHERE, Pick, Place, StockError
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def move(wine: Wine, to: Place, quantity: int = 1, pick: Pick = stock.ANY) -> Transaction:
    return stock.move(wine=wine, quantity=quantity, to=to, actor=None, pick=pick)


def at(location: Location | None) -> int:
    return Bottle.objects.present().filter(location=location).count()


def in_slot(rack: Location, row: int, column: int) -> Bottle:
    return Bottle.objects.get(location=rack, row=row, column=column)


def test_bottles_lie_where_they_were_moved_to() -> None:
    here, there = make_location(), make_location()
    wine = stocked_wine(3, location=here)
    made = move(wine, Place(there.pk), 2)
    assert made.kind == Kind.MOVE
    assert (at(here), at(there)) == (1, 2)
    assert counts(wine) == (0, 3, 0, 0)
    assert_the_book_is_right()


def test_bottles_can_be_moved_to_no_place() -> None:
    wine = stocked_wine(2, location=make_location())
    move(wine, NOWHERE, 2)
    assert at(None) == 2


def test_a_move_into_a_rack_fills_free_slots() -> None:
    rack = make_rack(rows=1, columns=4)
    check_in(make_wine(), 1, location=rack, row=1, column=2)
    wine = stocked_wine(2)
    move(wine, Place(rack.pk, 1, 1), 2)
    assert sorted(wine.bottles.values_list("row", "column")) == [(1, 1), (1, 3)]


def test_an_open_bottle_stays_open_when_it_is_moved() -> None:
    wine, fridge = stocked_wine(1), make_location("Fridge")
    stock.open_bottle(wine=wine, actor=None)
    move(wine, Place(fridge.pk))
    assert wine.bottles.get().state == State.OPEN
    assert counts(wine) == (0, 0, 1, 0)


def test_a_move_may_name_the_place_it_starts_from() -> None:
    wine, here, there, target = make_wine(), make_location(), make_location(), make_location()
    check_in(wine, 2, location=here)
    check_in(wine, 2, location=there)
    move(wine, Place(target.pk), 2, Pick(anywhere=False, location_id=there.pk))
    assert (at(here), at(there), at(target)) == (2, 0, 2)


def test_bottles_that_are_there_already_are_not_moved() -> None:
    wine, here, there = make_wine(), make_location(), make_location()
    check_in(wine, 5, location=there)
    check_in(wine, 2, location=here)
    move(wine, Place(there.pk), 2)
    assert (at(here), at(there)) == (0, 7)


def test_bottles_in_slots_are_there_already_when_the_rack_is_named() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 2, location=rack, row=1, column=1)
    check_in(wine, 1)
    move(wine, Place(rack.pk), 1)
    assert wine.bottles.filter(location=rack, row=None).count() == 1
    assert wine.bottles.filter(location=rack, row=1).count() == 2


def test_a_move_to_where_everything_is_says_so() -> None:
    here = make_location()
    wine = stocked_wine(2, location=here)
    with pytest.raises(StockError, match=r"is there already\. Nothing was changed\."):
        move(wine, Place(here.pk))


def test_a_move_of_more_than_is_elsewhere_says_how_many_are() -> None:
    wine, here = make_wine(), make_location()
    check_in(wine, 5, location=here)
    check_in(wine, 1)
    with pytest.raises(StockError, match="only 1 such bottle that is not there already, you asked for 2"):
        move(wine, Place(here.pk), 2)


def test_a_bottle_that_is_moved_to_its_own_slot_is_there_already() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=1, column=1)
    with pytest.raises(StockError, match="is there already"):
        move(wine, Place(rack.pk, 1, 1), 1, Pick(bottle_id=wine.bottles.get().pk))


def test_a_named_bottle_can_go_to_another_slot_of_its_rack() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 2, location=rack, row=1, column=1)
    named = in_slot(rack, 1, 1)
    move(wine, Place(rack.pk, 3, 3), 1, Pick(bottle_id=named.pk))
    assert in_slot(rack, 3, 3) == named


def test_a_named_bottle_can_be_taken_out_of_its_slot_but_stay_in_the_rack() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=1, column=1)
    move(wine, Place(rack.pk), 1, Pick(bottle_id=wine.bottles.get().pk))
    assert wine.bottles.get(location=rack).row is None


def test_bottles_can_be_moved_within_a_rack_that_is_named() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 2, location=rack, row=1, column=1)
    move(wine, Place(rack.pk, 4, 1), 2, Pick(anywhere=False, location_id=rack.pk))
    assert sorted(wine.bottles.values_list("row", "column")) == [(4, 1), (4, 2)]


def test_a_taken_slot_is_refused() -> None:
    rack = make_rack()
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    with pytest.raises(StockError, match="That slot is taken"):
        move(stocked_wine(1), Place(rack.pk, 1, 1))


def test_bottles_that_are_gone_cannot_be_moved() -> None:
    wine, shelf = stocked_wine(1), make_location()
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    with pytest.raises(StockError, match="no such bottle left"):
        move(wine, Place(shelf.pk))


def test_two_bottles_can_change_places_in_one_step() -> None:
    rack = make_rack()
    wine, other = make_wine(), make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    check_in(other, 1, location=rack, row=1, column=2)
    first, second = in_slot(rack, 1, 1), in_slot(rack, 1, 2)
    there, back = Place(rack.pk, 1, 2), Place(rack.pk, 1, 1)
    entries = [
        Entry(draft(Kind.MOVE, wine_id=wine.pk, quantity=1, actor=None), [Change(first, State.IN_CELLAR, there)]),
        Entry(draft(Kind.MOVE, wine_id=other.pk, quantity=1, actor=None), [Change(second, State.IN_CELLAR, back)]),
    ]
    record(entries)
    assert in_slot(rack, 1, 1) == second
    assert in_slot(rack, 1, 2) == first
    assert_the_book_is_right()


def test_two_named_bottles_are_swapped() -> None:
    rack, shelf = make_rack(), make_location()
    wine, other = make_wine(), stocked_wine(1, location=shelf)
    check_in(wine, 1, location=rack, row=1, column=1)
    mine, theirs = wine.bottles.get(), other.bottles.get()
    made = stock.swap(bottle_ids=(mine.pk, theirs.pk), actor=None)
    assert in_slot(rack, 1, 1) == theirs
    assert Bottle.objects.get(location=shelf) == mine
    assert len({one.action for one in made}) == 1
    assert_the_book_is_right()


def test_two_bottles_of_one_wine_are_swapped_in_one_transaction() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    first, second = in_slot(rack, 1, 1), in_slot(rack, 1, 2)
    made = stock.swap(bottle_ids=(first.pk, second.pk), actor=None)
    assert [one.quantity for one in made] == [2]
    assert (in_slot(rack, 1, 1), in_slot(rack, 1, 2)) == (second, first)
    assert_the_book_is_right()


def test_a_swap_can_be_undone() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    first, second = in_slot(rack, 1, 1), in_slot(rack, 1, 2)
    made = stock.swap(bottle_ids=(first.pk, second.pk), actor=None)
    stock.undo(action=made[0].action, actor=None)
    assert (in_slot(rack, 1, 1), in_slot(rack, 1, 2)) == (first, second)
    assert_the_book_is_right()


def test_a_bottle_that_is_gone_cannot_be_swapped() -> None:
    wine = stocked_wine(2)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    gone, here = wine.bottles.get(state=State.GONE), wine.bottles.get(state=State.IN_CELLAR)
    with pytest.raises(StockError, match="no longer here"):
        stock.swap(bottle_ids=(gone.pk, here.pk), actor=None)


def test_everything_at_some_places_is_moved_in_one_action() -> None:
    here, there, target = make_location(), make_location(), make_location()
    stocked_wine(3, location=here), stocked_wine(2, location=there), stocked_wine(1)
    made = stock.move_all(from_ids=[here.pk, there.pk], to=Place(target.pk), actor=None, note="spring cleaning")
    assert sorted(one.quantity for one in made) == [2, 3]
    assert {one.action for one in made} == {made[0].pk}
    assert {one.note for one in made} == {"spring cleaning"}
    assert (at(target), at(None)) == (5, 1)
    assert_the_book_is_right()


def test_everything_can_be_moved_into_the_slots_of_a_rack() -> None:
    here, rack = make_location(), make_rack(rows=1, columns=3)
    stocked_wine(2, location=here), stocked_wine(1, location=here)
    stock.move_all(from_ids=[here.pk], to=Place(rack.pk, 1, 1), actor=None)
    assert sorted(Bottle.objects.values_list("row", "column")) == [(1, 1), (1, 2), (1, 3)]


def test_a_move_of_everything_is_undone_as_one() -> None:
    rack, target = make_rack(), make_location()
    wine, other = make_wine(), make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    check_in(other, 2, location=rack, row=2, column=1)
    made = stock.move_all(from_ids=[rack.pk], to=Place(target.pk), actor=None)
    stock.undo(action=made[0].action, actor=None)
    assert sorted(other.bottles.values_list("row", "column")) == [(2, 1), (2, 2)]
    assert_the_book_is_right()


def test_nothing_happens_where_there_is_nothing_to_move() -> None:
    assert stock.move_all(from_ids=[make_location().pk], to=NOWHERE, actor=None) == []
    assert not Transaction.objects.exists()


def test_bottles_on_the_way_to_where_they_are_stay() -> None:
    here = make_location()
    stocked_wine(3, location=here)
    assert stock.move_all(from_ids=[here.pk], to=Place(here.pk), actor=None) == []


def test_several_bottles_are_not_put_behind_the_one_that_has_the_slot() -> None:
    wine, rack = stocked_wine(3), make_rack(rows=2, columns=3)
    check_in(make_wine(), 1, location=rack, row=1, column=1)

    with pytest.raises(StockError, match="That slot is taken"):
        move(wine, Place(rack.pk, 1, 1), 2)

    assert all(bottle.row is None for bottle in wine.bottles.all())


def test_bottles_that_lie_in_a_rack_without_a_slot_can_be_given_slots_of_it() -> None:
    wine, rack = stocked_wine(3), make_rack(rows=2, columns=3)
    move(wine, Place(rack.pk), 3)

    move(wine, Place(rack.pk, 1, 2), 2)

    assert sorted((bottle.row or 0, bottle.column or 0) for bottle in wine.bottles.all()) == [(0, 0), (1, 2), (1, 3)]
