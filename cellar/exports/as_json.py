"""JSON: the cellar as one document that comes back as it was, and the other tables as lists."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cellar.exports.lives import Life
from cellar.exports.tables import Record, amount, bottles_of, chosen, parts_of
from cellar.models import Bottle, Score, State, TastingNote, Wine
from cellar.models.wine import WineQuerySet
from cellar.tree import Tree, load_tree
from cellar.wines import EDITABLE

FORMAT = "winebox-cellar"
VERSION = 1
Fields = dict[str, Any]


def cellar_file(wines: WineQuerySet | None) -> Iterator[bytes]:
    """Yield wines with their bottles, notes and scores; what a bottle went through is told as its life."""
    yield f'{{"format":"{FORMAT}","version":{VERSION},"wines":['.encode()
    tree, between = load_tree(), ""
    for part in parts_of(chosen(wines)):
        bottles, notes, scores = _bottles(part, tree), _notes(part), _scores(part)
        documents = [
            {**wine_fields(wine), "bottles": bottles[wine.pk], "notes": notes[wine.pk], "scores": scores[wine.pk]}
            for wine in part
        ]
        yield (between + ",\n".join(_text(one) for one in documents)).encode()
        between = ",\n"
    yield b"]}\n"


def table_file(name: str, columns: Sequence[str], rows: Iterable[Record]) -> Iterator[bytes]:
    """Yield a table as a list of objects."""
    yield f'{{"format":"winebox-{name}","version":{VERSION},"{name}":['.encode()
    between, buffer = "", []
    for row in rows:
        buffer.append(_text(dict(zip(columns, row, strict=True))))
        if len(buffer) == 200:
            yield (between + ",\n".join(buffer)).encode()
            between, buffer = ",\n", []
    yield (between + ",\n".join(buffer) if buffer else "").encode() + b"]}\n"


def wine_fields(wine: Wine) -> Fields:
    fields: Fields = {"id": wine.pk} | {name: getattr(wine, name) for name in EDITABLE}
    # Engines disagree about the order in which the names of a document come back.
    fields["custom_fields"] = dict(sorted(wine.custom_fields.items()))
    fields["grapes"] = [{"name": grape.name, "percent": grape.percent} for grape in wine.grape_list]
    return fields


def _bottles(wines: Sequence[Wine], tree: Tree) -> dict[UUID, list[Fields]]:
    found: dict[UUID, list[Fields]] = defaultdict(list)
    for wine, bottle, life in bottles_of(wines):
        found[wine.pk].append(_bottle_fields(bottle, life, tree))
    return found


def _bottle_fields(bottle: Bottle, life: Life, tree: Tree) -> Fields:
    bought, gone = life.bought, life.gone
    currency = bought.currency if bought and bought.unit_price is not None else ""
    return {
        "id": bottle.pk,
        "size_ml": bottle.size_ml,
        "state": bottle.state,
        "place": [place.name for place in tree.path(bottle.location_id)],
        "row": bottle.row,
        "column": bottle.column,
        "unit_price": amount(bought.unit_price, currency) if bought else None,
        "currency": currency,
        "store": bought.store if bought else "",
        "purchased_at": life.bought_at,
        "delivered_at": life.delivered.happened_at if life.delivered else None,
        "expected_on": life.ordered.expected_on if life.ordered and bottle.state == State.ON_ORDER else None,
        "opened_at": life.opened.happened_at if life.opened and bottle.state == State.OPEN else None,
        "gone_at": gone.happened_at if gone else None,
        "reason": life.reason,
        "recipient": gone.recipient if gone else "",
        "revenue": amount(gone.revenue, gone.currency) if gone else None,
        "revenue_currency": gone.currency if gone and gone.revenue is not None else "",
        "note": bottle.note,
        "purchase_note": bought.note if bought else "",
        "gone_note": gone.note if gone else "",
        "barcode": bottle.barcode,
    }


def _notes(wines: Sequence[Wine]) -> dict[UUID, list[Fields]]:
    found: dict[UUID, list[Fields]] = defaultdict(list)
    names = ("tasted_on", "text", "rating", "scale", "occasion", "company")
    for note in TastingNote.objects.filter(wine_id__in=[wine.pk for wine in wines]).order_by("tasted_on", "id"):
        found[note.wine_id].append({"id": note.pk} | {name: getattr(note, name) for name in names})
    return found


def _scores(wines: Sequence[Wine]) -> dict[UUID, list[Fields]]:
    found: dict[UUID, list[Fields]] = defaultdict(list)
    names = ("source", "value", "scale", "reviewer", "year")
    for score in Score.objects.filter(wine_id__in=[wine.pk for wine in wines]).order_by(*names, "id"):
        found[score.wine_id].append({name: getattr(score, name) for name in names})
    return found


def _text(document: Fields) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # To the millisecond, which is what every engine keeps.
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
