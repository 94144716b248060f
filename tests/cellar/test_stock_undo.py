"""Taking back what was done."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cellar import places, stock
from cellar.models import Bottle, Kind, Location, Reason, State, Transaction, Wine
from cellar.stock import NOWHERE, Pick, Place, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def undo(transaction: Transaction) -> Transaction:
    return stock.undo(action=transaction.action, actor=None)[0]


def drink(wine: Wine, quantity: int = 1, pick: Pick = stock.ANY) -> Transaction:
    return stock.check_out(wine=wine, quantity=quantity, reason=Reason.DRANK, actor=None, pick=pick)


def is_undone(transaction: Transaction) -> bool:
    return Transaction.objects.get(pk=transaction.pk).is_undone


def test_an_undo_says_who_and_what_it_takes_back() -> None:
    actor = make_user()
    made = check_in(make_wine(), 3)
    taken_back = stock.undo(action=made.action, actor=actor)[0]
    taken_back = Transaction.objects.get(pk=taken_back.pk)
    assert (taken_back.kind, taken_back.actor, taken_back.quantity) == (Kind.UNDO, actor, 3)
    assert taken_back.reverses == made


def test_the_bottles_of_an_undone_check_in_were_never_here() -> None:
    wine = make_wine()
    undo(check_in(wine, 3, location=make_location()))
    assert counts(wine) == (0, 0, 0, 0)
    assert wine.bottles.filter(state=State.VOID, location=None).count() == 3
    assert_the_book_is_right()


def test_an_undone_order_is_no_longer_expected() -> None:
    wine = make_wine()
    undo(stock.order(wine=wine, quantity=3, actor=None))
    assert counts(wine) == (0, 0, 0, 0)


def test_an_undone_delivery_is_on_order_again() -> None:
    wine, shelf = make_wine(), make_location()
    stock.order(wine=wine, quantity=3, actor=None)
    undo(stock.deliver(wine=wine, quantity=2, actor=None, place=Place(shelf.pk)))
    assert counts(wine) == (3, 0, 0, 0)
    assert_the_book_is_right()


def test_an_undone_check_out_brings_the_bottle_back_to_its_slot() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=2, column=2)
    undo(drink(wine))
    bottle = wine.bottles.get()
    assert (bottle.state, bottle.location, bottle.row, bottle.column) == (State.IN_CELLAR, rack, 2, 2)
    assert counts(wine) == (0, 1, 0, 0)
    assert_the_book_is_right()


def test_an_open_bottle_that_was_drunk_by_mistake_is_open_again() -> None:
    wine = stocked_wine(1)
    stock.open_bottle(wine=wine, actor=None)
    undo(drink(wine))
    assert counts(wine) == (0, 0, 1, 0)


def test_an_opened_bottle_can_be_closed_again() -> None:
    wine = stocked_wine(1)
    undo(stock.open_bottle(wine=wine, actor=None))
    assert counts(wine) == (0, 1, 0, 0)


def test_an_undone_move_brings_the_bottles_back() -> None:
    rack, wine, shelf = make_rack(), make_wine(), make_location()
    check_in(wine, 2, location=rack, row=1, column=5)
    undo(stock.move(wine=wine, quantity=2, to=Place(shelf.pk), actor=None))
    assert sorted(wine.bottles.values_list("location", "row", "column")) == [(rack.pk, 1, 5), (rack.pk, 1, 6)]
    assert_the_book_is_right()


def test_nothing_is_undone_twice() -> None:
    made = check_in(make_wine(), 1)
    undo(made)
    with pytest.raises(StockError, match="This was undone already"):
        undo(made)


def test_an_unknown_action_cannot_be_undone() -> None:
    with pytest.raises(StockError, match="There is nothing to undo"):
        stock.undo(action=uuid.uuid4(), actor=None)


def test_an_undo_can_be_undone() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=1, column=1)
    made = drink(wine)
    undo(undo(made))
    assert counts(wine) == (0, 0, 0, 1)
    assert not is_undone(made)
    assert_the_book_is_right()


def test_what_was_done_again_can_be_undone_again_from_where_it_was_done() -> None:
    wine = stocked_wine(1)
    made = drink(wine)
    undo(undo(made))
    undo(made)
    assert counts(wine) == (0, 1, 0, 0)
    assert is_undone(made)


def test_a_check_in_that_was_undone_and_done_again_brings_the_same_bottles() -> None:
    wine, shelf = make_wine(), make_location()
    made = check_in(wine, 2, location=shelf)
    undo(undo(made))
    assert counts(wine) == (0, 2, 0, 0)
    assert set(wine.bottles.values_list("location", "source")) == {(shelf.pk, made.pk)}


def test_a_long_back_and_forth_stays_right() -> None:
    wine = stocked_wine(1)
    made = last = drink(wine)
    for times in range(1, 8):
        last = undo(last)
        assert is_undone(made) == bool(times % 2)
    assert counts(wine) == (0, 1, 0, 0)
    assert_the_book_is_right()


def test_what_came_later_has_to_be_undone_first() -> None:
    wine, shelf = make_wine(), make_location()
    arrival = check_in(wine, 3)
    moved = stock.move(wine=wine, quantity=2, to=Place(shelf.pk), actor=None)
    with pytest.raises(StockError, match=r"2 of these bottles have changed since\. Undo that first"):
        undo(arrival)
    undo(moved)
    undo(arrival)
    assert counts(wine) == (0, 0, 0, 0)
    assert_the_book_is_right()


def test_what_came_later_and_was_done_again_still_has_to_be_undone_first() -> None:
    wine = make_wine()
    arrival = check_in(wine, 1)
    undo(undo(drink(wine)))
    with pytest.raises(StockError, match="1 of these bottles has changed since"):
        undo(arrival)


def test_an_order_that_was_delivered_in_part_cannot_be_undone() -> None:
    wine = make_wine()
    ordered = stock.order(wine=wine, quantity=6, actor=None)
    stock.deliver(wine=wine, quantity=2, actor=None)
    with pytest.raises(StockError, match="2 of these bottles have changed"):
        undo(ordered)
    assert counts(wine) == (4, 2, 0, 0)


def test_an_undo_cannot_be_undone_when_the_bottle_has_moved_on() -> None:
    wine = stocked_wine(1)
    taken_back = undo(drink(wine))
    drink(wine)
    with pytest.raises(StockError, match="1 of these bottles has changed"):
        undo(taken_back)


def test_other_bottles_of_the_wine_do_not_stand_in_the_way() -> None:
    wine = make_wine()
    first = check_in(wine, 1)
    second = check_in(wine, 1)
    drink(wine, 1, Pick(bottle_id=wine.bottles.get(source=first).pk))
    undo(second)
    assert counts(wine) == (0, 0, 0, 1)


def test_a_slot_that_was_taken_since_is_named() -> None:
    rack, wine = make_rack("Rack B"), make_wine()
    check_in(wine, 1, location=rack, row=2, column=3)
    made = drink(wine)
    check_in(make_wine(), 1, location=rack, row=2, column=3)
    with pytest.raises(StockError, match=r"Another bottle is in row 2, column 3 of Rack B now\. Move it first"):
        undo(made)
    assert counts(wine) == (0, 0, 0, 1)


def test_a_slot_that_is_free_again_takes_its_bottle_back() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 1, location=rack, row=2, column=3)
    made = drink(wine)
    undo(check_in(make_wine(), 1, location=rack, row=2, column=3))
    undo(made)
    assert wine.bottles.get().row == 2


@pytest.mark.parametrize(
    ("size", "message"),
    [((1, 6), "Rack B has 1 rows and 6 columns"), ((4, 2), "Rack B has 4 rows"), ((None, None), "Rack B has no slots")],
)
def test_a_slot_that_is_no_longer_there_is_refused(size: tuple[int | None, int | None], message: str) -> None:
    rack, wine = make_rack("Rack B"), make_wine()
    check_in(wine, 1, location=rack, row=2, column=3)
    made = drink(wine)
    Location.objects.filter(pk=rack.pk).update(rows=size[0], columns=size[1])
    with pytest.raises(StockError, match=message):
        undo(made)


def test_a_place_that_was_deleted_comes_back_with_those_around_it() -> None:
    house = make_location("House")
    cellar = make_location("Cellar", parent=house)
    shelf = make_location("Shelf", parent=cellar)
    wine = stocked_wine(1, location=shelf)
    made = drink(wine)
    Location.objects.filter(pk__in=[house.pk, cellar.pk, shelf.pk]).update(archived_at=datetime(2024, 1, 1, tzinfo=UTC))
    undo(made)
    assert Location.objects.current().count() == 3
    assert wine.bottles.get().location == shelf


def test_deleting_a_place_is_undone_with_its_bottles() -> None:
    cellar = make_location("Cellar")
    rack = make_rack("Rack", parent=cellar)
    wine = make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    key = uuid.uuid4()
    places.delete_place(location=rack, actor=make_user(), key=key)
    assert set(wine.bottles.values_list("location", flat=True)) == {cellar.pk}
    stock.undo(action=key, actor=None)
    assert sorted(wine.bottles.values_list("location", "row", "column")) == [(rack.pk, 1, 1), (rack.pk, 1, 2)]
    assert Location.objects.current().filter(pk=rack.pk).exists()


def drink_it(wine: Wine) -> Transaction:
    return drink(wine)


def open_it(wine: Wine) -> Transaction:
    return stock.open_bottle(wine=wine, actor=None)


def move_it(wine: Wine) -> Transaction:
    return stock.move(wine=wine, quantity=1, to=Place(make_location().pk), actor=None)


def bring_more(wine: Wine) -> Transaction:
    return check_in(wine, 2)


def order_more(wine: Wine) -> Transaction:
    return stock.order(wine=wine, quantity=2, actor=None)


def count_one_less(wine: Wine) -> Transaction:
    here = wine.bottles.present().filter(location=None).count()
    return stock.count(location_id=None, counted=[stock.Counted(wine.pk, 750, here, here - 1)], actor=None)[0]


def count_one_more(wine: Wine) -> Transaction:
    here = wine.bottles.present().filter(location=None).count()
    return stock.count(location_id=None, counted=[stock.Counted(wine.pk, 750, here, here + 1)], actor=None)[0]


@pytest.mark.parametrize(
    "step",
    [drink_it, open_it, move_it, bring_more, order_more, count_one_less, count_one_more],
    ids=lambda one: one.__name__,
)
def test_undo_is_the_exact_reverse_and_undoing_that_the_step_itself(step: Callable[[Wine], Transaction]) -> None:
    wine = stocked_wine(3)
    before = picture(wine)
    made = step(wine)
    after = picture(wine)
    taken_back = undo(made)
    assert {pk: how for pk, how in picture(wine).items() if pk in before} == before
    assert {how[0] for pk, how in picture(wine).items() if pk not in before} <= {State.VOID}
    undo(taken_back)
    assert picture(wine) == after
    assert_the_book_is_right()


def picture(wine: Wine) -> dict[uuid.UUID, tuple[str, Place]]:
    return {
        one.pk: (one.state, Place(one.location_id, one.row, one.column)) for one in Bottle.objects.filter(wine=wine)
    }


def test_bottles_return_to_no_place_when_they_had_none() -> None:
    wine, shelf = stocked_wine(1), make_location()
    undo(stock.move(wine=wine, quantity=1, to=Place(shelf.pk), actor=None))
    assert Place(wine.bottles.get().location_id) == NOWHERE
