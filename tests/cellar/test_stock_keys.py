"""A form that is sent twice has one effect."""

import uuid
from collections.abc import Callable

import pytest

from cellar import stock
from cellar.models import Reason, Transaction, Wine
from cellar.stock import Arrival, Counted, Place, StockError
from tests.cellar.factories import make_location, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db

Verb = Callable[[Wine, uuid.UUID], Transaction]


def check_in(wine: Wine, key: uuid.UUID) -> Transaction:
    return stock.check_in(wine=wine, quantity=1, actor=None, key=key)


def order(wine: Wine, key: uuid.UUID) -> Transaction:
    return stock.order(wine=wine, quantity=1, actor=None, key=key)


def deliver(wine: Wine, key: uuid.UUID) -> Transaction:
    return stock.deliver(wine=wine, quantity=1, actor=None, key=key)


def check_out(wine: Wine, key: uuid.UUID) -> Transaction:
    return stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None, key=key)


def open_bottle(wine: Wine, key: uuid.UUID) -> Transaction:
    return stock.open_bottle(wine=wine, actor=None, key=key)


def move(wine: Wine, key: uuid.UUID) -> Transaction:
    place = Place(make_location().pk)
    return stock.move(wine=wine, quantity=1, to=place, actor=None, key=key)


VERBS = [check_in, order, deliver, check_out, open_bottle, move]


@pytest.fixture
def wine() -> Wine:
    """A wine with four bottles here and four on order."""
    wine = stocked_wine(4)
    stock.order(wine=wine, quantity=4, actor=None)
    return wine


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_the_key_becomes_the_id_and_the_action(wine: Wine, verb: Verb) -> None:
    key = uuid.uuid4()
    made = verb(wine, key)
    assert (made.pk, made.action) == (key, key)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_the_same_key_twice_has_one_effect_and_the_same_answer(wine: Wine, verb: Verb) -> None:
    key = uuid.uuid4()
    first = verb(wine, key)
    before = counts(wine)
    assert verb(wine, key) == first
    assert counts(wine) == before
    assert Transaction.objects.filter(pk=key).count() == 1
    assert_the_book_is_right()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_another_key_has_another_effect(wine: Wine, verb: Verb) -> None:
    assert verb(wine, uuid.uuid4()) != verb(wine, uuid.uuid4())


def test_the_last_bottle_taken_twice_with_one_key_is_no_error() -> None:
    wine, key = stocked_wine(1), uuid.uuid4()
    assert check_out(wine, key) == check_out(wine, key)
    assert counts(wine) == (0, 0, 0, 1)


def test_an_undo_sent_twice_has_one_effect() -> None:
    wine, key = stocked_wine(2), uuid.uuid4()
    made = check_out(wine, uuid.uuid4())
    first = stock.undo(action=made.action, actor=None, key=key)
    assert stock.undo(action=made.action, actor=None, key=key) == first
    assert counts(wine) == (0, 2, 0, 0)


def test_a_count_sent_twice_has_one_effect() -> None:
    shelf = make_location()
    wine, other = stocked_wine(3, location=shelf), stocked_wine(3, location=shelf)
    counted = [Counted(wine.pk, 750, 3, 2), Counted(other.pk, 750, 3, 5)]
    key = uuid.uuid4()
    first = stock.count(location_id=shelf.pk, counted=counted, actor=None, key=key)
    assert set(stock.count(location_id=shelf.pk, counted=counted, actor=None, key=key)) == set(first)
    assert counts(wine) == (0, 2, 0, 1)


def test_a_move_of_everything_sent_twice_has_one_effect() -> None:
    here, there, key = make_location(), make_location(), uuid.uuid4()
    stocked_wine(2, location=here)
    first = stock.move_all(from_ids=[here.pk], to=Place(there.pk), actor=None, key=key)
    stocked_wine(1, location=here)
    assert stock.move_all(from_ids=[here.pk], to=Place(there.pk), actor=None, key=key) == first


def test_a_swap_sent_twice_has_one_effect() -> None:
    here, there, key = make_location(), make_location(), uuid.uuid4()
    mine, theirs = stocked_wine(1, location=here).bottles.get(), stocked_wine(1, location=there).bottles.get()
    for _time in range(2):
        stock.swap(bottle_ids=(mine.pk, theirs.pk), actor=None, key=key)
    mine.refresh_from_db()
    assert mine.location == there


def test_a_refused_form_can_be_sent_again_with_its_key() -> None:
    wine, key = stocked_wine(1), uuid.uuid4()
    with pytest.raises(StockError):
        stock.check_out(wine=wine, quantity=2, reason=Reason.DRANK, actor=None, key=key)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None, key=key)
    assert counts(wine) == (0, 0, 0, 1)


def test_arrivals_whose_keys_were_used_are_what_they_were_then() -> None:
    wine, other = make_wine(), make_wine()
    arrivals = [Arrival(wine=one, quantity=2, key=uuid.uuid4()) for one in (wine, other)]
    first = stock.check_in_many(arrivals=arrivals[:1], actor=None)
    both = stock.check_in_many(arrivals=arrivals, actor=None)
    assert both[0] == first[0]
    assert (counts(wine), counts(other)) == ((0, 2, 0, 0), (0, 2, 0, 0))
    assert_the_book_is_right()
