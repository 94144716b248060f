"""What came of an import: figures, and every row that was left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cellar.imports.packing import unpack
from cellar.models import ImportBatch, Outcome

LEFT_OUT = (Outcome.SKIPPED, Outcome.OTHER_DRINK)
FIGURES = (
    "rows", "wines_created", "wines_matched", "bottles_in_cellar", "bottles_on_order", "bottles_gone", "notes",
)  # fmt: skip


def report_of(batch: ImportBatch) -> dict[str, Any]:
    """Return the report as JSON has it; of a batch that is only planned, what would come of it."""
    return {
        "format": batch.format,
        "encoding": batch.encoding,
        **{name: batch.figures.get(name, 0) for name in FIGURES},
        "skipped": list(skipped(batch)),
        "warnings": list(batch.warnings),
        "batch": str(batch.pk),
    }


def skipped(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Yield what was left out, in the order of the rows: whole rows, and single cells with their column."""
    rows = batch.rows.order_by("position")
    found = rows.filter(outcome__in=LEFT_OUT) | rows.filter(has_skipped_cells=True)
    for row in found.iterator(chunk_size=500):
        if row.outcome in LEFT_OUT:
            yield {"row": row.number, "reason": row.detail, "file": row.file}
            continue
        for cell in unpack(row.plan).skipped_cells:
            reason = _("“%(text)s”: %(reason)s") % {"text": cell.text, "reason": cell.reason}
            if cell.text in cell.reason:
                reason = cell.reason
            yield {"row": row.number, "reason": reason, "file": row.file, "column": cell.column}
