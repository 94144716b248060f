"""Stock-take: the book says what was counted."""

import uuid

import pytest

from cellar import stock
from cellar.models import Bottle, Kind, Location, Reason, State, Transaction, Wine
from cellar.stock import Counted, StockError
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def count(place: Location | None, *counted: tuple[Wine, int, int], size_ml: int = 750) -> list[Transaction]:
    """Count wines of which the book expects so many and somebody found so many."""
    rows = [Counted(wine.pk, size_ml, expected, found) for wine, expected, found in counted]
    return stock.count(location_id=place.pk if place else None, counted=rows, actor=None)


def at(place: Location | None, wine: Wine) -> int:
    return Bottle.objects.present().filter(location=place, wine=wine).count()


def test_a_missing_bottle_is_gone() -> None:
    shelf = make_location()
    wine = stocked_wine(4, location=shelf)
    made = count(shelf, (wine, 4, 3))
    assert [(one.kind, one.quantity, one.reason) for one in made] == [(Kind.COUNT, 1, Reason.MISSING)]
    assert counts(wine) == (0, 3, 0, 1)
    assert_the_book_is_right()


def test_a_full_bottle_is_missed_before_an_open_one() -> None:
    shelf = make_location()
    wine = stocked_wine(2, location=shelf)
    stock.open_bottle(wine=wine, actor=None)
    count(shelf, (wine, 2, 1))
    assert counts(wine) == (0, 0, 1, 1)


def test_all_bottles_can_be_missing() -> None:
    shelf = make_location()
    wine = stocked_wine(3, location=shelf)
    count(shelf, (wine, 3, 0))
    assert counts(wine) == (0, 0, 0, 3)


def test_a_surplus_bottle_comes_from_those_without_a_place() -> None:
    shelf, wine = make_location(), make_wine()
    check_in(wine, 2, location=shelf)
    check_in(wine, 3)
    made = count(shelf, (wine, 2, 4))
    assert made[0].reason == ""
    assert (at(shelf, wine), at(None, wine)) == (4, 1)
    assert counts(wine) == (0, 5, 0, 0)
    assert_the_book_is_right()


def test_a_surplus_bottle_the_book_knows_nowhere_is_new() -> None:
    shelf = make_location()
    wine = stocked_wine(2, location=shelf)
    made = count(shelf, (wine, 2, 3))
    assert counts(wine) == (0, 3, 0, 0)
    assert wine.bottles.filter(source=made[0]).count() == 1
    assert_the_book_is_right()


def test_a_surplus_is_taken_from_no_place_first_and_new_then() -> None:
    shelf, wine = make_location(), make_wine()
    check_in(wine, 1, location=shelf)
    check_in(wine, 1)
    count(shelf, (wine, 1, 4))
    assert (at(shelf, wine), at(None, wine)) == (4, 0)
    assert counts(wine) == (0, 4, 0, 0)


def test_a_bottle_at_another_place_is_no_surplus_here() -> None:
    shelf, elsewhere, wine = make_location(), make_location(), make_wine()
    check_in(wine, 1, location=shelf)
    check_in(wine, 5, location=elsewhere)
    count(shelf, (wine, 1, 2))
    assert (at(shelf, wine), at(elsewhere, wine)) == (2, 5)


def test_a_surplus_without_a_place_is_new() -> None:
    wine = stocked_wine(1)
    count(None, (wine, 1, 2))
    assert (at(None, wine), counts(wine)) == (2, (0, 2, 0, 0))


def test_sizes_are_counted_apart() -> None:
    shelf, wine = make_location(), make_wine()
    check_in(wine, 2, location=shelf, size_ml=750)
    check_in(wine, 2, location=shelf, size_ml=1500)
    made = count(shelf, (wine, 2, 1), size_ml=1500)
    assert made[0].size_ml == 1500
    assert wine.bottles.present().filter(size_ml=1500).count() == 1


def test_a_missing_bottle_leaves_its_slot() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    count(rack, (wine, 1, 0))
    assert wine.bottles.filter(state=State.GONE, location=None, row=None).count() == 1


def test_a_count_of_several_wines_is_one_action() -> None:
    shelf = make_location()
    less, more, same = (stocked_wine(3, location=shelf) for _wine in range(3))
    made = count(shelf, (less, 3, 1), (more, 3, 5), (same, 3, 3))
    assert [one.quantity for one in made] == [2, 2]
    assert {one.action for one in made} == {made[0].pk}
    assert_the_book_is_right()


def test_a_count_without_differences_writes_nothing() -> None:
    shelf = make_location()
    wine = stocked_wine(3, location=shelf)
    assert count(shelf, (wine, 3, 3)) == []
    assert not Transaction.objects.filter(kind=Kind.COUNT).exists()


def test_a_count_of_a_book_that_has_changed_is_refused_as_a_whole() -> None:
    shelf = make_location()
    wine, other = stocked_wine(3, location=shelf), stocked_wine(3, location=shelf)
    stock.check_out(wine=other, quantity=1, reason=Reason.DRANK, actor=None)
    with pytest.raises(StockError, match="The book has changed since you began to count"):
        count(shelf, (wine, 3, 2), (other, 3, 2))
    assert counts(wine) == (0, 3, 0, 0)


def test_a_wine_that_appeared_meanwhile_is_noticed() -> None:
    shelf, wine = make_location(), make_wine()
    check_in(wine, 1, location=shelf)
    with pytest.raises(StockError, match="The book has changed"):
        count(shelf, (wine, 0, 1))


def test_a_wine_can_be_found_where_the_book_has_none() -> None:
    shelf, wine = make_location(), make_wine()
    count(shelf, (wine, 0, 2))
    assert at(shelf, wine) == 2


def test_a_wine_counted_twice_is_refused() -> None:
    shelf = make_location()
    wine = stocked_wine(3, location=shelf)
    with pytest.raises(StockError, match="does not fit the book"):
        count(shelf, (wine, 3, 2), (wine, 3, 1))


def test_an_unknown_wine_is_refused() -> None:
    with pytest.raises(StockError, match="does not fit the book"):
        stock.count(location_id=None, counted=[Counted(uuid.uuid4(), 750, 0, 1)], actor=None)


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(StockError, match="no longer there"):
        stock.count(location_id=uuid.uuid4(), counted=[], actor=None)


@pytest.mark.parametrize("found", [-1, 1204])
def test_a_number_nobody_counts_is_refused(found: int) -> None:
    with pytest.raises(StockError, match="At most 1200 bottles more"):
        count(None, (stocked_wine(3), 3, found))


def test_a_count_is_undone_as_a_whole() -> None:
    rack, less, more = make_rack(), make_wine(), make_wine()
    check_in(less, 2, location=rack, row=1, column=1)
    check_in(more, 1, location=rack, row=2, column=1)
    check_in(more, 1)
    made = count(rack, (less, 2, 1), (more, 1, 3))
    stock.undo(action=made[0].action, actor=None)
    assert sorted(less.bottles.present().values_list("row", "column")) == [(1, 1), (1, 2)]
    assert (at(rack, more), at(None, more)) == (1, 1)
    assert counts(more) == (0, 2, 0, 0)
    assert_the_book_is_right()
