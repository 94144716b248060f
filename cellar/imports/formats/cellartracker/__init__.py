"""CellarTracker: the tables of its `xlquery` export, and the CSV of the page's *Export* button; several are joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.imports.detect import Format
from cellar.imports.formats.cellartracker import columns
from cellar.imports.formats.cellartracker.joining import Joined
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Source, Table

PAGE = 25


def recognise(source: Source) -> str:
    """Return which table it is, by the columns that only that one has."""
    if not isinstance(source, Table):
        return ""
    for part, needed in columns.FINGERPRINTS:
        if source.has(*needed):
            return _purchase_or_pending(source) if part == "purchase" else part
    return "browser" if _is_browser_export(source) else ""


def _purchase_or_pending(source: Table) -> str:
    delivered = {text.casefold() for text in source.column("Delivered")}
    return "pending" if delivered == {"false"} else "purchase"


def _is_browser_export(source: Table) -> bool:
    """Whether a table has the page's columns and hardly any other: "Wine, Vintage, Bin" alone may be anybody's."""
    known = sum(name in columns.ALL for name in source.columns if name)
    has_own = any(source.has(name) for name in ("Locale", "Bin", "CScore"))
    return source.has("Wine", "Vintage") and has_own and known >= 0.8 * len(source.columns)


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    tables = [source for source in sources if isinstance(source, Table)]
    yield from Joined(tables, options).rows()


def warn(sources: Sequence[Source]) -> list[str]:
    tables = [source for source in sources if isinstance(source, Table)]
    said = [
        _(
            "%(file)s has exactly 25 rows: CellarTracker exports only the wines of the visible page unless you choose "
            "“All wines”. Look whether some are missing."
        )
        % {"file": table.file}
        for table in tables
        if table.part == "browser" and _has_rows(table, PAGE)
    ]
    said += [
        _("%(file)s has no column with the number of bottles: its wines come without bottles.") % {"file": table.file}
        for table in tables
        if table.part in {"list", "browser"} and not any(table.has(column) for column in columns.COUNTS)
    ]
    guessed = [table.file for table in tables if not table.has("Producer") and not table.has("SortWine")]
    if guessed and not any(table.has("Producer") for table in tables):
        said.append(
            ngettext(
                "%(files)s does not name the producers: they are read from the beginning of the wines' names where it "
                "is an estate's (“Château …”). Add your List or Inventory table and they are exact.",
                "%(files)s do not name the producers: they are read from the beginning of the wines' names where it "
                "is an estate's (“Château …”). Add your List or Inventory table and they are exact.",
                len(guessed),
            )
            % {"files": ", ".join(guessed)}
        )
    return said


def _has_rows(table: Table, number: int) -> bool:
    count = 0
    for line in table:
        count += any(line.cells)
        if count > number:
            return False
    return count == number


FORMATS = (
    Format(
        name="cellartracker",
        label="CellarTracker",
        recognise=recognise,
        parse=parse,
        warn=warn,
        # Also of accounts in euros.
        date_order="mdy",
        rank=90,
    ),
)
