"""Whatever people do, in whatever order: the book stays right, and taking all of it back leaves an empty cellar."""

import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from cellar import places, stock
from cellar.audit import audit
from cellar.models import Bottle, Location, Reason, State, Transaction, TransactionLine, Wine
from cellar.stock import NOWHERE, Arrival, Counted, Pick, Place, StockError
from tests.accounts.factories import make_user
from tests.cellar.factories import make_location, make_rack, make_wine
from tests.cellar.invariants import COUNTED, assert_the_book_is_right

pytestmark = pytest.mark.django_db

# Each example is a cellar of its own; a server that speaks MongoDB's protocol takes its time for each.
EXAMPLES = {"sqlite": 20, "postgres": 12, "mongodb": 3}
STEPS = 14
MORE_IN_CI = 3 if os.environ.get("CI") == "true" else 1

Delta = Counter[tuple[uuid.UUID, str]]

WINES = st.integers(0, 1)
PLACES = st.integers(0, 3)
QUANTITIES = st.integers(1, 4)
SIZES = st.sampled_from([750, 750, 1500])
ROWS, COLUMNS = 2, 3
SLOTS = st.none() | st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))
# The slot that is named, whether free ones are taken where none is, and whether the rest may lie there without one.
Way = tuple[tuple[int, int] | None, bool, bool]
WAYS = st.tuples(SLOTS, st.booleans(), st.booleans())
AS_IT_COMES: Way = (None, False, False)


def picks() -> st.SearchStrategy[tuple[int | None, int | None]]:
    """Any bottle, or those of a size, or at a place."""
    return st.tuples(st.none() | SIZES, st.none() | PLACES)


@contextmanager
def cellar_of_its_own() -> Iterator[None]:
    """Begin with no wine, place or person, and leave none behind."""
    if connection.vendor != "mongodb":
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    yield
    models = (TransactionLine, Bottle, Transaction, Wine, Location, User)
    for model in models:
        connection.database[model._meta.db_table].delete_many({})  # type: ignore[attr-defined]


