"""Bottles that come: into the cellar, to their places and slots, and on order."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cellar import stock
from cellar.models import Bottle, Kind, Reason, State, Transaction, Wine
from cellar.stock import Place, Purchase, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_rack, make_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def slots(wine: Wine) -> list[tuple[int | None, int | None]]:
    return sorted(Bottle.objects.filter(wine=wine).values_list("row", "column"))


def test_bottles_that_are_checked_in_are_in_the_cellar() -> None:
    wine = make_wine()
    stock.check_in(wine=wine, quantity=3, actor=make_user())
    assert counts(wine) == (0, 3, 0, 0)
    assert set(wine.bottles.values_list("state", flat=True)) == {State.IN_CELLAR}
    assert_the_book_is_right()


def test_a_check_in_says_who_when_and_what_it_cost() -> None:
    actor, when = make_user(), datetime(2021, 3, 4, 12, tzinfo=UTC)
    made = stock.check_in(
        wine=make_wine(),
        quantity=2,
        actor=actor,
        size_ml=1500,
        purchase=Purchase(4250, "CHF", "Cave du Port"),
        when=when,
        note="for the wedding",
    )
    made = Transaction.objects.get(pk=made.pk)
    assert (made.kind, made.quantity, made.size_ml) == (Kind.CHECK_IN, 2, 1500)
    assert (made.actor, made.happened_at, made.note) == (actor, when, "for the wedding")
    assert (made.unit_price, made.currency, made.store) == (4250, "CHF", "Cave du Port")


def test_a_price_without_a_currency_is_in_the_household_s(settings: Any) -> None:
    settings.CURRENCY = "GBP"
    made = check_in(make_wine(), 1, purchase=Purchase(1000))
    assert made.currency == "GBP"


def test_without_a_price_there_is_no_currency() -> None:
    assert check_in(make_wine(), 1, purchase=Purchase(None, "EUR", "a friend")).currency == ""


def test_every_bottle_knows_the_transaction_it_came_with() -> None:
    wine = make_wine()
    first, second = check_in(wine, 2), check_in(wine, 1)
    assert wine.bottles.filter(source=first).count() == 2
    assert wine.bottles.filter(source=second).count() == 1


def test_bottles_without_a_place_are_nowhere_yet() -> None:
    wine = make_wine()
    check_in(wine, 2)
    assert set(wine.bottles.values_list("location", flat=True)) == {None}


def test_bottles_go_to_the_place_given() -> None:
    wine, shelf = make_wine(), make_location()
    check_in(wine, 2, location=shelf)
    assert set(wine.bottles.values_list("location", flat=True)) == {shelf.pk}


def test_bottles_can_be_in_a_rack_without_a_slot() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 30, location=rack)
    assert set(slots(wine)) == {(None, None)}


def test_a_rack_is_filled_from_the_slot_given_on() -> None:
    wine, rack = make_wine(), make_rack(rows=3, columns=3)
    check_in(wine, 4, location=rack, row=1, column=3)
    assert slots(wine) == [(1, 3), (2, 1), (2, 2), (2, 3)]
    assert_the_book_is_right()


def test_taken_slots_are_passed_over() -> None:
    first, second, rack = make_wine(), make_wine(), make_rack(rows=2, columns=3)
    check_in(first, 1, location=rack, row=1, column=2)
    check_in(second, 3, location=rack, row=1, column=1)
    assert slots(second) == [(1, 1), (1, 3), (2, 1)]


def test_too_few_free_slots_are_named_and_nothing_is_checked_in() -> None:
    wine, rack = make_wine(), make_rack("Rack B", rows=2, columns=3)
    with pytest.raises(StockError, match=r"Only 2 slots of Rack B are free from there on\. Nothing was changed\."):
        check_in(wine, 3, location=rack, row=2, column=2)
    assert counts(wine) == (0, 0, 0, 0)
    assert not Transaction.objects.exists()


def test_slots_before_the_one_given_are_not_filled() -> None:
    rack = make_rack(rows=1, columns=3)
    with pytest.raises(StockError, match="Only 1 slot of"):
        check_in(make_wine(), 2, location=rack, row=1, column=3)


def test_a_single_bottle_is_refused_a_taken_slot() -> None:
    rack = make_rack()
    check_in(make_wine(), 1, location=rack, row=1, column=1)
    with pytest.raises(StockError, match="That slot is taken"):
        check_in(make_wine(), 1, location=rack, row=1, column=1)


@pytest.mark.parametrize(("row", "column"), [(5, 1), (1, 7), (0, 1), (1, 0), (-1, 1)])
def test_a_slot_outside_of_the_rack_is_refused(row: int, column: int) -> None:
    rack = make_rack("Rack C", rows=4, columns=6)
    with pytest.raises(StockError, match="Rack C has 4 rows and 6 columns"):
        check_in(make_wine(), 1, location=rack, row=row, column=column)


def test_a_place_without_slots_has_no_slot() -> None:
    with pytest.raises(StockError, match="Shelf has no slots"):
        check_in(make_wine(), 1, location=make_location("Shelf"), row=1, column=1)


def test_a_place_that_was_deleted_is_refused() -> None:
    shelf = make_location(archived_at=datetime(2024, 1, 1, tzinfo=UTC))
    with pytest.raises(StockError, match="no longer there"):
        check_in(make_wine(), 1, location=shelf)


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(StockError, match="no longer there"):
        stock.check_in(wine=make_wine(), quantity=1, actor=None, place=Place(uuid.uuid4(), 1, 1))


def test_a_wine_that_was_deleted_meanwhile_is_refused() -> None:
    wine = make_wine()
    Wine.objects.filter(pk=wine.pk).delete()
    with pytest.raises(StockError, match="no longer there"):
        check_in(wine, 1)
    assert not Bottle.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, stock.MAX_BOTTLES + 1])
def test_a_number_out_of_bounds_is_refused(quantity: int) -> None:
    with pytest.raises(StockError, match="Between 1 and 1200 bottles"):
        check_in(make_wine(), quantity)


def test_as_many_bottles_as_are_allowed_come_in_one_step() -> None:
    wine = make_wine()
    check_in(wine, stock.MAX_BOTTLES)
    assert counts(wine) == (0, stock.MAX_BOTTLES, 0, 0)


def test_ordered_bottles_are_not_in_the_cellar() -> None:
    wine = make_wine()
    made = stock.order(wine=wine, quantity=6, actor=None, expected_on=date(2030, 5, 1), purchase=Purchase(900, "EUR"))
    assert counts(wine) == (6, 0, 0, 0)
    assert (made.kind, made.expected_on, made.unit_price) == (Kind.ORDER, date(2030, 5, 1), 900)
    assert_the_book_is_right()


def test_delivered_bottles_go_to_their_place() -> None:
    wine, rack = make_wine(), make_rack(rows=2, columns=2)
    stock.order(wine=wine, quantity=6, actor=None)
    made = stock.deliver(wine=wine, quantity=2, actor=None, place=Place(rack.pk, 1, 2))
    assert made.kind == Kind.DELIVER
    assert counts(wine) == (4, 2, 0, 0)
    assert sorted(wine.bottles.present().values_list("row", "column")) == [(1, 2), (2, 1)]
    assert_the_book_is_right()


def test_bottles_of_one_size_can_be_delivered() -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=2, size_ml=750, actor=None)
    stock.order(wine=wine, quantity=2, size_ml=1500, actor=None)
    made = stock.deliver(wine=wine, quantity=2, actor=None, pick=stock.Pick(size_ml=1500))
    assert made.size_ml == 1500
    assert set(wine.bottles.filter(state="in_cellar").values_list("size_ml", flat=True)) == {1500}


def test_a_delivery_of_two_sizes_names_neither() -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=1, size_ml=750, actor=None)
    stock.order(wine=wine, quantity=1, size_ml=1500, actor=None)
    assert stock.deliver(wine=wine, quantity=2, actor=None).size_ml is None


def test_no_more_is_delivered_than_was_ordered() -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=2, actor=None)
    with pytest.raises(StockError, match="only 2 such bottles, you asked for 3"):
        stock.deliver(wine=wine, quantity=3, actor=None)
    assert counts(wine) == (2, 0, 0, 0)


def test_bottles_on_order_cannot_be_drunk() -> None:
    wine = make_wine()
    stock.order(wine=wine, quantity=2, actor=None)
    with pytest.raises(StockError, match="no such bottle left"):
        stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
