"""Forgetting imports that nobody went on with: their files and plans are somebody's whole cellar."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from cellar.imports import batches
from cellar.models import ImportBatch, Stage

KEPT = timedelta(days=14)


def clear() -> dict[str, int]:
    """Drop imports that were not taken over and in which nothing has happened for two weeks."""
    open_ones = ImportBatch.objects.exclude(stage__in=[Stage.DONE, Stage.UNDONE])
    count = 0
    for batch in open_ones.filter(updated_at__lt=timezone.now() - KEPT):
        try:
            batches.drop(batch=batch)
            count += 1
        except (batches.ImportRefused, ImportBatch.DoesNotExist):
            continue  # somebody was quicker, and took it over or dropped it
    return {"imports": count}
