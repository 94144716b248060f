"""Imports that nobody goes on with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from cellar.imports import applying, unfinished
from cellar.models import ImportBatch, ImportRow, Wine
from tests.cellar.imports.importing import applied, planned, write

pytestmark = pytest.mark.django_db

SHEET = "Producer,Wine,Vintage,Quantity\nA,B,2015,2\n"


def make_older(batch: ImportBatch, *, days: int) -> str:
    """Let nothing have happened for so long; return the name of its file."""
    ImportBatch.objects.filter(pk=batch.pk).update(updated_at=timezone.now() - timedelta(days=days))
    return batch.files.get().stored


def test_an_import_is_forgotten_with_its_files_and_plan_after_two_weeks(tmp_path: Path) -> None:
    stored = make_older(planned(write(tmp_path, SHEET)), days=15)
    assert unfinished.clear() == {"imports": 1}
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()
    assert not default_storage.exists(stored)


def test_one_that_somebody_worked_on_lately_stays(tmp_path: Path) -> None:
    stored = make_older(planned(write(tmp_path, SHEET)), days=13)
    assert unfinished.clear() == {"imports": 0}
    assert default_storage.exists(stored)


def test_wines_that_were_prepared_go_with_it(tmp_path: Path) -> None:
    batch = applying.begin(batch=planned(write(tmp_path, SHEET)))
    applying.apply_step(batch=batch, seconds=0)
    assert Wine.objects.exists()
    make_older(batch, days=15)
    assert unfinished.clear() == {"imports": 1}
    assert not Wine.objects.exists()


def test_one_that_was_taken_over_stays_however_old(tmp_path: Path) -> None:
    batch = applied(write(tmp_path, SHEET))
    ImportBatch.objects.filter(pk=batch.pk).update(updated_at=timezone.now() - timedelta(days=900))
    assert unfinished.clear() == {"imports": 0}
    assert ImportRow.objects.count() == 1
    assert Wine.objects.get().count_in_cellar == 2
