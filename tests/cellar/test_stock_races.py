"""Several people at once: what there is once is handed out once, and nobody waits for ever."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cellar import places, search, stock
from cellar.models import Bottle, Location, Reason, TastingNote, Transaction, Wine
from cellar.stock import Counted, Place, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts
from tests.cellar.threads import at_once
from winebox import databases

pytestmark = pytest.mark.django_db(transaction=True)


def drink(wine: Wine, quantity: int = 1, key: uuid.UUID | None = None) -> Callable[[], Transaction]:
    return lambda: stock.check_out(wine=wine, quantity=quantity, reason=Reason.DRANK, actor=None, key=key)


def assert_one_wins(results: list[Any]) -> None:
    """All but one were refused with a sentence."""
    refused = [one for one in results if isinstance(one, StockError)]
    assert len(refused) == len(results) - 1, results
    assert not [one for one in results if isinstance(one, Exception) and one not in refused]


def assert_nobody_failed(results: list[Any]) -> None:
    assert not [one for one in results if isinstance(one, Exception)], results


def test_the_last_bottle_goes_to_one() -> None:
    wine = stocked_wine(1)
    assert_one_wins(at_once([drink(wine) for _person in range(4)]))
    assert counts(wine) == (0, 0, 0, 1)
    assert_the_book_is_right()


def test_nobody_is_refused_while_there_is_enough() -> None:
    wine = stocked_wine(12)
    results = at_once([lambda: [drink(wine)() for _glass in range(3)] for _person in range(4)])
    assert_nobody_failed(results)
    assert counts(wine) == (0, 0, 0, 12)
    assert_the_book_is_right()


def test_those_who_want_several_get_all_or_none() -> None:
    wine = stocked_wine(5)
    results = at_once([drink(wine, 2) for _person in range(4)])
    assert sum(isinstance(one, Transaction) for one in results) == 2
    assert counts(wine) == (0, 1, 0, 4)
    assert_the_book_is_right()


def test_one_form_sent_twice_at_once_takes_one_bottle() -> None:
    wine, key = stocked_wine(1), uuid.uuid4()
    results = at_once([drink(wine, key=key) for _time in range(3)])
    assert_nobody_failed(results)
    assert {one.pk for one in results} == {key}
    assert counts(wine) == (0, 0, 0, 1)
    assert_the_book_is_right()


def test_one_check_in_sent_twice_at_once_brings_its_bottles_once() -> None:
    wine, key = make_wine(), uuid.uuid4()
    results = at_once([lambda: check_in(wine, 6, key=key) for _time in range(3)])
    assert_nobody_failed(results)
    assert counts(wine) == (0, 6, 0, 0)
    assert_the_book_is_right()


def test_a_slot_takes_one_bottle() -> None:
    rack = make_rack()
    wines = [make_wine() for _person in range(3)]
    calls = [lambda wine=wine: check_in(wine, 1, location=rack, row=1, column=1) for wine in wines]
    assert_one_wins(at_once(calls))
    assert Bottle.objects.filter(location=rack).count() == 1
    assert_the_book_is_right()


def test_those_who_fill_a_rack_find_other_slots_or_are_refused() -> None:
    rack = make_rack(rows=2, columns=6)
    columns = (1, 3, 5)
    calls = [partial(check_in, make_wine(), 4, location=rack, row=1, column=column) for column in columns]
    results = at_once(calls)
    came = [one for one in results if isinstance(one, Transaction)]
    assert came
    assert len(came) + sum(isinstance(one, StockError) for one in results) == len(columns), results
    assert Bottle.objects.filter(location=rack).count() == 4 * len(came)
    assert_the_book_is_right()


@pytest.mark.parametrize("or_loose", [False, True])
def test_those_who_fill_the_free_slots_of_a_rack_at_once_share_no_slot(or_loose: bool) -> None:
    rack, elsewhere = make_rack(rows=2, columns=6), make_location()
    place = Place(rack.pk, fills=True, or_loose=or_loose)
    coming, ordered, moving = make_wine(), make_wine(), stocked_wine(4, location=elsewhere)
    stock.order(wine=ordered, quantity=4, actor=None)
    calls = [
        partial(stock.check_in, wine=coming, quantity=4, place=place, actor=None),
        partial(stock.deliver, wine=ordered, quantity=4, place=place, actor=None),
        partial(stock.move, wine=moving, quantity=4, to=place, actor=None),
        partial(stock.check_in, wine=make_wine(), quantity=4, place=place, actor=None),
    ]
    results = at_once(calls)
    came = [one for one in results if isinstance(one, Transaction)]
    # There is room for three of them.
    assert len(came) == (4 if or_loose else 3), results
    assert len(came) + sum(isinstance(one, StockError) for one in results) == len(calls), results
    slots = Bottle.objects.filter(location=rack, row__isnull=False).values_list("row", "column")
    assert len(slots) == len(set(slots)) == 12
    assert_the_book_is_right()


def test_bottles_are_given_slots_once_while_others_fill_them() -> None:
    rack, wine, other = make_rack(rows=2, columns=6), make_wine(), make_wine()
    check_in(wine, 6, location=rack)
    results = at_once(
        [
            partial(stock.give_slots, location_id=rack.pk, actor=None),
            partial(stock.give_slots, location_id=rack.pk, actor=None),
            partial(stock.check_in, wine=other, quantity=6, place=Place(rack.pk, fills=True), actor=None),
        ]
    )
    refused = [one for one in results if isinstance(one, StockError)]
    assert ["without a slot any more" in str(one) for one in refused] == [True], results
    assert not [one for one in results if isinstance(one, Exception) and one not in refused]
    assert Bottle.objects.filter(location=rack, row__isnull=False).count() == 12
    assert_the_book_is_right()


def test_a_step_is_undone_once() -> None:
    wine = stocked_wine(2)
    made = drink(wine)()
    calls = [lambda: stock.undo(action=made.action, actor=None) for _person in range(3)]
    assert_one_wins(at_once(calls))
    assert counts(wine) == (0, 2, 0, 0)
    assert_the_book_is_right()


def test_a_shelf_is_counted_once() -> None:
    shelf = make_location()
    wine = stocked_wine(2, location=shelf)
    counted = [Counted(wine.pk, 750, 2, 3)]
    calls = [lambda: stock.count(location_id=shelf.pk, counted=counted, actor=None) for _person in range(3)]
    assert_one_wins(at_once(calls))
    assert counts(wine) == (0, 3, 0, 0)
    assert_the_book_is_right()


def test_those_who_touch_the_same_wines_in_another_order_do_not_block_each_other() -> None:
    here, there = make_location(), make_location()
    wines = [stocked_wine(4, location=here) for _wine in range(4)]

    def forth() -> None:
        for _time in range(3):
            stock.move_all(from_ids=[here.pk], to=Place(there.pk), actor=None)

    def back() -> None:
        for _time in range(3):
            stock.move_all(from_ids=[there.pk], to=Place(here.pk), actor=None)

    def drain() -> None:
        for wine in reversed(wines):
            stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)

    assert_nobody_failed(at_once([forth, back, drain, drain]))
    assert {counts(wine) for wine in wines} == {(0, 2, 0, 2)}
    assert_the_book_is_right()


def test_no_bottle_is_put_where_a_place_was_deleted_meanwhile() -> None:
    for _time in range(3):
        shelf, wine, owner = make_location(), make_wine(), make_user()
        results = at_once(
            [
                partial(places.delete_place, location=shelf, actor=owner),
                partial(check_in, wine, 1, location=shelf),
            ]
        )
        assert all(isinstance(one, int | Transaction | StockError) for one in results), results
        hidden = Location.objects.exclude(archived_at=None).values_list("pk", flat=True)
        assert not Bottle.objects.present().filter(location__in=list(hidden)).exists()


def test_a_note_and_a_move_at_once_are_both_found() -> None:
    for _time in range(3):
        wine, shelf = stocked_wine(1), make_location("Under the stairs")

        def write(wine: Wine = wine) -> None:
            def work() -> None:
                TastingNote.objects.create(wine=wine, tasted_on="2024-01-01", text="violets")
                search.reindex([wine.pk])

            databases.atomically(work)

        def carry(wine: Wine = wine, shelf: Location = shelf) -> None:
            stock.move(wine=wine, quantity=1, to=Place(shelf.pk), actor=None)

        assert_nobody_failed(at_once([write, carry]))
        assert Wine.objects.filter(search.words_q("violets stairs"), pk=wine.pk).exists()
