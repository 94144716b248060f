"""Cellarion: a row or object for each bottle, as CSV or JSON; with its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cellar.imports import cells
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge import states
from cellar.imports.formats.knowledge.documents import lines, load, records
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Note, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import Reason, State

_COLUMN_NAMES = (
    "wineName producer vintage country region appellation type price currency bottleSize purchaseDate purchaseLocation "
    "purchaseUrl location notes rating ratingScale rackName rackPosition dateAdded addToHistory consumedReason "
    "consumedAt consumedNote consumedRating consumedRatingScale"
)
COLUMNS = tuple(_COLUMN_NAMES.split())
SCHEMA = "cellarion-export"


def recognise(source: Source) -> str:
    if isinstance(source, Table):
        return "bottles" if source.has("wineName", "producer", "rackName") else ""
    value = load(source)
    is_export = isinstance(value, Mapping) and str(value.get("schema", "")).startswith(SCHEMA)
    return "document" if is_export else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for source in sources:
        for cellar, line in _lines(source):
            yield _row(source.file, line, options, cellar)


def _lines(source: Source) -> Iterator[tuple[str, Line]]:
    if isinstance(source, Table):
        yield from (("", line) for line in source)
        return
    value: Any = load(source)
    number = 1
    for cellar in records(value.get("cellars")):
        bottles = records(cellar.get("bottles"))
        name = cellar.get("cellarName")
        yield from ((name if isinstance(name, str) else "", line) for line in lines(bottles, COLUMNS, start=number))
        number += len(bottles)


def _row(file: str, line: Line, options: Options, cellar: str) -> Row:
    row = Row(file=file, number=line.number)
    reading = Reading(row, line, options, order="ymd", decimal=".")
    reading.fact("producer", "producer")
    reading.fact("name", "wineName")
    if not row.names_a_wine:
        row.skipped = _("There is neither a producer nor a name in this row.")
        return row
    reading.vintage("vintage")
    reading.kind("type")
    reading.country("country")
    reading.fact("region", "region")
    reading.fact("appellation", "appellation")
    row.lots.append(_lot(reading, cellar))
    _note(reading, "rating", "ratingScale")
    if row.lots[0].state == State.GONE:
        _note(reading, "consumedRating", "consumedRatingScale", "consumedAt")
    reading.leave(_("This bottle is not gone."), "consumedReason", "consumedNote", "consumedRating")
    return row


def _lot(reading: Reading, cellar: str) -> Lot:
    lot = Lot(
        size_ml=reading.size("bottleSize"),
        store=reading.short("purchaseLocation", 120),
        purchased_on=reading.day("purchaseDate" if reading.text("purchaseDate") else "dateAdded"),
        note=reading.short("notes", 500),
        purchase_note=reading.short("purchaseUrl", 1000),
    )
    lot.unit_price, lot.currency = reading.money("price", "currency")
    if reading.read("addToHistory", cells.read_yes) or reading.text("consumedAt"):
        lot.state, lot.consumed_on = State.GONE, reading.day("consumedAt")
        said = reading.short("consumedReason", 1000)
        lot.reason = (states.reason_of(said) or (Reason.OTHER if said else Reason.DRANK)).value
        lot.consumption_note = reading.short("consumedNote", 1000)
        if said and lot.reason == Reason.OTHER:
            note = f"{said}: {lot.consumption_note}".strip(" :")
            lot.consumption_note = reading.cut("consumedNote", note, 1000)
    # The place is often called like the cellar itself.
    places = (cellar, reading.short("location", LENGTH), reading.short("rackName", LENGTH))
    return lay(lot, *places, slot=reading.short("rackPosition", LENGTH))


def _note(reading: Reading, column: str, scale: str, day: str = "") -> None:
    rating, said = reading.rating(column, beside=scale)
    if rating is not None:
        reading.row.notes.append(Note(rating=rating, scale=said, tasted_on=reading.day(day)))


FORMATS = (
    Format(
        name="cellarion", label="Cellarion", recognise=recognise, parse=parse, date_order="ymd", decimal=".", rank=80
    ),
)
