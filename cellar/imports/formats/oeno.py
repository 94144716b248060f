"""Oeno by Vintec: two tables in one file, the cabinets and then the bottles; what is not known is `null`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cellar.imports.detect import Format
from cellar.imports.formats.knowledge.laying import lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import Reason, State

BOTTLES = "Bottle ID"
TITLE = "User Bottles Details"
_LAYER = ("Column Index", "Shelf Index", "Layer Index")
_BLANK = frozenset({"null", "none", "-", "n/a"})


def recognise(source: Source) -> str:
    if not isinstance(source, Table):
        return ""
    if source.has("Cabinet ID", "Cabinet Label", "Layer ID"):
        return "cabinets"
    return "bottles" if source.has(BOTTLES, "Wine Title", "Layer ID") else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    cabinets = _Cabinets()
    tables = [source for source in sources if isinstance(source, Table)]
    for table in sorted(tables, key=lambda table: table.part, reverse=True):
        positions = table.positions if table.part == "bottles" else None
        for line in table:
            first = line.cells[0] if line.cells else ""
            if first == BOTTLES:
                positions = {name: place for place, name in enumerate(line.cells)}
            elif positions is not None and first:
                yield _row(table.file, Line(line.number, line.cells, positions), options, cabinets)
            elif first and first != TITLE:
                cabinets.learn(line)


class _Cabinets:
    """Where the layers of the cabinets are."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.layers: dict[str, tuple[str, ...]] = {}

    def learn(self, line: Line) -> None:
        self.labels[line.get("Cabinet ID")] = line.get("Cabinet Label")
        self.layers[line.get("Layer ID")] = tuple(line.get(column) for column in _LAYER)


def _row(file: str, line: Line, options: Options, cabinets: _Cabinets) -> Row:
    row = Row(file=file, number=line.number)
    reading = Reading(row, line, options, _BLANK, "ymd", ".")
    reading.fact("producer", "Wine Winery")
    reading.fact("name", "Wine Title")
    if not row.names_a_wine:
        row.skipped = _("There is neither a producer nor a name in this row.")
        return row
    reading.vintage("Wine Year")
    reading.kind("Wine Type")
    reading.country("Wine Country")
    reading.fact("region", "Wine Region")
    row.lots.append(_lot(reading, cabinets))
    return row


def _lot(reading: Reading, cabinets: _Cabinets) -> Lot:
    lot = Lot(
        size_ml=reading.size("Bottle Size Liters", "l"),
        key=f"Oeno {reading.text(BOTTLES)}",
        purchased_on=reading.day("Purchase Date"),
        note=reading.short("Bottle Note", 500),
    )
    lot.unit_price, lot.currency = reading.money("Purchase Cost", "Purchase Currency")
    label = cabinets.labels.get(reading.text("Cabinet ID"), "")
    layer = cabinets.layers.get(reading.text("Layer ID"), ())
    if not label:
        reading.leave(_("The file does not say what this cabinet is called."), "Cabinet ID")
    if not layer:
        reading.leave(_("The file does not say where this layer is."), "Layer ID")
    # Column, shelf, layer and slot, as Oeno counts them.
    lay(lot, label, slot="-".join(part for part in (*layer, reading.text("Slot")) if part))
    # Also of a day that cannot be read: the bottle is not as it was.
    if reading.text("Consumed On"):
        lot.state, lot.consumed_on, lot.reason = State.GONE, reading.day("Consumed On"), Reason.DRANK.value
    if reading.text("Opened On"):
        lot.opened_on = reading.day("Opened On")
        lot.state = State.OPEN if lot.state == State.IN_CELLAR else lot.state
    return lot


FORMATS = (
    Format(
        name="oeno", label="Oeno by Vintec", recognise=recognise, parse=parse, date_order="ymd", decimal=".", rank=80
    ),
)
