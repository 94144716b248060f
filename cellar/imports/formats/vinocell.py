"""VinoCell: three tables (wines, bottles, bottles that are gone), UTF-16 with tabs; dates are day.month.year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cellar.imports import cells
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge import scores, states
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Note, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import Reason, State

# What has no field of its own here and is kept under its name.
OWN = (
    "Subcategory", "Specialty", "Effervescence", "Viticulture", "Farming type", "Soil", "Ageing type", "Ageing months",
    "Winemaking infos", "Temperature", "Opening type", "Opening time", "Pairings", "Groups", "Web", "Comment",
    # Of these, what a wine has no room for is listed.
    "Container", "Hue", "Capsule", "Cork", "Acidity", "pH", "Sugar", "SO2", "REF",
)  # fmt: skip
PRO = ("Pro Ratings", "Pro Ratings (2)")
_PLAIN_INPUT = frozenset({"purchase", "market price", "bought", "achat"})
_NOTE, _BOTTLE_NOTE, _STORE = 1000, 500, 120


def recognise(source: Source) -> str:
    if not isinstance(source, Table) or not source.has("Winery", "Name", "Year", "Optimal from", "Effervescence"):
        return ""
    if source.has("Output date"):
        return "gone"
    return "bottles" if source.has("Cellar") or source.has("Input date") else "wines"


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    tables = [source for source in sources if isinstance(source, Table)]
    parts = {table.part for table in tables}
    for table in sorted(tables, key=lambda table: ("wines", "bottles", "gone").index(table.part)):
        for line in table:
            yield _row(table, line, options, parts)


def warn(sources: Sequence[Source]) -> list[str]:
    parts = {source.part for source in sources}
    if parts != {"wines"}:
        return []
    return [
        _(
            "The table of wines alone says of bottles at most how many there are: price and size of a wine that none "
            "is counted of are left out. Bring VinoCell's table of bottles with it."
        )
    ]


def _row(table: Table, line: Line, options: Options, parts: set[str]) -> Row:
    row = Row(file=table.file, number=line.number)
    reading = Reading(row, line, options, order="dmy", decimal=options.decimal)
    _read_wine(reading)
    if not row.names_a_wine:
        row.skipped = _("There is neither a producer nor a name in this row.")
        return row
    if table.part == "wines":
        _read_notes(reading)
        if "bottles" not in parts:
            if quantity := reading.quantity("Bottles"):
                row.lots.append(_priced(reading, Lot(quantity=quantity, size_ml=_size(reading)), "Price", "Currency"))
            if reading.text("Bottles"):
                reading.leave_bottles("Volume", "Price")
    else:
        row.lots.append(_lot(table.part, reading))
    return row


def _read_wine(reading: Reading) -> None:
    winery = reading.fact("producer", "Winery", "Producer")
    reading.fact("name", "Name")
    if reading.text("Producer") not in {"", winery}:
        reading.own_field("Producer", "Producer")
    reading.vintage("Year")
    reading.kind(*(column for column in ("Category", "Sweetness") if reading.text(column)))
    reading.grapes("Grapes")
    reading.country("Country")
    for field, column in (
        ("region", "Region"), ("sub_region", "Subregion"), ("classification", "Classification"),
    ):  # fmt: skip
        reading.fact(field, column)
    reading.alcohol("Alcohol")
    reading.years(
        drink_from="Drink from", drink_until="Drink until", best_from="Optimal from", best_until="Optimal until"
    )
    reading.ean("EAN/UPC")
    if reading.read("Wishlist", cells.read_yes):
        reading.row.wine["wishlist"] = True
    if reading.read("Favorite", cells.read_yes):
        reading.say_own("Favorite", "Yes", "Favorite")
    for column in OWN:
        reading.own_field(column, column)


def _read_notes(reading: Reading) -> None:
    if text := reading.text("Tasting"):
        reading.row.notes.append(Note(text=reading.cut("Tasting", text, 5000)))
    for column in PRO:
        printed = reading.text(column)
        reading.say_scores(column, scores.pairs(printed) or ([("Pro", printed)] if printed else []))


def _lot(part: str, reading: Reading) -> Lot:
    number = reading.text("Bottle number") or reading.text("Reference")
    lot = Lot(
        size_ml=_size(reading),
        key=f"VinoCell {number}" if number else "",
        store=reading.short("Provider", _STORE),
        purchased_on=reading.day("Input date"),
        purchase_note=_with_kind(reading, "Input type", "Input comment"),
    )
    _priced(reading, lot, "Input price", "Input currency")
    if lot.unit_price is None:
        _priced(reading, lot, "Price", "Currency")
    else:
        reading.own_field("Price", "Price")
    if part == "gone":
        return _gone(reading, lot)
    return lay(lot, reading.short("Cellar", LENGTH), slot=reading.short("Shelf", LENGTH))


def _gone(reading: Reading, lot: Lot) -> Lot:
    kind = reading.text("Output type")
    lot.state = State.GONE
    lot.consumed_on = reading.day("Output date")
    lot.reason = (states.reason_of(kind) or Reason.OTHER).value
    lot.recipient = reading.short("Recipient", _STORE)
    lot.revenue, lot.revenue_currency = reading.money("Output price", "Output currency")
    lot.consumption_note = reading.short("Output comment", _NOTE)
    return lot


def _with_kind(reading: Reading, kind: str, comment: str) -> str:
    said = reading.short(kind, _BOTTLE_NOTE - 2)
    parts = ["" if said.casefold() in _PLAIN_INPUT else said, reading.short(comment, _BOTTLE_NOTE)]
    return ": ".join(part for part in parts if part)


def _size(reading: Reading) -> int:
    return reading.size("Volume")


def _priced(reading: Reading, lot: Lot, price: str, currency: str) -> Lot:
    lot.unit_price, lot.currency = reading.money(price, currency)
    return lot


FORMATS = (
    Format(name="vinocell", label="VinoCell", recognise=recognise, parse=parse, warn=warn, date_order="dmy", rank=80),
)  # fmt: skip