class Household(RuleBasedStateMachine):
    """A household that does all that can be done with its cellar, and keeps count on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.around = cellar_of_its_own()
        self.around.__enter__()

    @initialize()
    def move_in(self) -> None:
        self.person = make_user()
        self.wines = [make_wine(), make_wine()]
        cellar = make_location("Cellar")
        self.rack = make_rack("Rack", rows=ROWS, columns=COLUMNS, parent=cellar)
        self.locations = [None, cellar, make_location("Shelf", parent=cellar), self.rack]
        self.paper: Delta = Counter()
        self.changes: dict[uuid.UUID, Delta] = {}
        self.done: list[uuid.UUID] = []

    def teardown(self) -> None:
        try:
            if hasattr(self, "done"):
                self.take_everything_back()
        finally:
            self.around.__exit__(None, None, None)

    # -- What people do ------------------------------------------------------------------------------------------------

    @rule(wine=WINES, quantity=QUANTITIES, size=SIZES, place=PLACES, way=WAYS)
    def check_in(self, wine: int, quantity: int, size: int, place: int, way: Way) -> None:
        one, to, free = self.wines[wine], self.place(place, way), self.free_slots()
        made = self.attempt(
            lambda key: [
                stock.check_in(wine=one, quantity=quantity, size_ml=size, place=to, actor=self.person, key=key)
            ]
        )
        if to.location_id == self.rack.pk and to.fills and not to.is_slot and self.is_there(self.rack):
            assert bool(made) == (to.or_loose or quantity <= free)
            assert free - self.free_slots() == (min(quantity, free) if made else 0)
        self.note(made, Counter({(one.pk, "count_in_cellar"): quantity}))

    @rule(quantities=st.lists(QUANTITIES, min_size=1, max_size=3), place=PLACES, way=WAYS)
    def check_in_many(self, quantities: list[int], place: int, way: Way) -> None:
        keys = [uuid.uuid4() for _quantity in quantities]
        arrivals = [
            Arrival(wine=self.wines[n % 2], quantity=quantity, place=self.place(place, way), key=keys[n])
            for n, quantity in enumerate(quantities)
        ]
        for one in self.attempt(lambda _key: stock.check_in_many(arrivals=arrivals, actor=self.person)):
            self.note([one], Counter({(one.wine_id, "count_in_cellar"): one.quantity}))

    @rule(wine=WINES, quantity=QUANTITIES)
    def order(self, wine: int, quantity: int) -> None:
        one = self.wines[wine]
        made = self.attempt(lambda key: [stock.order(wine=one, quantity=quantity, actor=self.person, key=key)])
        self.note(made, Counter({(one.pk, "count_on_order"): quantity}))

    @rule(wine=WINES, quantity=QUANTITIES, place=PLACES, way=WAYS)
    def deliver(self, wine: int, quantity: int, place: int, way: Way) -> None:
        one, to = self.wines[wine], self.place(place, way)
        ordered = self.paper[one.pk, "count_on_order"]
        made = self.attempt(
            lambda key: [stock.deliver(wine=one, quantity=quantity, place=to, actor=self.person, key=key)]
        )
        assert not (made and quantity > ordered)
        self.note(made, Counter({(one.pk, "count_on_order"): -quantity, (one.pk, "count_in_cellar"): quantity}))

    @rule(wine=WINES, quantity=QUANTITIES)
    def cancel(self, wine: int, quantity: int) -> None:
        one = self.wines[wine]
        ordered = self.paper[one.pk, "count_on_order"]
        made = self.attempt(lambda key: [stock.cancel(wine=one, quantity=quantity, actor=self.person, key=key)])
        assert bool(made) == (ordered >= quantity)
        self.note(made, Counter({(one.pk, "count_on_order"): -quantity}))

    @rule(wine=WINES, quantity=QUANTITIES, pick=picks(), reason=st.sampled_from(Reason))
    def check_out(self, wine: int, quantity: int, pick: tuple[int | None, int | None], reason: Reason) -> None:
        one = self.wines[wine]
        before = self.counters(one)
        made = self.attempt(
            lambda key: [
                stock.check_out(
                    wine=one, quantity=quantity, reason=reason, pick=self.pick(pick), actor=self.person, key=key
                )
            ]
        )
        if pick == (None, None):
            assert bool(made) == (before["count_in_cellar"] + before["count_open"] >= quantity)
        if made:
            after = self.counters(one)
            opened = before["count_open"] - after["count_open"]
            assert 0 <= opened <= quantity
            changed = {"count_open": -opened, "count_in_cellar": opened - quantity, "count_gone": quantity}
            self.note(made, Counter({(one.pk, name): number for name, number in changed.items()}))

    @rule(wine=WINES, quantity=st.integers(1, 2), pick=picks())
    def open_bottle(self, wine: int, quantity: int, pick: tuple[int | None, int | None]) -> None:
        one = self.wines[wine]
        made = self.attempt(
            lambda key: [
                stock.open_bottle(wine=one, quantity=quantity, pick=self.pick(pick), actor=self.person, key=key)
            ]
        )
        self.note(made, Counter({(one.pk, "count_in_cellar"): -quantity, (one.pk, "count_open"): quantity}))

    @rule(wine=WINES, quantity=QUANTITIES, pick=picks(), place=PLACES, way=WAYS)
    def move(
        self,
        wine: int,
        quantity: int,
        pick: tuple[int | None, int | None],
        place: int,
        way: Way,
    ) -> None:
        one, to = self.wines[wine], self.place(place, way)
        made = self.attempt(
            lambda key: [
                stock.move(wine=one, quantity=quantity, pick=self.pick(pick), to=to, actor=self.person, key=key)
            ]
        )
        self.note(made, Counter())

    @rule(place=PLACES, to=PLACES, way=WAYS)
    def move_all(self, place: int, to: int, way: Way) -> None:
        start, target = self.place(place, AS_IT_COMES), self.place(to, way)
        from_ids = [start.location_id] if start.location_id else []
        made = self.attempt(
            lambda key: stock.move_all(from_ids=from_ids, to=target, actor=self.person, key=key), may_be_nothing=True
        )
        self.note(made, Counter())

    @rule()
    def give_slots(self) -> None:
        loose, free = Bottle.objects.filter(location=self.rack, row=None).count(), self.free_slots()
        made = self.attempt(lambda key: stock.give_slots(location_id=self.rack.pk, actor=self.person, key=key))
        assert sum(one.quantity for one in made) == (min(loose, free) if self.is_there(self.rack) else 0)
        assert free - self.free_slots() == sum(one.quantity for one in made)
        self.note(made, Counter())

    @precondition(lambda self: Bottle.objects.present().count() > 1)
    @rule(data=st.data())
    def swap(self, data: st.DataObject) -> None:
        ids = sorted(Bottle.objects.present().values_list("pk", flat=True), key=self.age)
        numbers = st.integers(0, len(ids) - 1)
        first, second = data.draw(numbers), data.draw(numbers)
        made = self.attempt(
            lambda key: stock.swap(bottle_ids=(ids[first], ids[second]), actor=self.person, key=key),
            may_be_nothing=True,
        )
        self.note(made, Counter())

    @rule(place=PLACES, differences=st.lists(st.integers(-2, 2), min_size=2, max_size=2), size=SIZES)
    def count(self, place: int, differences: list[int], size: int) -> None:
        location_id = self.place(place, AS_IT_COMES).location_id
        counted = []
        for one, difference in zip(self.wines, differences, strict=True):
            here = Bottle.objects.present().filter(wine=one, size_ml=size).at([location_id]).count()
            counted.append(Counted(one.pk, size, here, max(0, here + difference)))
        before = [self.counters(one) for one in self.wines]
        made = self.attempt(
            lambda key: stock.count(location_id=location_id, counted=counted, actor=self.person, key=key),
            may_be_nothing=True,
        )
        delta: Delta = Counter()
        for one, old in zip(self.wines, before, strict=True):
            delta.update({(one.pk, name): number - old[name] for name, number in self.counters(one).items()})
        present = sum(delta[one.pk, name] for one in self.wines for name in ("count_in_cellar", "count_open"))
        assert not made or present <= sum(one.found - one.expected for one in counted if one.found > one.expected)
        self.note(made, delta)

    @rule(place=st.integers(2, 3))
    def remove_a_place(self, place: int) -> None:
        location = self.locations[place]
        assert location is not None
        current = Location.objects.current().filter(pk=location.pk).first()
        if current is None:
            return
        key = uuid.uuid4()
        moved = places.delete_place(location=current, actor=self.person, key=key)
        if moved:
            self.note(list(Transaction.objects.filter(action=key)), Counter())

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        action = self.done[data.draw(st.integers(0, len(self.done) - 1))]
        self.take_back(action)

    # -- How that is done ----------------------------------------------------------------------------------------------

    def place(self, number: int, way: Way) -> Place:
        location, (slot, fills, or_loose) = self.locations[number], way
        if location is None:
            return NOWHERE
        row, column = slot if slot and location == self.rack else (None, None)
        return Place(location.pk, row, column, fills=fills, or_loose=or_loose)

    def is_there(self, location: Location) -> bool:
        return Location.objects.current().filter(pk=location.pk).exists()

    def free_slots(self) -> int:
        return ROWS * COLUMNS - Bottle.objects.filter(location=self.rack, row__isnull=False).count()

    def pick(self, choice: tuple[int | None, int | None]) -> Pick:
        size, place = choice
        if place is None:
            return Pick(size_ml=size)
        location = self.locations[place]
        return Pick(size_ml=size, anywhere=False, location_id=location.pk if location else None)

    def age(self, bottle_id: uuid.UUID) -> tuple[int, str]:
        """Order bottles so that an example can be repeated; their ids are different each time."""
        bottle = Bottle.objects.get(pk=bottle_id)
        return (self.wines.index(bottle.wine), f"{bottle.state}{bottle.size_ml}{bottle.row}{bottle.column}")

    def counters(self, wine: Wine) -> dict[str, int]:
        wine.refresh_from_db()
        return {name: getattr(wine, name) for name in COUNTED}

    def attempt(
        self, verb: Callable[[uuid.UUID], Sequence[Transaction]], *, may_be_nothing: bool = False
    ) -> list[Transaction]:
        """Do it twice with one key, as by a double click; return what was done, or nothing when it was refused."""
        key, before = uuid.uuid4(), Transaction.objects.count()
        try:
            made = list(verb(key))
        except StockError:
            assert Transaction.objects.count() == before
            return []
        assert made or may_be_nothing
        assert Transaction.objects.count() == before + len(made)
        if made:
            assert {one.pk for one in verb(key)} == {one.pk for one in made}
            assert Transaction.objects.count() == before + len(made)
        return made

    def note(self, made: Sequence[Transaction], delta: Delta) -> None:
        """Write on paper what was done, if it was."""
        if made:
            action = made[0].action
            self.paper.update(delta)
            self.changes[action] = delta
            self.done.append(action)

    def take_back(self, action: uuid.UUID) -> bool:
        made = self.attempt(lambda key: stock.undo(action=action, actor=self.person, key=key))
        if not made:
            return False
        taken_back = made[0].reverses
        assert taken_back is not None
        delta = self.changes[taken_back.action]
        self.note(made, Counter({name: -number for name, number in delta.items()}))
        return True

    def take_everything_back(self) -> None:
        written = Transaction.objects.count()
        for action in reversed(list(self.done)):
            assert self.take_back(action)
        for wine in self.wines:
            assert set(self.counters(wine).values()) == {0}
        assert not Bottle.objects.exclude(state=State.VOID).exists()
        assert Transaction.objects.count() >= written
        assert_the_book_is_right()
        assert audit().is_right

    # -- What has to hold ----------------------------------------------------------------------------------------------

    @invariant()
    def the_book_is_right(self) -> None:
        if not hasattr(self, "done"):
            return
        assert_the_book_is_right()
        for wine in self.wines:
            paper = {name: self.paper[wine.pk, name] for name in COUNTED}
            assert self.counters(wine) == paper
        hidden = Location.objects.exclude(archived_at=None).values_list("pk", flat=True)
        assert not Bottle.objects.present().filter(location__in=list(hidden)).exists()


def test_whatever_is_done_the_book_is_right_and_all_of_it_can_be_taken_back() -> None:
    run_state_machine_as_test(
        Household,
        settings=hypothesis_settings(
            max_examples=EXAMPLES[settings.ENGINE] * MORE_IN_CI,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
