"""The wine tracker of Home Assistant: wines.csv or wines.json of its archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cellar.imports.detect import Format
from cellar.imports.formats.knowledge.documents import lines, load, records
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Note, Row
from cellar.imports.tables import Line, Source, Table

_COLUMN_NAMES = (
    "id name year type region quantity rating notes image added purchased_at price drink_from drink_until location "
    "grape vivino_id bottle_format maturity_data taste_profile food_pairings"
)
COLUMNS = tuple(_COLUMN_NAMES.split())
NEEDED = frozenset({"name", "year", "vivino_id", "bottle_format", "drink_from"})


def recognise(source: Source) -> str:
    if isinstance(source, Table):
        return "wines" if source.has(*NEEDED) else ""
    found = _wines(load(source))
    return "document" if found and set(found[0]) >= NEEDED else ""


def _wines(value: Any) -> list[Mapping[str, Any]]:
    return records(value.get("wines") if isinstance(value, Mapping) else value)


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for source in sources:
        found = source if isinstance(source, Table) else lines(_wines(load(source)), COLUMNS)
        for line in found:
            yield _row(source.file, line, options)


def _row(file: str, line: Line, options: Options) -> Row:
    row = Row(file=file, number=line.number)
    reading = Reading(row, line, options, order="ymd", decimal=".")
    reading.fact("name", "name")
    if not row.names_a_wine:
        row.skipped = _("There is neither a producer nor a name in this row.")
        return row
    number = reading.text("id")
    row.wine_key = f"ha-wine-tracker:{number}" if number else ""
    reading.vintage("year")
    reading.kind("type")
    reading.fact("region", "region")
    reading.grapes("grape")
    reading.years(drink_from="drink_from", drink_until="drink_until")
    reading.own_field("Food pairings", "food_pairings")
    if quantity := reading.quantity("quantity"):
        row.lots.append(_lot(reading, quantity))
    else:
        reading.own_field("Notes", "notes")
    reading.leave_bottles("bottle_format", "purchased_at", "added", "location", "price")
    rating, scale = reading.rating("rating", "5")
    if rating is not None:
        row.notes.append(Note(rating=rating, scale=scale))
    return row


def _lot(reading: Reading, quantity: int) -> Lot:
    lot = Lot(
        quantity=quantity,
        size_ml=reading.size("bottle_format", "l"),
        store=reading.short("purchased_at", 120),
        purchased_on=reading.day("added"),
        note=reading.short("notes", 500),
    )
    lay(lot, reading.short("location", LENGTH))
    lot.unit_price, lot.currency = reading.money("price")
    return lot


FORMATS = (
    Format(
        name="ha-wine-tracker", label="Home Assistant Wine Tracker", recognise=recognise, parse=parse, date_order="ymd",
        decimal=".", rank=75,
    ),
)  # fmt: skip
