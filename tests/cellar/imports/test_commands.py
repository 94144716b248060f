"""`manage.py import_wines` and `manage.py undo_import`."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SecurityEvent
from cellar.management.commands.cellar_stats import cellar_stats
from cellar.models import ImportBatch, ImportRow
from tests.cellar.imports.importing import bottle_line, bottles_file, write

pytestmark = pytest.mark.django_db

SHEET = "Producer,Wine,Vintage,Type,Quantity\nA,B,2015,Red,2\n,,2016,Red,4\nDistillery,Malt,,Whisky,1\n"


def run(*args: object, **options: Any) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out, **options)
    return out.getvalue()


def report(*args: object) -> Any:
    return json.loads(run("import_wines", *args, "--json"))


def test_the_report_is_one_document_with_the_names_of_the_design(tmp_path: Path) -> None:
    found = report(bottles_file(tmp_path, *(bottle_line(f"000000000{state + 2}", state) for state in (-1, 0, 1))))
    (batch,) = ImportBatch.objects.all()
    assert found == {
        "format": "cellartracker", "encoding": "utf-8", "rows": 3, "wines_created": 1, "wines_matched": 0,
        "bottles_in_cellar": 1, "bottles_on_order": 1, "bottles_gone": 1, "notes": 0, "skipped": [], "warnings": [],
        "batch": str(batch.pk),
    }  # fmt: skip


def test_a_second_run_reports_nothing_new(tmp_path: Path) -> None:
    path = write(tmp_path, SHEET)
    report(path)
    again = report(path)
    assert (again["wines_created"], again["wines_matched"], again["bottles_in_cellar"]) == (0, 1, 0)


def test_rows_left_out_are_reported_with_number_and_reason(tmp_path: Path) -> None:
    skipped = report(write(tmp_path, SHEET))["skipped"]
    assert [row["row"] for row in skipped] == [3, 4]
    assert "spirits" in skipped[1]["reason"]


def test_a_dry_run_reports_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, SHEET)
    dry = report(path, "--dry-run")
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()
    assert set(cellar_stats().values()) == {0}
    assert {**report(path), "batch": None} == dry


def test_an_import_is_undone_by_its_number(tmp_path: Path) -> None:
    before = cellar_stats()
    found = report(write(tmp_path, SHEET))
    assert cellar_stats() != before
    assert "undone" in run("undo_import", found["batch"])
    assert cellar_stats() == before


def test_an_import_and_its_undo_are_in_the_security_log_and_a_dry_run_is_not(tmp_path: Path) -> None:
    path = write(tmp_path, SHEET)
    report(path, "--dry-run")
    assert not SecurityEvent.objects.exists()
    found = report(path)
    event = SecurityEvent.objects.get(kind="imported")
    assert event.detail == f"{found['format']}, {found['rows']} rows"
    run("undo_import", found["batch"])
    assert SecurityEvent.objects.get(kind="undone").detail == f"import {found['batch']}"


@pytest.mark.parametrize("number", ["17", "00000000-0000-0000-0000-000000000000"])
def test_an_import_that_is_not_there_is_one_line(number: str) -> None:
    with pytest.raises(CommandError, match="There is no import"):
        run("undo_import", number)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not there"):
        run("import_wines", tmp_path / "none.csv")


def test_a_format_can_be_demanded(tmp_path: Path) -> None:
    path = write(tmp_path, SHEET)
    assert report(path, "--format", "anything", "--dry-run")["format"] == "anything"
    with pytest.raises(CommandError, match="not in the format"):
        run("import_wines", path, "--format", "cellartracker")
    with pytest.raises(CommandError, match="no format called"):
        run("import_wines", path, "--format", "parchment")


def test_people_read_figures_and_reasons(tmp_path: Path) -> None:
    said = run("import_wines", write(tmp_path, SHEET))
    assert "bottles in cellar: 2\n" in said
    assert "Row 4: not wine: spirits\n" in said
