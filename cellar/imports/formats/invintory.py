"""InVintory: one table, a row for each wine, size and cellar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cellar.imports.detect import Format
from cellar.imports.formats.knowledge import headers
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Row
from cellar.imports.tables import Source, Table

CELLAR = "Cellar or Fridge Name"


def recognise(source: Source) -> str:
    return "wines" if isinstance(source, Table) and source.has(CELLAR, "Wine Name", "Quantity") else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for table in sources:
        if isinstance(table, Table):
            price = next((name for name in table.columns if name.startswith("Average Purchase Price")), "")
            for line in table:
                row = Row(file=table.file, number=line.number)
                _read(Reading(row, line, options, decimal="."), price)
                yield row


def _read(reading: Reading, price: str) -> None:
    row = reading.row
    reading.fact("producer", "Producer")
    reading.fact("name", "Wine Name")
    if not row.names_a_wine:
        row.skipped = _("There is neither a producer nor a name in this row.")
        return
    reading.vintage("Vintage")
    reading.kind("Wine Type")
    reading.grapes("Grapes")
    reading.country("Country")
    reading.fact("region", "Region")
    reading.fact("sub_region", "Subregion")
    reading.window("Drink Window")
    reading.own_field("Tags", "Tags")
    if quantity := reading.quantity("Quantity"):
        lot = lay(Lot(quantity=quantity, size_ml=reading.size("Size")), reading.short(CELLAR, LENGTH))
        lot.unit_price, lot.currency = reading.money(price, said=headers.currency_of(price))
        row.lots.append(lot)
    reading.leave_bottles("Size", CELLAR, price)


FORMATS = (Format(name="invintory", label="InVintory", recognise=recognise, parse=parse, decimal=".", rank=80),)
