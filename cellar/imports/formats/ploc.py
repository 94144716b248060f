"""Ploc: three tables joined by the number of the wine, with semicolons; headers French or English, in any case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports import cells, dates
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge import scores, states
from cellar.imports.formats.knowledge.fungible import Movements
from cellar.imports.formats.knowledge.laying import LENGTH, lay
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Note, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import Reason, State
from cellar.sizes import STANDARD

# The English header and what stands for it in French, folded.
COLUMNS = {
    "Wine name": ("nom du vin",), "Vintage": ("millesime",), "Color": ("couleur", "colour"), "Stock": (),
    "Producer": ("producteur",), "Country": ("pays",), "Region": (), "Appellation": (), "Grapes": ("cepages", "cepage"),
    "Bottle format": ("format de bouteille", "format", "format bouteille", "contenant"),
    "Classification": ("classement",), "Cuvee": ("cuvée",), "Reference": (), "Tags": ("etiquettes",), "Apogee": (),
    "Degree of alcohol": ("degre d'alcool", "degre", "alcool"), "Estimate": ("estimation",), "Note": (),
    "Service temperature": ("temperature de service",), "Comments": ("commentaires", "commentaire"),
    "IdVin": ("id vin",), "Name": ("nom", "nom du rangement"), "Row": ("ligne",), "Column": ("colonne",), "Date": (),
    "Purchase": ("achat",), "Consumption": ("conso", "consommation"), "Unit price": ("prix unitaire", "prix"),
    "Selling price": ("prix de vente",), "Currency": ("devise",), "Opportunity": ("occasion",),
    "Vendor": ("vendeur", "fournisseur"),
}  # fmt: skip
_BY_NAME = {fold(name): column for column, others in COLUMNS.items() for name in (column, *others)}
OWN = (("Cuvée", "Cuvee"), ("Tags", "Tags"), ("Estimate", "Estimate"), ("Service temperature", "Service temperature"))
_ORDER = ("wines", "slots", "history")


def recognise(source: Source) -> str:
    if not isinstance(source, Table):
        return ""
    known = set(positions_of(source))
    if not {"IdVin", "Wine name"} <= known:
        return ""
    if {"Purchase", "Consumption"} <= known:
        return "history"
    if {"Row", "Column", "Name"} <= known:
        return "slots"
    return "wines" if {"Stock", "Apogee"} <= known else ""


def positions_of(table: Table) -> dict[str, int]:
    """Return where each column is, by its English header."""
    found: dict[str, int] = {}
    for place, name in enumerate(table.columns):
        found.setdefault(_BY_NAME.get(fold(name), ""), place)
    found.pop("", None)
    return found


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    yield from _Cellar([source for source in sources if isinstance(source, Table)], options).rows()


def warn(sources: Sequence[Source]) -> list[str]:
    tables = [source for source in sources if isinstance(source, Table)]
    evidence = _Evidence(tables)
    said = []
    if evidence.ratings:
        said.append(
            _("Ploc does not say on which scale its ratings are; by their size they are taken as out of %(scale)s.")
            % {"scale": evidence.scale}
        )
    if evidence.days and not evidence.order:
        said.append(_("Whether the day or the month comes first in these dates cannot be told: choose it."))
    return said


class _Evidence:
    """What the cells of all tables show of how dates, numbers and ratings are written."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.days: dict[str, None] = {}
        self.numbers: dict[str, None] = {}
        self.ratings: dict[str, None] = {}
        for table in tables:
            for line in _lines(table):
                self.days[line.get("Date")] = None
                for column in ("Unit price", "Estimate", "Degree of alcohol", "Selling price"):
                    self.numbers[line.get(column)] = None
                if table.part == "wines" and line.get("Note"):
                    self.ratings[line.get("Note")] = None
        self.days.pop("", None)

    @property
    def order(self) -> str:
        return dates.date_order(self.days).order

    @property
    def decimal(self) -> str:
        return cells.decimal_sign([*self.numbers, *self.ratings])

    @property
    def scale(self) -> str:
        return max((scores.scale_of(text) for text in self.ratings), key=lambda scale: int(scale or 0), default="")


