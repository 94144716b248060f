"""Taking a cellar away: wines, bottles, transactions and notes as CSV, XLSX or JSON, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from django.utils import timezone

from cellar.exports.as_csv import csv_file
from cellar.exports.as_json import cellar_file, table_file
from cellar.exports.as_xlsx import xlsx_file
from cellar.exports.tables import TABLES, TableExport, custom_names
from cellar.models.wine import WineQuerySet

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

Item = TypeVar("Item")

__all__ = ["FORMATS", "TABLES", "Export", "export"]


@dataclass(frozen=True)
class Export:
    """A file that is being written: its name, its type, and its pieces."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


def export(*, what: str, file_format: str, wines: WineQuerySet | None = None) -> Export:
    """Return wines, bottles, transactions or notes in a format; those of some wines, or of all there are."""
    table = TABLES[what]
    name = f"winebox-{what}-{timezone.localdate():%Y-%m-%d}.{file_format}"
    return Export(name, FORMATS[file_format], _pieces(table, file_format, wines))


def _pieces(table: TableExport, file_format: str, wines: WineQuerySet | None) -> Iterator[bytes]:
    if file_format == "json":
        if table.name == "wines":
            return cellar_file(wines)
        return table_file(table.name, table.columns, table.rows(wines, ()))
    return _sheet(table, file_format, wines)


def _later(make: Callable[[], Iterable[Item]]) -> Iterator[Item]:
    """Yield what `make` returns, which is called when the first one is asked for."""
    yield from make()


def _sheet(table: TableExport, file_format: str, wines: WineQuerySet | None) -> Iterator[bytes]:
    custom: list[str] = []

    def header() -> Iterable[str]:
        # Looked up when the first piece is sent already.
        if table.has_custom_fields:
            custom.extend(custom_names(wines))
        return chain(table.columns, (f"field: {name}" for name in custom))

    names, rows = _later(header), _later(lambda: table.rows(wines, custom))
    return xlsx_file(names, rows, title=str(table.label)) if file_format == "xlsx" else csv_file(names, rows)
