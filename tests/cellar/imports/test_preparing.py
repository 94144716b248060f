"""What is worked out before an import is shown: others wait for as short a time as may be, and all still fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cellar import stock
from cellar.imports import applying
from cellar.ledger import Place
from cellar.models import Bottle, ImportBatch, Location, LocationKind, TastingNote
from tests.cellar.factories import make_wine
from tests.cellar.imports.importing import planned, write
from tests.cellar.invariants import assert_the_book_is_right

# What is written is the same on every engine; here it is looked at how.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

HEADER = "Producer,Wine,Vintage,Quantity,Location,Row,Column,Tasting Notes\n"
SHEET = HEADER + "Giacomo Prova,Barolo,2016,1,Rack,1,2,Good.\nWeingut Muster,Riesling,2019,2,Rack,,,\n"


def staged(path: Path) -> ImportBatch:
    batch = applying.begin(batch=planned(path))
    applying.apply_step(batch=batch, seconds=0)
    return batch


@contextmanager
def before_it_is_shown(happens: Callable[[], Any]) -> Iterator[None]:
    """Let something happen after all was made ready, just before nobody else can write."""
    waiting = [happens]

    def execute(run: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "cellar_importbatch"') and waiting:
            waiting.pop()()
        return run(sql, *args)

    with connection.execute_wrapper(execute):
        yield
    assert not waiting


def rack() -> Location:
    return Location.objects.create(name="Rack", kind=LocationKind.RACK, rows=2, columns=2)


def test_no_plan_is_read_while_others_wait_to_write(tmp_path: Path) -> None:
    batch = staged(write(tmp_path, SHEET))
    with CaptureQueriesContext(connection) as queries:
        applying.finish(batch=batch)
    asked = [query["sql"] for query in queries]
    shown = next(place for place, sql in enumerate(asked) if sql.startswith('UPDATE "cellar_importbatch"'))
    plans = [place for place, sql in enumerate(asked) if sql.startswith("SELECT") and '"cellar_importrow"' in sql]
    assert plans
    assert max(plans) < shown
    assert (Bottle.objects.count(), TastingNote.objects.count()) == (3, 1)


def test_a_bottle_whose_slot_is_taken_at_the_last_moment_lies_beside(tmp_path: Path) -> None:
    place = rack()
    batch = staged(write(tmp_path, SHEET))

    def take_the_slot() -> None:
        stock.check_in(wine=make_wine(), quantity=1, place=Place(place.pk, 1, 2), actor=None)

    with before_it_is_shown(take_the_slot):
        applying.finish(batch=batch)
    assert sorted(Bottle.objects.values_list("location_id", "row").order_by("row"), key=str) == [
        (place.pk, 1), (place.pk, None), (place.pk, None), (place.pk, None),
    ]  # fmt: skip
    assert_the_book_is_right()


def test_bottles_whose_place_goes_at_the_last_moment_have_none(tmp_path: Path) -> None:
    place = rack()
    batch = staged(write(tmp_path, SHEET))
    gone = Location.objects.filter(pk=place.pk)
    with before_it_is_shown(lambda: gone.update(archived_at=timezone.now())):
        applying.finish(batch=batch)
    assert Bottle.objects.filter(location=None, row=None).count() == Bottle.objects.count() == 3
    assert_the_book_is_right()


def test_a_bottle_lies_in_the_slot_that_was_planned(tmp_path: Path) -> None:
    place = rack()
    applying.finish(batch=staged(write(tmp_path, SHEET)))
    assert Bottle.objects.filter(location=place.pk, row=1, column=2).count() == 1
    assert_the_book_is_right()


def test_what_is_written_one_after_another_lies_beside_its_wine(tmp_path: Path) -> None:
    applying.finish(batch=staged(write(tmp_path, SHEET)))
    bottles = Bottle.objects.all()
    assert len({bottle.wine_id for bottle in bottles}) > 1
    for bottle in bottles:
        line = bottle.lines.get()
        begins = {pk.hex[:12] for pk in (bottle.wine_id, bottle.pk, bottle.source_id, line.pk)}
        assert len(begins) == 1
        assert bottle.pk.version == line.pk.version == 4