def _lines(table: Table) -> Iterator[Line]:
    positions = positions_of(table)
    for line in table:
        yield Line(line.number, line.cells, positions)


def _key(line: Line) -> str:
    """Return what the tables are joined by: the number of the wine, else its name and vintage."""
    return line.get("IdVin") or f"{fold(line.get('Wine name'))}|{line.get('Vintage')}"


class _Cellar:
    def __init__(self, tables: Sequence[Table], options: Options) -> None:
        self.tables = sorted(tables, key=lambda table: _ORDER.index(table.part))
        self.options = options
        self.parts = {table.part for table in tables}
        evidence = _Evidence(tables)
        self.order = options.date_order or evidence.order
        self.decimal = options.decimal or evidence.decimal
        self.scale = evidence.scale
        self.wines: dict[str, dict[str, Any]] = {}
        self.sizes: dict[str, int] = {}
        self.placed: Counter[str] = Counter()
        self.movements: dict[str, Movements] = {}
        self.moved: dict[str, tuple[dict[int, list[Lot]], dict[int, list[Lot]]]] = {}

    def rows(self) -> Iterator[Row]:
        for table in self.tables:
            for line in _lines(table):
                self._learn(table, line)
        for key, movements in self.movements.items():
            self.moved[key] = (movements.gone(), movements.here())
        for table in self.tables:
            for line in _lines(table):
                if table.part != "slots" or line.get("Wine name") or line.get("IdVin"):
                    yield self._row(table, line)

    def _reading(self, table: Table, line: Line) -> Reading:
        row = Row(file=table.file, number=line.number)
        return Reading(row, line, self.options, order=self.order, decimal=self.decimal)

    def _learn(self, table: Table, line: Line) -> None:
        key = _key(line)
        reading = self._reading(table, line)
        if table.part == "wines":
            _read_wine(reading)
            self.wines[key] = reading.row.wine
            self.sizes[key] = reading.size("Bottle format")
        elif table.part == "slots":
            self.placed[key] += bool(line.get("Wine name") or line.get("IdVin"))
        else:
            movements = self.movements.setdefault(key, Movements())
            came, went = self._movement(reading)
            if came:
                movements.came(line.number, came)
            if went:
                movements.went(line.number, went)

    def _row(self, table: Table, line: Line) -> Row:
        reading = self._reading(table, line)
        row, key = reading.row, _key(line)
        _read_wine(reading)
        row.wine = {**self.wines.get(key, row.wine)}
        row.wine_key = f"ploc:{line.get('IdVin')}" if line.get("IdVin") else ""
        if not row.names_a_wine:
            row.skipped = _("There is neither a producer nor a name in this row.")
        elif table.part == "wines":
            self._own_rating(reading)
            if key in self.sizes:
                reading.size("Bottle format")  # to say what cannot be read
            row.lots = self._stock(reading, key)
            if not row.lots and not self.placed[key] and key not in self.movements:
                row.used.discard("Bottle format")
                reading.leave_bottles("Bottle format")
        elif table.part == "slots":
            row.lots = [self._slot(reading, key)]
        else:
            came, _went = self._movement(reading)  # to say what cannot be read
            gone, here = self.moved[key]
            row.lots = [*gone.get(line.number, ())]
            if not {"wines", "slots"} & self.parts:
                row.lots += here.get(line.number, ())
            elif came and line.number in here and len(self.movements[key].arrivals) > 1:
                self._leave_purchase(reading)
            self._leave_rest(reading)
        return row

    @staticmethod
    def _leave_purchase(reading: Reading) -> None:
        """List a purchase that cannot be told from others of the wine, whose bottles are still there."""
        reading.row.used -= {"Date", "Unit price", "Vendor", "Comments"}
        reason = _("The wine was bought more than once: which of its bottles these are is not said.")
        reading.leave(reason, "Date", "Unit price", "Vendor", "Comments")

    @staticmethod
    def _leave_rest(reading: Reading) -> None:
        if not reading.quantity("Purchase") and not reading.quantity("Consumption"):
            reading.leave_bottles("Date", "Unit price", "Selling price", "Vendor", "Opportunity", "Comments")
        reading.leave(_("No bottle of this row is gone."), "Selling price", "Opportunity")
        reading.leave(_("No bottle of this row was bought."), "Unit price", "Vendor")

    def _stock(self, reading: Reading, key: str) -> list[Lot]:
        """Return the bottles that no slot holds."""
        unplaced = max(0, reading.quantity("Stock") - self.placed[key])
        return [self._with_purchase(key, Lot(quantity=unplaced, size_ml=self.sizes.get(key, STANDARD)))] * bool(
            unplaced
        )

    def _slot(self, reading: Reading, key: str) -> Lot:
        row, column = reading.text("Row"), reading.text("Column")
        # Numbers are those of a rack, which has a name.
        is_numbered = bool(reading.text("Name")) and row.isdecimal() and column.isdecimal()
        slot = "" if is_numbered else "-".join(part for part in (row, column) if part)
        lot = lay(Lot(size_ml=self.sizes.get(key, STANDARD)), reading.short("Name", LENGTH), slot=slot)
        if is_numbered and lot.place:
            lot.row, lot.column = reading.quantity("Row") or None, reading.quantity("Column") or None
        return self._with_purchase(key, lot)

    def _with_purchase(self, key: str, lot: Lot) -> Lot:
        """Say what was paid for the bottles of a wine that was bought once; of several purchases none is guessed."""
        arrivals = self.movements[key].arrivals if key in self.movements else []
        if len(arrivals) == 1:
            bought = arrivals[0].lot
            lot.unit_price, lot.currency, lot.store = bought.unit_price, bought.currency, bought.store
            lot.purchased_on, lot.purchase_note = bought.purchased_on, bought.purchase_note
        return lot

    def _movement(self, reading: Reading) -> tuple[Lot | None, Lot | None]:
        """Return what a line of the history says came, and what it says went."""
        size = self.sizes.get(_key(reading.line), STANDARD)
        bought, drunk = reading.quantity("Purchase"), reading.quantity("Consumption")
        came = went = None
        if not bought and not drunk:
            return None, None
        day, comment = reading.day("Date"), reading.short("Comments", 500)
        if bought:
            came = Lot(quantity=bought, size_ml=size, purchased_on=day, purchase_note=comment)
            came.unit_price, came.currency = reading.money("Unit price", "Currency")
            came.store = reading.short("Vendor", 120)
        if drunk:
            went = Lot(quantity=drunk, size_ml=size, state=State.GONE, consumed_on=day)
            went.revenue, went.revenue_currency = reading.money("Selling price", "Currency")
            occasion = reading.short("Opportunity", 120)
            went.consumption_note = ": ".join(part for part in (occasion, comment) if part)
            reason = Reason.SOLD if went.revenue is not None else states.reason_of(occasion) or Reason.DRANK
            went.reason = reason.value
            went.recipient = reading.short("Vendor", 120) if reason == Reason.SOLD else ""
        return came, went

    def _own_rating(self, reading: Reading) -> None:
        rating, scale = reading.rating("Note", self.scale)
        if rating is not None:
            reading.row.notes.append(Note(rating=rating, scale=scale))


def _read_wine(reading: Reading) -> None:
    reading.fact("producer", "Producer")
    reading.fact("name", "Wine name")
    reading.vintage("Vintage")
    reading.kind("Color")
    reading.country("Country")
    reading.fact("region", "Region")
    reading.fact("appellation", "Appellation")
    reading.fact("classification", "Classification")
    reading.grapes("Grapes")
    reading.alcohol("Degree of alcohol")
    reading.window("Apogee")
    for name, column in OWN:
        reading.own_field(name, column)
    if "Stock" in reading.line.positions:
        reading.own_field("Comments", "Comments")


FORMATS = (Format(name="ploc", label="Ploc", recognise=recognise, parse=parse, warn=warn, rank=80),)
