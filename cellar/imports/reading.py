"""From files to rows: opened, recognised, read in the way the person chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports.cells import decimal_sign
from cellar.imports.dates import DateOrder, date_order
from cellar.imports.decode import Reading, open_file
from cellar.imports.detect import Format, Question, Recognised, format_named, recognise
from cellar.imports.files import LocalFile
from cellar.imports.limits import FileRefused
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Document, Source, Table

_DATE_WORDS = ("date", "datum", "data", "fecha", "when", "consumed", "opened", "purchased", "bought")
_PRICE_WORDS = ("price", "preis", "prix", "prezzo", "precio", "preco", "cost", "value", "pris", "prijs")
# So many different cells show how they are written.
ENOUGH = 20_000


@dataclass
class Opened:
    """Files that were opened: what they are, and what cannot be read, with the reason."""

    groups: list[Recognised] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def sources(self) -> list[Source]:
        return [source for group in self.groups for source in group.sources]

    @property
    def tables(self) -> list[Table]:
        return [source for source in self.sources if isinstance(source, Table)]

    @property
    def format_names(self) -> str:
        return ", ".join(group.format.name for group in self.groups)

    @property
    def format_labels(self) -> str:
        return ", ".join(str(group.format.label) for group in self.groups)

    @property
    def encodings(self) -> str:
        found = dict.fromkeys(source.encoding if isinstance(source, Table) else "utf-8" for source in self.sources)
        return ", ".join(found)

    @property
    def questions(self) -> list[Question]:
        return [question for group in self.groups for question in group.format.ask(group.sources)]

    @property
    def warnings(self) -> list[str]:
        said = [f"{name}: {reason}" for name, reason in self.refused.items()]
        said += [_("%(file)s: nothing in it is known here; it was left out.") % {"file": name} for name in self.unknown]
        said += [warning for source in self.sources for warning in source.warnings]
        said += [str(warning) for group in self.groups for warning in group.format.warn(group.sources)]
        return said


def open_files(files: Sequence[LocalFile], *, choices: Mapping[str, Any]) -> Opened:
    """Open files and recognise them. Raises FileRefused where none of them can be read."""
    chosen = _chosen_format(choices)
    opened = Opened()
    empty = []
    groups: dict[str, Recognised] = {}
    for place, file in enumerate(files):
        try:
            source = open_file(file.path, name=file.name, reading=_reading(choices, place))
            if isinstance(source, Table) and next(iter(source), None) is None:
                empty.append(file.name)
                continue
            found = recognise(source, among=[chosen] if chosen else None)
        except FileRefused as error:
            opened.refused[file.name] = str(error)
            continue
        if found is None:
            opened.unknown.append(file.name)
            continue
        kind, known = found
        groups.setdefault(kind.name, Recognised(kind)).sources.append(known)
    opened.groups = list(groups.values())
    for name in empty:
        opened.refused[name] = _("There are no rows in this file.")
    if not opened.groups:
        raise FileRefused(_why(opened, chosen))
    return opened


def _why(opened: Opened, chosen: Format | None) -> str:
    if len(opened.refused) == 1 and not opened.unknown:
        return next(iter(opened.refused.values()))
    if opened.refused:
        return " ".join(f"{name}: {reason}" for name, reason in opened.refused.items())
    if chosen is not None:
        return _("These files are not in the format %(format)s.") % {"format": chosen.label}
    return _("Nothing in these files is known here: bring a CSV, TSV or .xlsx file with a row of headers.")


def _chosen_format(choices: Mapping[str, Any]) -> Format | None:
    name = choices.get("format", "")
    if not name:
        return None
    chosen = format_named(name)
    if chosen is None:
        raise FileRefused(_("There is no format called “%(name)s”.") % {"name": name})
    return chosen


def _reading(choices: Mapping[str, Any], place: int) -> Reading:
    said = choices.get("readings", {}).get(str(place), {})
    return Reading(**{name: str(said.get(name, "")) for name in ("encoding", "delimiter", "sheet")})


def options_of(choices: Mapping[str, Any]) -> Options:
    return Options(
        date_order=choices.get("date_order", ""),
        decimal=choices.get("decimal", ""),
        currency=choices.get("currency", "") or settings.CURRENCY,
        meaning=choices.get("meaning", ""),
        mapping=choices.get("mapping", {}),
        today=timezone.localdate(),
    )


def rows_of(opened: Opened, options: Options) -> Iterator[Row]:
    """Yield the rows of all files, in the order of their formats. Raises FileRefused."""
    for group in opened.groups:
        yield from group.format.parse(group.sources, options)


@dataclass(frozen=True)
class Evidence:
    """How dates and numbers are written in a file, and what shows it; `refused` is why it cannot be read to its end."""

    dates: DateOrder
    decimal: str
    refused: str = ""


def evidence_of(opened: Opened) -> Evidence:
    """Look at all columns that look like dates and prices; each table is read once for it."""
    fixed_order = next((group.format.date_order for group in opened.groups if group.format.date_order), "")
    fixed_decimal = next((group.format.decimal for group in opened.groups if group.format.decimal), "")
    dates: dict[str, None] = {}
    prices: dict[str, None] = {}
    refused = ""
    try:
        for table in opened.tables:
            _gather(table, dates, prices)
    except FileRefused as error:
        refused = str(error)
    order = DateOrder(fixed_order) if fixed_order else date_order(dates)
    return Evidence(order, fixed_decimal or decimal_sign(prices), refused)


def _gather(table: Table, dates: dict[str, None], prices: dict[str, None]) -> None:
    """Add the different cells of the columns that look like dates and prices, up to so many of each."""
    wanted = [
        (column, cells)
        for words, cells in ((_DATE_WORDS, dates), (_PRICE_WORDS, prices))
        for column in table.columns
        if any(word in fold(column) for word in words)
    ]
    # Also where there are no such columns: whether it can be read to its end shows before anything is planned.
    for line in table:
        for column, cells in wanted:
            if len(cells) < ENOUGH and (text := line.get(column)):
                cells[text] = None


__all__ = ["Document", "Evidence", "Opened", "evidence_of", "open_files", "options_of", "rows_of"]
