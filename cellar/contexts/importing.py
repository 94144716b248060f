"""What the pages of an import show: what was recognised, the plan, the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from cellar.claude import asking
from cellar.imports.packing import unpack
from cellar.imports.reading import Evidence, Opened
from cellar.imports.tables import Source, Table
from cellar.models import ImportBatch, ImportRow, Outcome, Stage
from winebox.numbers import grouped

A_PAGE = 50
_LARGE = 5000
_DELIMITERS = {"\t": _lazy("tabs"), ",": _lazy("commas"), ";": _lazy("semicolons"), "|": _lazy("bars")}
_ORDERS = {"dmy": _lazy("day first"), "mdy": _lazy("month first"), "ymd": _lazy("year first")}
_CHANGE_NOTHING = (Outcome.HERE, Outcome.OTHER_DRINK, Outcome.SKIPPED)
_CELLS = "cells"
_NEW_WINES = "new-wines"


# What to bring from where; docs/importing.md says more.
_SOURCES = (
    (
        "CellarTracker",
        _lazy(
            "The file of Export on the page My Cellar: choose all wines there, or it has only the 25 that are visible. "
            "More comes over with the tables Bottles, List, Notes and Tag of xlquery.asp, brought together: drunk "
            "bottles, scores, notes and wishes, too."
        ),
    ),
    ("Vivino", _lazy("The archive of your account’s data as it is, or cellar.csv and full_wine_list.csv of it.")),
    ("VinoCell", _lazy("The three CSV exports together: wines, bottles, and bottles that are gone.")),
    ("Ploc", _lazy("The three CSV exports together: wines, slots, history.")),
    ("InVintory, Oeno, Cellarion", _lazy("The export as CSV; of Cellarion as JSON, too.")),
    (
        "WineBox",
        _lazy("An export of wines as JSON: it has bottles, history, notes and scores. CSV and Excel work, too."),
    ),
    (
        _lazy("a spreadsheet"),
        _lazy("CSV, TSV or .xlsx with a row of headers. On the next pages you say what the columns mean."),
    ),
)


def sources() -> list[tuple[str, str]]:
    """Return what to bring from which system, as names and values."""
    return [(str(name), str(text)) for name, text in _SOURCES]


@dataclass(frozen=True)
class Listed:
    """An import in the list of all."""

    batch: ImportBatch
    names: str
    said: str
    is_open: bool


def listed(batch: ImportBatch) -> Listed:
    is_open = batch.stage not in {Stage.DONE, Stage.UNDONE}
    return Listed(batch, names_of(batch), _progress_said(batch, is_open), is_open)


def names_of(batch: ImportBatch) -> str:
    return ", ".join(file.name for file in batch.files.all())


def recognised(opened: Opened, evidence: Evidence) -> list[tuple[str, str]]:
    """Return what was found out about files, as names and values."""
    delimiters = dict.fromkeys(str(_DELIMITERS.get(one.delimiter, "")) for one in opened.tables if one.delimiter)
    return [
        (_("Format"), opened.format_labels),
        (_("Files"), ", ".join(_file(source) for source in opened.sources)),
        # A workbook has none that could be chosen.
        (_("Encoding"), ", ".join(one for one in opened.encodings.split(", ") if one != "xlsx")),
        (_("Between cells"), ", ".join(delimiters)),
        (_("Sheet"), ", ".join(one.sheet for one in opened.tables if one.sheet)),
        (_("Dates"), _dates(evidence.dates.order, evidence.dates.example, mixed=evidence.dates.is_mixed)),
        (_("Decimal sign"), {".": _("point"), ",": _("comma")}.get(evidence.decimal, _("no cell shows it"))),
    ]


def _file(source: Source) -> str:
    return source.file if source.part in {"", "table"} else f"{source.file} ({source.part})"


def _dates(order: str, example: str, *, mixed: bool) -> str:
    if mixed:
        return _("some with the day first, some with the month: choose")
    if not order:
        return _("no cell shows it")
    said = str(_ORDERS[order])
    return f"{said} ({example})" if example else said


def unknown_tables(opened: Opened) -> list[Table]:
    """Return the tables whose columns a person has to look at."""
    return [
        source
        for group in opened.groups
        if group.format.name == "anything"
        for source in group.sources
        if isinstance(source, Table)
    ]


def needs_date_order(evidence: Evidence, batch: ImportBatch) -> bool:
    return evidence.dates.is_mixed and not batch.options.get("date_order")


@dataclass(frozen=True)
class Choice:
    """A kind of row to look at alone."""

    name: str
    label: str
    count: str
    is_on: bool


def choices(batch: ImportBatch, chosen: str) -> list[Choice]:
    """Return the outcomes that there are, with how many rows each has."""
    counts: dict[str, int] = batch.figures.get("outcomes", {})
    found = [Choice("", _("all rows"), grouped(batch.figures.get("rows", 0)), not chosen)]
    found += [
        Choice(one.value, str(one.label), grouped(counts[one.value]), chosen == one.value)
        for one in Outcome
        if counts.get(one.value)
    ]
    of_new_wines = batch.figures.get("of_new_wines", 0)
    # Bottles of a new wine may all be on order or drunk, or stand in several rows.
    if of_new_wines > counts.get(Outcome.NEW, 0):
        found.append(Choice(_NEW_WINES, _("all of new wines"), grouped(of_new_wines), chosen == _NEW_WINES))
    if batch.figures.get("cells"):
        found.append(Choice(_CELLS, _("cells left out"), grouped(batch.figures["cells"]), chosen == _CELLS))
    return found


@dataclass(frozen=True)
class RowLine:
    """A row as the page lists it."""

    file: str
    number: int
    title: str
    said: str
    cells: list[str]
    wine: Any


def rows(batch: ImportBatch, chosen: str, page: int) -> tuple[list[RowLine], Page[ImportRow]]:
    """Return a page of the rows of one outcome, or of all."""
    found = batch.rows.order_by("position")
    if chosen == _CELLS:
        found = found.filter(has_skipped_cells=True)
    elif chosen == _NEW_WINES:
        found = found.filter(is_new_wine=True)
    elif chosen in Outcome.values:
        found = found.filter(outcome=chosen)
    shown = Paginator(found, A_PAGE).get_page(page)
    is_done = batch.stage == Stage.DONE
    # Rows of several files have the same numbers.
    has_files = len(batch.files.all()) > 1
    return [_line(row, is_done, row.file if has_files else "") for row in shown], shown


def _line(row: ImportRow, is_done: bool, file: str) -> RowLine:
    cells = [
        f"{cell.column}: {cell.reason}" if cell.text in cell.reason else f"{cell.column}, “{cell.text}”: {cell.reason}"
        for cell in (unpack(row.plan).skipped_cells if row.has_skipped_cells else ())
    ]
    said = _said(str(row.get_outcome_display()), row.detail)
    return RowLine(file, row.number, row.title, said, cells, row.wine if is_done else None)


def _said(label: str, detail: str) -> str:
    """Return what becomes of a row, without saying it twice: "on order: 3 on order"."""
    if not detail or label in detail.split(";")[0]:
        return detail or label
    return f"{label}: {detail}"


def tiles(batch: ImportBatch) -> list[tuple[str, str]]:
    """Return the figures of a plan or report."""
    figures = batch.figures
    found = [
        (_("rows"), figures.get("rows", 0)),
        (_("new wines"), figures.get("wines_created", 0)),
        (_("wines that are here"), figures.get("wines_matched", 0)),
        (_("bottles into the cellar"), figures.get("bottles_in_cellar", 0)),
        (_("on order"), figures.get("bottles_on_order", 0)),
        (_("drunk or gone"), figures.get("bottles_gone", 0)),
        (_("notes"), figures.get("notes", 0)),
        (_("scores"), figures.get("scores", 0)),
    ]
    return [(label, grouped(number)) for label, number in found if number or label == _("rows")]


def summary(batch: ImportBatch) -> str:
    """Return in a sentence how much of the files comes over: never "done" where something was left out."""
    total = batch.figures.get("rows", 0)
    outcomes: dict[str, int] = batch.figures.get("outcomes", {})
    left = outcomes.get(Outcome.SKIPPED, 0) + outcomes.get(Outcome.OTHER_DRINK, 0)
    if not total:
        return _("There is no row to take over.")
    if not left:
        return ngettext("The %(total)s row is read.", "All %(total)s rows are read.", total) % {"total": grouped(total)}
    if not total - left:
        said = ngettext("The %(total)s row is left out.", "All %(total)s rows are left out.", total)
    else:
        said = ngettext(
            "%(read)s of %(total)s rows are read, %(left)s is left out.",
            "%(read)s of %(total)s rows are read, %(left)s are left out.",
            left,
        )
    return said % {"read": grouped(total - left), "total": grouped(total), "left": grouped(left)}


def warnings(batch: ImportBatch) -> list[str]:
    """Return what to look at before an import is taken over."""
    beside = batch.figures.get("beside", 0)
    if not beside:
        return list(batch.warnings)
    said = ngettext(
        "%(number)s row brings bottles of a wine that has bottles here already (“beside”): look whether they are the "
        "same ones, from another file. They would be counted twice.",
        "%(number)s rows bring bottles of wines that have bottles here already (“beside”): look whether they are the "
        "same ones, from another file. They would be counted twice.",
        beside,
    )
    return [said % {"number": grouped(beside)}, *batch.warnings]


def is_large(batch: ImportBatch) -> bool:
    """Say whether an import has so many rows that what is done by one request takes its time."""
    return int(batch.figures.get("rows", 0)) >= _LARGE


def brings_something(batch: ImportBatch) -> bool:
    """Say whether any row changes the cellar; a file that is brought a second time has none."""
    outcomes: dict[str, int] = batch.figures.get("outcomes", {})
    return any(outcomes.get(one) for one in Outcome if one not in _CHANGE_NOTHING)


def _progress_said(batch: ImportBatch, is_open: bool) -> str:
    """Return how many rows an import has, as far as it is known, and that nobody has finished it."""
    said = []
    if batch.stage not in {Stage.UPLOADED, Stage.PLANNING}:
        number = batch.figures.get("rows", 0)
        said.append(ngettext("%(number)s row", "%(number)s rows", number) % {"number": grouped(number)})
    if is_open:
        said.append(_("not finished: go on, or forget it"))
    return " · ".join(said)


def claude_offer() -> str:
    """Return what Claude would be sent about columns, and how often it was asked today; nothing where it is off."""
    if not asking.is_possible():
        return ""
    return asking.what_is_sent(_("the headers and up to three cells of each column"))
