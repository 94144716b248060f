"""Any table: its columns are mapped to fields, as the person said or as headers and cells suggest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cellar.imports.detect import Format, Question
from cellar.imports.formats.anything.lines import Mapped
from cellar.imports.formats.knowledge.columns import suggest
from cellar.imports.formats.knowledge.fields import CUSTOM, FIELDS, Field
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Source, Table

__all__ = ["CUSTOM", "FIELDS", "FORMATS", "Field", "suggest"]

COUNTS = frozenset({"quantity", "cases", "pending", "consumed"})


def recognise(source: Source) -> str:
    return "table" if isinstance(source, Table) else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for table in sources:
        if isinstance(table, Table):
            yield from Mapped(table, options).rows()


def ask(sources: Sequence[Source]) -> list[Question]:
    """Ask what a row is where no column says how many bottles there are."""
    if not any(_has_no_counts(source) for source in sources):
        return []
    return [
        Question(
            option="meaning",
            text=_("No column says how many bottles there are. What is a row?"),
            answers=(
                ("cellar", _("One bottle in the cellar")),
                ("history", _("One bottle that was drunk")),
                ("wines", _("A wine, without bottles")),
            ),
        )
    ]


def warn(sources: Sequence[Source]) -> list[str]:
    return [
        _(
            "%(file)s has no column with the number of bottles: each row is taken for one bottle, unless you say "
            "otherwise."
        )
        % {"file": source.file}
        for source in sources
        if _has_no_counts(source)
    ]


def _has_no_counts(source: Source) -> bool:
    return isinstance(source, Table) and not COUNTS & set(suggest(source).values())


FORMATS = (
    Format(
        name="anything", label=gettext_noop("Spreadsheet"), recognise=recognise, parse=parse, warn=warn, ask=ask, rank=0
    ),
)
