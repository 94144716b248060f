"""Where the engine has no transactions: what was written before a failure is taken back by hand."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import pytest

from cellar import ledger, stock
from cellar.models import Bottle, Kind, Location, Reason, State, Transaction, TransactionLine, Wine
from cellar.stock import Arrival, Counted, Place, StockError
from tests.cellar.factories import check_in, make_location, make_rack, make_wine
from tests.cellar.faults import FaultError, fault_at
from tests.cellar.invariants import COUNTED, assert_the_book_is_right, counts
from winebox import databases

pytestmark = pytest.mark.django_db(transaction=True)

MOST_WRITES = 60


@pytest.fixture(autouse=True)
def _no_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "atomic", nullcontext)
    monkeypatch.setattr(databases, "rolls_back", lambda: False)


class Cellar:
    """Two wines, in slots, on a shelf and without a place; one bottle is open."""

    def __init__(self) -> None:
        self.rack, self.shelf = make_rack("Rack"), make_location("Shelf")
        self.wine, self.other = make_wine(), make_wine()
        check_in(self.wine, 3, location=self.rack, row=1, column=1)
        check_in(self.wine, 2)
        check_in(self.other, 2, location=self.rack, row=2, column=1)
        stock.open_bottle(wine=self.other, actor=None)
        stock.order(wine=self.other, quantity=2, actor=None)


def book() -> dict[str, Any]:
    """Return all that the ledger keeps."""
    bottles = Bottle.objects.order_by("pk").values(
        "pk", "state", "location_id", "row", "column", "step", "last_transaction", "source_id"
    )
    return {
        "bottles": list(bottles),
        "lines": sorted(TransactionLine.objects.values_list("pk", flat=True)),
        "transactions": sorted(Transaction.objects.values_list("pk", flat=True)),
        "counters": list(Wine.objects.order_by("pk").values("pk", *COUNTED)),
        "places": sorted(Location.objects.current().values_list("pk", flat=True)),
    }


def check_in_to_slots(cellar: Cellar) -> None:
    check_in(cellar.wine, 4, location=cellar.rack, row=1, column=4)


def check_in_many(cellar: Cellar) -> None:
    arrivals = [Arrival(wine=one, quantity=2, place=Place(cellar.shelf.pk)) for one in (cellar.wine, cellar.other)]
    stock.check_in_many(arrivals=arrivals, actor=None)


def deliver(cellar: Cellar) -> None:
    stock.deliver(wine=cellar.other, quantity=2, actor=None, place=Place(cellar.shelf.pk))


def check_out(cellar: Cellar) -> None:
    stock.check_out(wine=cellar.wine, quantity=4, reason=Reason.DRANK, actor=None)


def open_two(cellar: Cellar) -> None:
    stock.open_bottle(wine=cellar.wine, quantity=2, actor=None)


def swap(cellar: Cellar) -> None:
    mine = cellar.wine.bottles.get(row=1, column=1)
    theirs = cellar.other.bottles.get(row=2, column=1)
    stock.swap(bottle_ids=(mine.pk, theirs.pk), actor=None)


def move_all(cellar: Cellar) -> None:
    stock.move_all(from_ids=[cellar.rack.pk], to=Place(cellar.shelf.pk), actor=None)


def count(cellar: Cellar) -> None:
    counted = [Counted(cellar.wine.pk, 750, 3, 7), Counted(cellar.other.pk, 750, 2, 1)]
    stock.count(location_id=cellar.rack.pk, counted=counted, actor=None)


STEPS = [check_in_to_slots, check_in_many, deliver, check_out, open_two, swap, move_all, count]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_fault_at_any_write_leaves_nothing_behind(step: Callable[[Cellar], None]) -> None:
    cellar = Cellar()
    fail_at_each_write(lambda: step(cellar))


@pytest.mark.parametrize("step", [check_in_to_slots, check_out, swap, count], ids=lambda step: step.__name__)
def test_a_fault_at_any_write_of_an_undo_leaves_nothing_behind(step: Callable[[Cellar], None]) -> None:
    cellar = Cellar()
    step(cellar)
    action = Transaction.objects.newest_first()[0].action
    fail_at_each_write(lambda: stock.undo(action=action, actor=None))


def fail_at_each_write(step: Callable[[], object]) -> None:
    before = book()
    for number in range(1, MOST_WRITES):
        with fault_at(number) as fuse, suppress(FaultError):
            step()
        if not fuse.has_blown:
            break
        assert book() == before
    assert number > 5, "a step writes its transaction, bottles, lines, counters and the index"
    assert book() != before
    assert_the_book_is_right()


def test_a_rival_who_takes_one_of_the_bottles_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cellar = Cellar()
    claim = ledger._claim
    rivals: list[Bottle] = []

    def claim_late(entries: Any) -> None:
        if not rivals:
            rivals.append(entries[0].changes[0].bottle)
            stock.check_out(
                wine=cellar.wine, quantity=1, reason=Reason.GIFT, actor=None, pick=stock.Pick(bottle_id=rivals[0].pk)
            )
        claim(entries)

    monkeypatch.setattr(ledger, "_claim", claim_late)
    stock.check_out(wine=cellar.wine, quantity=3, reason=Reason.DRANK, actor=None)
    assert counts(cellar.wine) == (0, 1, 0, 4)
    assert_the_book_is_right()


def test_a_rival_who_takes_too_many_is_named_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    cellar = Cellar()
    claim = ledger._claim
    rivals: list[str] = []

    def claim_late(entries: Any) -> None:
        if not rivals:
            rivals.append("was here")
            stock.check_out(wine=cellar.wine, quantity=4, reason=Reason.GIFT, actor=None)
        claim(entries)

    monkeypatch.setattr(ledger, "_claim", claim_late)
    with pytest.raises(StockError, match="only 1 such bottle, you asked for 3"):
        stock.check_out(wine=cellar.wine, quantity=3, reason=Reason.DRANK, actor=None)
    assert counts(cellar.wine) == (0, 1, 0, 4)
    assert_the_book_is_right()


def test_a_slot_lost_while_writing_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cellar = Cellar()
    make_bottles = ledger._make_bottles
    rivals: list[str] = []

    def make_late(entries: Any) -> None:
        if not rivals:
            rivals.append("was here")
            check_in(cellar.other, 1, location=cellar.rack, row=3, column=2)
        make_bottles(entries)

    monkeypatch.setattr(ledger, "_make_bottles", make_late)
    check_in(cellar.wine, 2, location=cellar.rack, row=3, column=1)
    assert set(cellar.wine.bottles.filter(row=3).values_list("column", flat=True)) == {1, 3}
    assert_the_book_is_right()


def test_the_transaction_that_had_the_key_first_is_not_taken_back() -> None:
    cellar = Cellar()
    first = check_in(cellar.wine, 1)
    before = book()
    transaction = ledger.draft(Kind.CHECK_IN, wine_id=cellar.wine.pk, quantity=1, actor=None, key=first.pk)
    change = ledger.Change(Bottle(wine=cellar.wine), State.IN_CELLAR, stock.NOWHERE)
    with pytest.raises(ledger.AlreadyDoneError):
        ledger.record([ledger.Entry(transaction, [change])])
    assert book() == before
