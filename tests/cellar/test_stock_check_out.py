"""Bottles that go, and bottles that are opened."""

from datetime import UTC, datetime

import pytest

from cellar import stock
from cellar.models import Bottle, Kind, Reason, State, Transaction, Wine
from cellar.stock import Pick, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


def drink(wine: Wine, quantity: int = 1, pick: Pick = stock.ANY) -> Transaction:
    return stock.check_out(wine=wine, quantity=quantity, reason=Reason.DRANK, actor=None, pick=pick)


def bottles_of(transaction: Transaction) -> list[Bottle]:
    return list(Bottle.objects.filter(lines__transaction=transaction))


def test_bottles_that_are_checked_out_are_gone_from_their_place() -> None:
    wine = stocked_wine(3, location=make_location())
    drink(wine, 2)
    assert counts(wine) == (0, 1, 0, 2)
    assert wine.bottles.filter(state=State.GONE, location=None).count() == 2
    assert_the_book_is_right()


def test_a_check_out_says_who_when_and_why() -> None:
    actor, when = make_user(), datetime(2022, 12, 24, 18, tzinfo=UTC)
    made = stock.check_out(
        wine=stocked_wine(2),
        quantity=1,
        reason=Reason.GIFT,
        recipient="Aunt Rose",
        actor=actor,
        when=when,
        note="Christmas",
    )
    made = Transaction.objects.get(pk=made.pk)
    assert (made.kind, made.reason, made.recipient) == (Kind.CHECK_OUT, Reason.GIFT, "Aunt Rose")
    assert (made.actor, made.happened_at, made.note) == (actor, when, "Christmas")


def test_a_sale_keeps_what_it_brought() -> None:
    made = stock.check_out(
        wine=stocked_wine(1), quantity=1, reason=Reason.SOLD, revenue=12_000, currency="USD", actor=None
    )
    assert (made.revenue, made.currency) == (12_000, "USD")


def test_an_open_bottle_goes_first() -> None:
    wine = stocked_wine(3)
    opened = bottles_of(stock.open_bottle(wine=wine, actor=None))
    drink(wine)
    assert counts(wine) == (0, 2, 0, 1)
    assert Bottle.objects.get(pk=opened[0].pk).state == State.GONE


def test_the_standard_size_goes_before_others() -> None:
    wine = make_wine()
    for size in (1500, 375, 750, 6000):
        check_in(wine, 1, size_ml=size)
    made = drink(wine)
    assert made.size_ml == 750
    assert sorted(wine.bottles.filter(state="in_cellar").values_list("size_ml", flat=True)) == [375, 1500, 6000]


def test_the_oldest_bottle_goes_before_newer_ones() -> None:
    wine = make_wine()
    oldest = check_in(wine, 1)
    check_in(wine, 5)
    assert bottles_of(drink(wine))[0].source_id == oldest.pk


def test_a_check_out_of_several_sizes_names_none() -> None:
    wine = make_wine()
    check_in(wine, 1, size_ml=750)
    check_in(wine, 1, size_ml=1500)
    assert drink(wine, 2).size_ml is None


def test_bottles_can_be_taken_by_size() -> None:
    wine = make_wine()
    check_in(wine, 2, size_ml=750)
    check_in(wine, 2, size_ml=1500)
    drink(wine, 2, Pick(size_ml=1500))
    assert set(wine.bottles.filter(state="in_cellar").values_list("size_ml", flat=True)) == {750}


def test_bottles_can_be_taken_from_a_place() -> None:
    wine, here, there = make_wine(), make_location(), make_location()
    check_in(wine, 2, location=here)
    check_in(wine, 2, location=there)
    drink(wine, 2, Pick(anywhere=False, location_id=there.pk))
    assert set(wine.bottles.present().values_list("location", flat=True)) == {here.pk}


