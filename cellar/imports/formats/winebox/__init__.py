"""WineBox's own exports: the JSON of a cellar, which comes back as it was, and the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from cellar.exports.as_json import FORMAT
from cellar.imports.detect import Format
from cellar.imports.formats.knowledge.documents import load
from cellar.imports.formats.winebox.document import document_rows
from cellar.imports.formats.winebox.tables import table_rows
from cellar.imports.limits import FileRefused
from cellar.imports.options import Options
from cellar.imports.rows import Row
from cellar.imports.tables import Document, Source, Table

# What a table has that the others have not.
PARTS = {
    "bottles": ("bottle_id", "state", "gone_on"),
    "notes": ("note_id", "wine_id", "tasted_on"),
    "transactions": ("transaction_id", "wine_id", "taken_back"),
    "wines": ("wine_id", "bottles_in_cellar", "last_price_per_75cl"),
}


def recognise(source: Source) -> str:
    if isinstance(source, Table):
        return next((part for part, columns in PARTS.items() if source.has(*columns)), "")
    value = load(source)
    if not isinstance(value, Mapping):
        return ""
    if value.get("format") in {f"winebox-{part}" for part in PARTS}:
        raise FileRefused(
            _(
                "This is one table of WineBox as JSON, which is for other programs. Bring the JSON of the wines, "
                "which has their bottles, notes and scores, or this table as CSV."
            )
        )
    return "cellar" if value.get("format") == FORMAT else ""


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    for source in sources:
        if isinstance(source, Document):
            yield from document_rows(source)
        elif source.part != "transactions":
            yield from table_rows(source)


def warn(sources: Sequence[Source]) -> list[str]:
    parts = {source.part for source in sources}
    told = []
    if "transactions" in parts:
        told.append(_("Transactions are not read: what happened to each bottle is in the export of the bottles."))
    if "wines" in parts and "bottles" not in parts:
        told.append(_("These are wines without their bottles: the export of the bottles brings those."))
    return told


FORMATS = (
    Format(
        name="winebox",
        label="WineBox",
        recognise=recognise,
        parse=parse,
        warn=warn,
        date_order="ymd",
        decimal=".",
        rank=90,
    ),
)
