"""The CSV of the earlier WineBox: wines with their stock, and transactions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cellar.imports import cells
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge import scores
from cellar.imports.formats.knowledge.fungible import Movements
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import PriceTier, Reason, State


def recognise(source: Source) -> str:
    if not isinstance(source, Table):
        return ""
    if source.has("wine_id", "transaction_type", "transaction_date"):
        return "transactions"
    return "wines" if source.has("id", "winery", "grape_variety", "wine_type_id") else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    yield from _Cellar([source for source in sources if isinstance(source, Table)], options).rows()


class _Cellar:
    def __init__(self, tables: Sequence[Table], options: Options) -> None:
        self.tables = sorted(tables, key=lambda table: table.part, reverse=True)
        self.options = options
        self.has_stock = any(table.part == "wines" for table in tables)
        self.facts: dict[str, dict[str, Any]] = {}
        self.movements: dict[str, Movements] = {}
        self.gone: dict[str, dict[int, list[Lot]]] = {}

    def rows(self) -> Iterator[Row]:
        for table in self.tables:
            if table.part == "transactions":
                for line in table:
                    self._learn(self._reading(table, line))
        self.gone = {key: movements.gone() for key, movements in self.movements.items()}
        for table in self.tables:
            for line in table:
                reading = self._reading(table, line)
                yield self._wine(reading) if table.part == "wines" else self._transaction(reading)

    def _reading(self, table: Table, line: Line) -> Reading:
        return Reading(Row(file=table.file, number=line.number), line, self.options, order="ymd", decimal=".")

    def _learn(self, reading: Reading) -> None:
        movements = self.movements.setdefault(reading.text("wine_id"), Movements())
        if lot := _moved(reading):
            (movements.went if lot.state == State.GONE else movements.came)(reading.row.number, lot)

    def _wine(self, reading: Reading) -> Row:
        row, key = reading.row, reading.text("id")
        row.wine_key = f"winebox-1:{key}" if key else ""
        _read_wine(reading)
        if not row.names_a_wine:
            row.skipped = _("There is neither a producer nor a name in this row.")
            return row
        self.facts[key] = row.wine
        # Where it cannot be read, what came and went says it.
        quantity = reading.read("quantity", cells.read_quantity) if reading.text("quantity") else 0
        here = self.movements.get(key, Movements()).here(quantity)
        row.lots = [lot for lots in here.values() for lot in lots]
        return row

    def _transaction(self, reading: Reading) -> Row:
        row, key = reading.row, reading.text("wine_id")
        row.wine_key = f"winebox-1:{key}" if key else ""
        reading.fact("producer", "wine_winery")
        reading.fact("name", "wine_name")
        reading.vintage("wine_vintage")
        row.wine = {**self.facts.get(key, row.wine)}
        if not row.names_a_wine:
            row.skipped = _("There is neither a producer nor a name in this row.")
            return row
        _moved(reading)  # to say what cannot be read
        row.lots = list(self.gone[key].get(row.number, ()))
        if not self.has_stock:
            row.lots += self.movements[key].here().get(row.number, ())
        return row


def _moved(reading: Reading) -> Lot | None:
    """Return the bottles that a transaction put in or took out."""
    kind = reading.text("transaction_type").casefold().replace("-", "_")
    if kind not in {"check_in", "check_out"}:
        reading.row.skip("transaction_type", reading.text("transaction_type"), _("It is CHECK_IN or CHECK_OUT."))
        _leave_movement(reading)
        return None
    quantity = reading.quantity("quantity")
    if not quantity:
        _leave_movement(reading)
        return None
    day = reading.day("transaction_date")
    note = reading.cut("notes", reading.text("notes"), 1000)
    if kind == "check_in":
        return Lot(quantity=quantity, purchased_on=day, purchase_note=note)
    return Lot(
        quantity=quantity, state=State.GONE, consumed_on=day, reason=Reason.DRANK.value, consumption_note=note
    )  # fmt: skip


def _leave_movement(reading: Reading) -> None:
    reading.leave_bottles("quantity", "transaction_date", "notes")


def _read_wine(reading: Reading) -> None:
    row = reading.row
    reading.fact("producer", "winery")
    reading.fact("name", "name")
    reading.vintage("vintage")
    reading.kind("wine_type_id")
    reading.grapes("grape_blend_summary" if reading.text("grape_blend_summary") else "grape_variety")
    reading.country("country")
    reading.fact("region", "region")
    reading.alcohol("alcohol_percentage")
    tier = reading.text("price_tier").casefold().replace("-", "_").replace(" ", "_")
    if tier in PriceTier.values:
        row.say("price_tier", tier)
    else:
        reading.leave(_("This is no class of prices that is known here."), "price_tier")
    _read_scores(reading)
    _read_own_fields(reading)


def _read_scores(reading: Reading) -> None:
    printed = reading.text("scores_summary")
    if said := scores.pairs(printed):
        reading.say_scores("scores_summary", said)
    else:
        reading.own_field("Scores", "scores_summary")


def _read_own_fields(reading: Reading) -> None:
    text = reading.text("custom_fields")
    if not text:
        return
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        reading.row.skip("custom_fields", text, _("These are no fields with names and values."))
        return
    for name, value in fields.items():
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        reading.say_own(str(name), reading.cut("custom_fields", said.replace("\0", ""), 200), "custom_fields")


FORMATS = (
    Format(
        name="winebox-1", label="WineBox, earlier version", recognise=recognise, parse=parse, date_order="ymd",
        decimal=".", rank=85,
    ),
)  # fmt: skip