def test_a_place_does_not_mean_what_is_in_it() -> None:
    cellar = make_location("Cellar")
    wine = stocked_wine(2, location=make_location("Shelf", parent=cellar))
    with pytest.raises(StockError, match="no such bottle left"):
        drink(wine, 1, Pick(anywhere=False, location_id=cellar.pk))


def test_bottles_can_be_taken_from_those_without_a_place() -> None:
    wine, here = make_wine(), make_location()
    check_in(wine, 2, location=here)
    check_in(wine, 1)
    drink(wine, 1, Pick(anywhere=False, location_id=None))
    assert set(wine.bottles.present().values_list("location", flat=True)) == {here.pk}


def test_one_bottle_can_be_named() -> None:
    wine = stocked_wine(3)
    named = wine.bottles.order_by("-created_at")[0]
    drink(wine, 1, Pick(bottle_id=named.pk))
    assert wine.bottles.get(state=State.GONE) == named


def test_a_bottle_of_another_wine_is_not_handed_out() -> None:
    wine, other = stocked_wine(1), stocked_wine(1)
    with pytest.raises(StockError, match="no such bottle left"):
        drink(wine, 1, Pick(bottle_id=other.bottles.get().pk))


def test_a_named_bottle_is_handed_out_once() -> None:
    wine = stocked_wine(2)
    named = Pick(bottle_id=wine.bottles.all()[0].pk)
    drink(wine, 1, named)
    with pytest.raises(StockError, match="no such bottle left"):
        drink(wine, 1, named)


def test_too_few_says_how_many_there_are_and_takes_none() -> None:
    wine = stocked_wine(2)
    with pytest.raises(StockError, match=r"There are only 2 such bottles, you asked for 3\. Nothing was changed\."):
        drink(wine, 3)
    assert counts(wine) == (0, 2, 0, 0)


def test_too_few_of_a_size_says_how_many_there_are_of_it() -> None:
    wine = make_wine()
    check_in(wine, 5, size_ml=750)
    check_in(wine, 1, size_ml=1500)
    with pytest.raises(StockError, match="There is only 1 such bottle, you asked for 2"):
        drink(wine, 2, Pick(size_ml=1500))


def test_the_last_bottle_can_be_taken() -> None:
    wine = stocked_wine(1)
    drink(wine)
    assert counts(wine) == (0, 0, 0, 1)


def test_a_slot_is_free_again_when_its_bottle_is_gone() -> None:
    rack = make_rack()
    wine = make_wine()
    check_in(wine, 1, location=rack, row=1, column=1)
    drink(wine)
    check_in(wine, 1, location=rack, row=1, column=1)
    assert wine.bottles.filter(location=rack, row=1, column=1).count() == 1


@pytest.mark.parametrize("quantity", [0, -5, 1201])
def test_a_number_out_of_bounds_is_refused(quantity: int) -> None:
    with pytest.raises(StockError, match="Between 1 and 1200"):
        drink(stocked_wine(1), quantity)


def test_an_opened_bottle_stays_in_its_slot() -> None:
    wine, rack = make_wine(), make_rack()
    check_in(wine, 1, location=rack, row=2, column=3)
    made = stock.open_bottle(wine=wine, actor=None)
    bottle = wine.bottles.get()
    assert (made.kind, bottle.state) == (Kind.OPEN, State.OPEN)
    assert (bottle.location, bottle.row, bottle.column) == (rack, 2, 3)
    assert counts(wine) == (0, 0, 1, 0)
    assert_the_book_is_right()


def test_a_bottle_is_opened_once() -> None:
    wine = stocked_wine(1)
    stock.open_bottle(wine=wine, actor=None)
    with pytest.raises(StockError, match="no such bottle left"):
        stock.open_bottle(wine=wine, actor=None)


def test_several_bottles_can_be_opened_for_a_party() -> None:
    wine = stocked_wine(6)
    stock.open_bottle(wine=wine, quantity=4, actor=None)
    assert counts(wine) == (0, 2, 4, 0)
