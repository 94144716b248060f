"""Inserting many rows at once writes what `bulk_create` writes."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as clock

from cellar.models import Kind, Location, Score, TastingNote, Transaction, Wine
from tests.cellar.factories import make_wine
from winebox.inserting import id_near, insert, insert_values

pytestmark = pytest.mark.django_db


def stored(row: models.Model) -> dict[str, Any]:
    """Return all columns of a row as they come back, but for its id and times."""
    found = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name not in {"id", "created_at", "updated_at"}}


def wine() -> Wine:
    return Wine(
        producer="Château d’Été", name="'); DROP TABLE wine; --", vintage=2015, type="red", alcohol=Decimal("13.5"),
        grapes=[{"name": "Merlot", "percent": 60.5}], custom_fields={"Ort": "Köln", "leer": ""}, wishlist=True,
        archived_at=datetime(2020, 2, 29, 23, 30, tzinfo=timezone(timedelta(hours=-7))),
    )  # fmt: skip


def test_a_row_with_columns_of_all_kinds_is_as_bulk_create_writes_it() -> None:
    usual, quick = wine(), wine()
    Wine.objects.bulk_create([usual])
    insert([quick])
    assert stored(quick) == stored(usual)
    assert Wine.objects.get(pk=quick.pk).archived_at == datetime(2020, 3, 1, 6, 30, tzinfo=UTC)


def test_references_days_and_nothing_at_all_come_back() -> None:
    owner = make_wine()
    note = TastingNote(wine=owner, tasted_on=date(2020, 2, 29), text="x" * 5000, rating=Decimal("92.5"), scale="100")
    place = Location(name="Keller", parent=None)
    insert([note])
    insert([place])
    found = TastingNote.objects.get()
    assert (found.wine_id, found.tasted_on, found.rating, found.author_id) == (
        owner.pk, date(2020, 2, 29), Decimal("92.5"), None,
    )  # fmt: skip
    assert Location.objects.get().parent_id is None


def test_columns_that_are_not_given_are_as_usual() -> None:
    owner, before = make_wine(), clock.now()
    happened_at = datetime(2021, 5, 6, 12, tzinfo=UTC)
    insert_values(
        Transaction, ("kind", "wine_id", "quantity", "happened_at"), [(Kind.CHECK_IN, owner.pk, 3, happened_at)] * 2
    )
    first, second = Transaction.objects.all()
    assert first.pk != second.pk
    assert first.action != second.action
    assert (first.kind, first.quantity, first.happened_at, first.note) == ("check_in", 3, happened_at, "")
    # MongoDB keeps thousandths of a second.
    assert before - timedelta(milliseconds=1) <= first.created_at <= clock.now()


def test_a_key_that_is_there_is_refused() -> None:
    there = make_wine()
    with pytest.raises(IntegrityError):
        insert([Wine(pk=there.pk, producer="Another")])


def test_nothing_is_inserted_where_there_is_nothing() -> None:
    insert([])
    insert_values(Score, ("wine_id", "source", "value"), [])
    assert not Score.objects.exists()


def test_five_hundred_rows_are_one_statement() -> None:
    owner = make_wine()
    rows = [(uuid.uuid4(), owner.pk, f"Critic {number}", "92") for number in range(500)]
    with CaptureQueriesContext(connection) as queries:
        insert_values(Score, ("id", "wine_id", "source", "value"), rows)
    assert len(queries) == 1
    assert Score.objects.count() == 500


def test_an_id_near_another_begins_as_that_does_and_is_one_of_its_own() -> None:
    anchor = uuid.uuid4()
    near = {id_near(anchor) for _time in range(100)}
    assert len(near) == 100
    assert {pk.hex[:12] for pk in near} == {anchor.hex[:12]}
    assert {(pk.version, pk.variant) for pk in near} == {(4, uuid.RFC_4122)}
    named = uuid.uuid5(uuid.NAMESPACE_DNS, "barolo")
    assert id_near(anchor, named) == id_near(anchor, named) == uuid.UUID(anchor.hex[:12] + named.hex[12:])
