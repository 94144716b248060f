"""The ledger is written once: whoever tries to rewrite it is refused, whichever way they take."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import ProtectedError

from cellar import stock
from cellar.models import Bottle, Reason, Transaction, TransactionLine, Wine
from tests.accounts.factories import make_user
from tests.cellar.factories import check_in, make_location, make_wine, stocked_wine
from tests.cellar.invariants import assert_the_book_is_right, counts
from winebox.models import AppendOnlyError

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Transaction, TransactionLine], ids=lambda model: model.__name__)
def row(request: pytest.FixtureRequest) -> Any:
    stocked_wine(1)
    return request.param.objects.get()


def save(row: Any) -> None:
    row.save()


def save_a_field(row: Any) -> None:
    row.save(update_fields=["created_at"])


def delete(row: Any) -> None:
    row.delete()


def update_many(row: Any) -> None:
    type(row).objects.update(created_at=row.created_at)


def update_some(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(created_at=row.created_at)


def delete_many(row: Any) -> None:
    type(row).objects.all().delete()


def update_in_bulk(row: Any) -> None:
    type(row).objects.bulk_update([row], ["created_at"])


def update_or_create(row: Any) -> None:
    type(row).objects.update_or_create(pk=row.pk, defaults={"created_at": row.created_at})


def overwrite_in_bulk(row: Any) -> None:
    type(row).objects.bulk_create([row], update_conflicts=True, update_fields=["created_at"], unique_fields=["id"])


def update_through_the_base_manager(row: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(created_at=row.created_at)


WAYS = [
    save,
    save_a_field,
    delete,
    update_many,
    update_some,
    delete_many,
    update_in_bulk,
    update_or_create,
    overwrite_in_bulk,
    update_through_the_base_manager,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_written_row_is_neither_changed_nor_deleted(row: Any, way: Callable[[Any], None]) -> None:
    with pytest.raises(AppendOnlyError):
        way(row)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_person_s_transactions_are_not_taken_from_them() -> None:
    actor = make_user()
    check_in(make_wine(), 1, actor=actor)
    with pytest.raises(AppendOnlyError):
        actor.cellar_transactions.clear()
    with pytest.raises(AppendOnlyError):
        make_user().cellar_transactions.add(Transaction.objects.get())
    assert Transaction.objects.get().actor == actor


def test_a_person_with_history_is_not_deleted() -> None:
    actor = make_user()
    check_in(make_wine(), 1, actor=actor)
    with pytest.raises(ProtectedError):
        actor.delete()


def test_a_wine_with_history_is_not_deleted() -> None:
    wine = make_wine()
    made = check_in(wine, 1)
    stock.undo(action=made.action, actor=None)
    with pytest.raises(ProtectedError):
        wine.delete()


def test_a_bottle_is_not_deleted() -> None:
    with pytest.raises(ProtectedError):
        stocked_wine(1).bottles.get().delete()


def test_a_place_with_history_is_not_deleted() -> None:
    shelf = make_location()
    wine = stocked_wine(1, location=shelf)
    stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=None)
    with pytest.raises(ProtectedError):
        shelf.delete()


def test_saving_a_wine_that_was_read_before_keeps_the_counters() -> None:
    wine = make_wine()
    read_before = Wine.objects.get(pk=wine.pk)
    check_in(wine, 3, location=make_location("Cellar"))
    read_before.name = "Second Vin"
    read_before.save()
    assert counts(wine) == (0, 3, 0, 0)
    assert "cellar" in wine.search_text
    assert wine.name == "Second Vin"
    assert_the_book_is_right()


def test_saving_a_bottle_that_was_read_before_keeps_its_place() -> None:
    shelf = make_location()
    wine = stocked_wine(1, location=shelf)
    read_before = wine.bottles.get()
    stock.move(wine=wine, quantity=1, to=stock.NOWHERE, actor=None)
    read_before.note = "torn label"
    read_before.save()
    bottle = Bottle.objects.get()
    assert (bottle.location, bottle.note) == (None, "torn label")
    assert_the_book_is_right()
