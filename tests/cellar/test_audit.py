"""The audit: it finds what is wrong with the book, and mends what follows from the ledger."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet

from cellar import stock
from cellar.audit import Report, audit, mend_counters
from cellar.audit.looking import Check, Finding, findings
from cellar.audit.wines import look_at_counters
from cellar.models import Bottle, Location, Reason, State, Transaction, TransactionLine, Wine
from cellar.stock import Place
from tests.cellar.factories import check_in, make_location, make_note, make_rack, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts

pytestmark = pytest.mark.django_db


class Cellar:
    """Two wines with a history, in a rack and on a shelf."""

    def __init__(self) -> None:
        self.rack, self.shelf = make_rack("Rack"), make_location("Shelf")
        self.wine, self.other = make_wine(), make_wine()
        check_in(self.wine, 3, location=self.rack, row=1, column=1)
        check_in(self.other, 2, location=self.shelf)
        stock.open_bottle(wine=self.wine, actor=None)
        made = stock.check_out(wine=self.wine, quantity=1, reason=Reason.DRANK, actor=None)
        stock.undo(action=made.action, actor=None)
        stock.order(wine=self.other, quantity=2, actor=None)
        self.bottle = self.wine.bottles.get(state=State.OPEN)


@pytest.fixture
def cellar() -> Cellar:
    return Cellar()


def checks(report: Report) -> set[str]:
    return {finding.check for finding in report.findings}


def problems(report: Report) -> set[str]:
    return {finding.problem for finding in report.findings}


def rewrite(rows: QuerySet[Any], **values: Any) -> None:
    """Change rows of the ledger in the way that it refuses."""
    QuerySet.update(rows, **values)


def test_a_book_that_is_right_is_found_right(cellar: Cellar) -> None:
    report = audit()
    assert report.findings == []
    assert report.is_right
    assert report.counted == {"bottles": 7, "lines": 10, "transactions": 6, "wines": 2}


def test_an_empty_cellar_is_right() -> None:
    assert audit().is_right


Damage = Callable[[Cellar], object]


def state_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(state=State.IN_CELLAR)


def place_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(location=cellar.shelf, row=None, column=None)


def slot_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(row=4)


def step_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(step=1)


def last_transaction_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(last_transaction=uuid.uuid4())


def source_differs(cellar: Cellar) -> None:
    Bottle.objects.filter(pk=cellar.bottle.pk).update(source=cellar.other.bottles.all()[0].source)


def a_gone_bottle_has_a_place(cellar: Cellar) -> None:
    stock.check_out(wine=cellar.other, quantity=1, reason=Reason.DRANK, actor=None)
    Bottle.objects.filter(state=State.GONE).update(location=cellar.shelf)


def a_bottle_nobody_brought(cellar: Cellar) -> None:
    source = cellar.bottle.source
    Bottle.objects.create(wine=cellar.wine, state=State.IN_CELLAR, source=source, step=1)


def slots_are_interchanged(cellar: Cellar) -> None:
    first, second = cellar.wine.bottles.exclude(pk=cellar.bottle.pk)
    Bottle.objects.filter(pk=first.pk).update(row=None, column=None)
    Bottle.objects.filter(pk=second.pk).update(row=first.row, column=first.column)
    Bottle.objects.filter(pk=first.pk).update(row=second.row, column=second.column)


def a_counter_is_too_high(cellar: Cellar) -> None:
    Wine.objects.filter(pk=cellar.wine.pk).update(count_in_cellar=77)


def a_counter_is_too_low(cellar: Cellar) -> None:
    Wine.objects.filter(pk=cellar.other.pk).update(count_on_order=0)


def a_wine_without_bottles_has_some(cellar: Cellar) -> None:
    Wine.objects.filter(pk=make_wine().pk).update(count_gone=1)


def a_wine_is_not_found_by_its_name(cellar: Cellar) -> None:
    Wine.objects.filter(pk=cellar.wine.pk).update(search_text="")


def a_wine_is_not_found_by_its_place(cellar: Cellar) -> None:
    Wine.objects.filter(pk=cellar.wine.pk).update(facets="|country:france|")


def a_price_is_an_old_one(cellar: Cellar) -> None:
    Wine.objects.filter(pk=cellar.wine.pk).update(price_per_750=1)


MENDED: list[tuple[Damage, set[str]]] = [
    (state_differs, {"bottle", "counter"}),
    (place_differs, {"bottle", "search"}),
    (slot_differs, {"bottle"}),
    (step_differs, {"bottle"}),
    (last_transaction_differs, {"bottle"}),
    (source_differs, {"bottle"}),
    (a_gone_bottle_has_a_place, {"bottle", "place"}),
    (a_bottle_nobody_brought, {"bottle", "counter", "search"}),
    (slots_are_interchanged, {"bottle"}),
    (a_counter_is_too_high, {"counter"}),
    (a_counter_is_too_low, {"counter"}),
    (a_wine_without_bottles_has_some, {"counter"}),
    (a_wine_is_not_found_by_its_name, {"search"}),
    (a_wine_is_not_found_by_its_place, {"search"}),
    (a_price_is_an_old_one, {"search"}),
]


@pytest.mark.parametrize(("damage", "found"), MENDED, ids=[damage.__name__ for damage, _found in MENDED])
def test_what_follows_from_the_ledger_is_found_and_mended(damage: Damage, found: set[str], cellar: Cellar) -> None:
    damage(cellar)
    report = audit()
    assert not report.is_right
    assert checks(report) == found
    mended = audit(fix=True)
    assert mended.is_right, mended.findings
    assert mended.findings
    assert audit().findings == []


def test_a_mended_book_is_what_it_was(cellar: Cellar) -> None:
    before = list(Bottle.objects.order_by("pk").values("pk", "state", "location", "row", "column", "step"))
    slots_are_interchanged(cellar)
    state_differs(cellar)
    a_counter_is_too_high(cellar)
    audit(fix=True)
    assert list(Bottle.objects.order_by("pk").values("pk", "state", "location", "row", "column", "step")) == before
    assert counts(cellar.wine) == (0, 2, 1, 0)
    assert_the_book_is_right()


def test_without_fix_nothing_is_mended(cellar: Cellar) -> None:
    a_counter_is_too_high(cellar)
    audit()
    assert counts(cellar.wine)[1] == 77


def last_line(cellar: Cellar) -> QuerySet[TransactionLine]:
    return TransactionLine.objects.filter(bottle=cellar.bottle, step=cellar.bottle.step)


def a_line_is_missing(cellar: Cellar) -> None:
    QuerySet.delete(TransactionLine.objects.filter(bottle=cellar.bottle, step=2))


def the_first_line_is_missing(cellar: Cellar) -> None:
    QuerySet.delete(TransactionLine.objects.filter(bottle=cellar.bottle, step=1))


def a_line_begins_elsewhere(cellar: Cellar) -> None:
    rewrite(last_line(cellar), state_before=State.IN_CELLAR)


def a_line_starts_at_another_place(cellar: Cellar) -> None:
    rewrite(TransactionLine.objects.filter(bottle=cellar.bottle, step=2), row_before=4)


def a_line_is_of_another_wine(cellar: Cellar) -> None:
    rewrite(last_line(cellar), transaction=cellar.other.bottles.all()[0].source)


def a_quantity_differs(cellar: Cellar) -> None:
    rewrite(Transaction.objects.filter(pk=cellar.bottle.source_id), quantity=99)


def an_undo_takes_nothing_back(cellar: Cellar) -> None:
    rewrite(Transaction.objects.filter(kind="undo"), reverses=None)


def an_undo_takes_back_what_is_of_another_wine(cellar: Cellar) -> None:
    rewrite(Transaction.objects.filter(kind="undo"), reverses=cellar.other.bottles.all()[0].source)


LOST: list[tuple[Damage, str]] = [
    (a_line_is_missing, "its lines are not numbered from 1 without gaps"),
    (the_first_line_is_missing, "its first line does not begin with nothing"),
    (a_line_begins_elsewhere, "a line does not begin where the one before it ended"),
    (a_line_starts_at_another_place, "a line does not begin where the one before it ended"),
    (a_line_is_of_another_wine, "a line belongs to a transaction of another wine"),
    (a_quantity_differs, "it is about 99 bottles, but has 3 lines"),
    (an_undo_takes_nothing_back, "it is an undo of nothing, or takes something back without being one"),
    (
        an_undo_takes_back_what_is_of_another_wine,
        "it takes back another number of bottles, or those of another wine",
    ),
]


@pytest.mark.parametrize(("damage", "problem"), LOST, ids=[damage.__name__ for damage, _problem in LOST])
def test_a_damaged_ledger_is_found_and_never_edited(damage: Damage, problem: str, cellar: Cellar) -> None:
    damage(cellar)
    before = list(TransactionLine.objects.order_by("pk").values()), list(Transaction.objects.order_by("pk").values())
    report = audit(fix=True)
    assert problem in problems(report)
    assert not report.is_right
    after = list(TransactionLine.objects.order_by("pk").values()), list(Transaction.objects.order_by("pk").values())
    assert after == before


def test_a_bottle_at_a_deleted_place_is_found(cellar: Cellar) -> None:
    Location.objects.filter(pk=cellar.shelf.pk).update(archived_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert problems(audit()) == {"it lies at a place that was deleted"}


def test_a_bottle_in_a_slot_that_is_no_longer_there_is_found(cellar: Cellar) -> None:
    Location.objects.filter(pk=cellar.rack.pk).update(rows=None, columns=None)
    report = audit(fix=True)
    assert problems(report) == {"it lies in a slot that its rack does not have"}
    assert not report.is_right


def test_a_mended_bottle_whose_slot_is_taken_is_left_without_one(cellar: Cellar) -> None:
    first = cellar.wine.bottles.exclude(pk=cellar.bottle.pk)[0]
    stock.move(wine=cellar.wine, quantity=1, to=Place(), actor=None, pick=stock.Pick(bottle_id=first.pk))
    check_in(cellar.other, 1, location=cellar.rack, row=first.row, column=first.column)
    rewrite(
        TransactionLine.objects.filter(bottle=first, step=2),
        location_after=cellar.rack,
        row_after=first.row,
        column_after=first.column,
    )
    report = audit(fix=True)
    assert not report.is_right
    first.refresh_from_db()
    assert (first.location, first.row) == (cellar.rack, None)


def test_notes_that_were_added_behind_the_index_are_found(cellar: Cellar) -> None:
    note = make_note(cellar.wine, "violets")
    type(note).objects.filter(pk=note.pk).update(text="cherries")
    assert checks(audit()) == {"search"}


def test_it_looks_at_every_part_of_a_large_cellar() -> None:
    wrong = {stocked_wine(1).pk for _wine in range(5)}
    Wine.objects.filter(pk__in=wrong).update(count_gone=1)
    parts = []

    def look(ids: Sequence[UUID]) -> list[Finding]:
        parts.append(len(ids))
        return look_at_counters(ids)

    found = list(findings(Check(Wine, look, part=2), fix=False))
    assert {finding.id for finding in found} == wrong
    # Each part is looked at again, because something is wrong in it.
    assert parts == [2, 2, 2, 2, 1, 1]


def test_a_change_that_is_just_being_made_is_no_finding(cellar: Cellar, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look falls between a bottle and its counter."""
    a_counter_is_too_high(cellar)

    def look_and_arrive(ids: Sequence[UUID]) -> list[Finding]:
        found = look_at_counters(ids)
        mend_counters(ids)
        return found

    monkeypatch.setattr("cellar.audit.look_at_counters", look_and_arrive)
    assert audit().findings == []


@pytest.fixture
def _any_number_of_bottles_a_slot(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the rule out of the database, which would not let a second bottle in."""
    rules = list(Bottle._meta.constraints)
    monkeypatch.setattr(Bottle._meta, "constraints", [])
    with connection.schema_editor() as editor:
        editor.remove_constraint(Bottle, rules[0])
    yield
    Bottle.objects.update(row=None, column=None)
    monkeypatch.undo()
    with connection.schema_editor() as editor:
        editor.add_constraint(Bottle, rules[0])


@pytest.mark.usefixtures("_any_number_of_bottles_a_slot")
def test_two_bottles_in_a_slot_are_found() -> None:
    rack, wine = make_rack(), make_wine()
    check_in(wine, 2, location=rack, row=1, column=1)
    Bottle.objects.filter(column=2).update(column=1)
    report = audit()
    assert ("slot", rack.pk, "2 bottles are in row 1, column 1") in [one.key for one in report.findings]
