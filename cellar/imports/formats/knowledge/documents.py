"""JSON as lines, so that it is read as tables are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cellar.imports.tables import Document, Line


def load(document: Document) -> Any:
    """Return what a document holds; None where it cannot be read (which `decode` says to the person)."""
    return document.load()


def records(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; what is no object is left out."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def lines(objects: Sequence[Mapping[str, Any]], columns: Sequence[str], *, start: int = 1) -> Iterator[Line]:
    """Yield objects as lines, numbered from `start`."""
    positions = {name: place for place, name in enumerate(columns)}
    for number, one in enumerate(objects, start=start):
        yield Line(number, tuple(_cell(one.get(name)).strip() for name in columns), positions)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(map(str, value))
    if isinstance(value, str | int | float):
        return str(value)
    # Nobody knows what is meant by it: it stays what it is, for the person to see.
    return json.dumps(value, ensure_ascii=False) if value else ""
