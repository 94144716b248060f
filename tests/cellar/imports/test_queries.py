"""How often an import asks the database: a fixed number of times for some hundred rows, not for each row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cellar.models import Bottle, Wine
from tests.cellar.imports.importing import applied, write

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HEADER = "Producer,Wine,Vintage,Quantity,Price,Location,Purchase Date,WA,My Rating,Tasting Notes\n"
# A step plans 500 rows, and takes as many over.
IN_A_THOUSAND = 250


def sheet(rows: range) -> str:
    return HEADER + "".join(
        f"Estate {row},Wine,{1990 + row % 30},{1 + row % 3},{10 + row % 7}.50,Rack {row % 5},2020-01-{1 + row % 28:02},"
        f"{90 + row % 9},{80 + row % 20},Note {row}.\n"
        for row in rows
    )


def queries_of(path: Path) -> int:
    with CaptureQueriesContext(connection) as queries:
        applied(path)
    return len(queries)


def test_a_thousand_rows_more_are_some_steps_more(tmp_path: Path) -> None:
    few = queries_of(write(tmp_path, sheet(range(100)), name="few.csv"))
    many = queries_of(write(tmp_path, sheet(range(1000, 2100)), name="many.csv"))
    assert many - few < IN_A_THOUSAND
    assert (Wine.objects.count(), Bottle.objects.count()) == (1200, 2400)


def test_a_thousand_rows_that_are_here_are_looked_up_together(tmp_path: Path) -> None:
    path = write(tmp_path, sheet(range(1000)))
    applied(path)
    assert queries_of(path) < IN_A_THOUSAND
    assert Wine.objects.count() == 1000
