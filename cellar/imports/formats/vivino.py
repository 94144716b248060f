"""Vivino: the tables of its account data, joined by the link to the wine.

The full list is what was ever scanned or rated; what is in the cellar has a table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cellar.imports.detect import Format, Question
from cellar.imports.formats.knowledge import scores
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.options import Options
from cellar.imports.rows import Lot, Note, Row
from cellar.imports.tables import Line, Source, Table
from cellar.models import Reason, State

LINK = "Link to wine"
_MENTION = re.compile(r"@\[\d+\|\d+\|([^\]]*)\]")
_BLANK = frozenset({"unknown", "-", "n/a", "null"})
_TEXT = 5000
Price = tuple[int | None, str]


def recognise(source: Source) -> str:
    if not isinstance(source, Table) or not source.has("Winery", "Wine name", LINK):
        return ""
    if source.has("User cellar count"):
        return "cellar"
    if not source.has("Scan date"):
        return ""
    return "prices" if source.has("Wine price") and not source.has("Drinking Window") else "list"


def parse(sources: Sequence[Source], options: Options) -> Iterator[Row]:
    yield from _Account([source for source in sources if isinstance(source, Table)], options).rows()


def ask(sources: Sequence[Source]) -> list[Question]:
    """Ask what the full list is, unless a table says what is in the cellar."""
    if not _is_only_a_list(sources):
        return []
    return [
        Question(
            option="meaning",
            text=_("Vivino's full list is what you scanned or rated. What are these wines to you?"),
            answers=(
                ("wines", _("Wines I know: keep them with ratings and reviews, without bottles")),
                ("history", _("Wines I drank: one bottle each, drunk on the day of the scan")),
                ("cellar", _("Wines I have: one bottle each in the cellar")),
            ),
        )
    ]


def warn(sources: Sequence[Source]) -> list[str]:
    if {source.part for source in sources} == {"prices"}:
        return [
            _(
                "These are prices without bottles: the wines come, and the prices are left out. Bring cellar.csv of "
                "the same archive with them."
            )
        ]
    if not _is_only_a_list(sources):
        return []
    return [
        _(
            "Vivino's full list is no stock: its wines come without bottles unless you say otherwise. What is in the "
            "cellar is in cellar.csv of the same archive."
        )
    ]


def _is_only_a_list(sources: Sequence[Source]) -> bool:
    tables = [source for source in sources if isinstance(source, Table)]
    has_stock = any(table.part == "cellar" or table.has("Cellar count") for table in tables)
    return not has_stock and any(table.part == "list" for table in tables)


class _Account:
    def __init__(self, tables: Sequence[Table], options: Options) -> None:
        # The table of prices repeats the others: it comes last.
        self.tables = sorted(tables, key=lambda table: ("cellar", "list", "prices").index(table.part))
        self.options = options
        self.parts = {table.part for table in tables}
        self.prices: dict[str, Price] = {}
        self.with_bottles: set[str] = set()
        self.rated: set[str] = set()

    def rows(self) -> Iterator[Row]:
        for table in self.tables:
            if table.has("Wine price"):
                self._learn_prices(table)
        for table in self.tables:
            for line in table:
                if any(line.cells):
                    yield self._row(table, line)

    def _learn_prices(self, table: Table) -> None:
        for line in table:
            price = self._reading(Row(file=table.file, number=line.number), line).money("Wine price")
            if price[0] is not None:
                self.prices.setdefault(line.get(LINK), price)

    def _reading(self, row: Row, line: Line) -> Reading:
        return Reading(row, line, self.options, _BLANK, "ymd", ".")

    def _row(self, table: Table, line: Line) -> Row:
        row = Row(file=table.file, number=line.number)
        reading = self._reading(row, line)
        _read_wine(reading)
        if not row.names_a_wine:
            row.skipped = _("A scan that Vivino did not recognise: it names neither winery nor wine.")
            return row
        if table.has("Wine price"):
            reading.money("Wine price")  # to say why one cannot be read
        row.lots = self._lots(table, reading)
        link = line.get(LINK)
        if row.lots:
            self.with_bottles.add(link)
        elif self._is_priced_for_nothing(table, link):
            row.used.discard("Wine price")
            reading.leave_bottles("Wine price")
        if table.part == "list" or (table.part == "prices" and "list" not in self.parts):
            _read_review(reading)
        self._average(reading)
        return row

    def _lots(self, table: Table, reading: Reading) -> list[Lot]:
        price, currency = self.prices.get(reading.line.get(LINK), (None, ""))
        lot = Lot(unit_price=price, currency=currency)
        count = "User cellar count" if table.part == "cellar" else "Cellar count"
        if table.has(count):
            lot.quantity = reading.quantity(count)
            return [lot] if lot.quantity else []
        if table.part != "list":
            return []
        if self.options.meaning == "cellar" and "cellar" not in self.parts:
            return [lot]
        if self.options.meaning == "history":
            lot.state, lot.reason, lot.consumed_on = State.GONE, Reason.DRANK.value, reading.day("Scan date")
            return [lot]
        return []

    def _is_priced_for_nothing(self, table: Table, link: str) -> bool:
        """Whether this row is the last that speaks of a price, and no bottle of the wine was there for it."""
        is_last = table.part == "prices" or "prices" not in self.parts
        return is_last and link not in self.with_bottles and self.parts != {"prices"}

    def _average(self, reading: Reading) -> None:
        link = reading.line.get(LINK)
        if link and link in self.rated:
            return
        self.rated.add(link)
        average = reading.number("Average rating")
        if average is not None and 1 <= average <= 5:
            reading.row.scores.append(scores.community("Vivino", average, "5"))
        elif average:
            reading.row.skip("Average rating", reading.text("Average rating"), _("Vivino's ratings are from 1 to 5."))


def _read_wine(reading: Reading) -> None:
    reading.fact("producer", "Winery")
    reading.fact("name", "Wine name")
    reading.vintage("Vintage")
    reading.kind("Wine type")
    reading.country("Country")
    reading.fact("region", "Region")
    reading.window("Drinking Window")
    reading.own_field("Style", "Regional wine style")
    reading.own_field("Personal note", "Personal Note")
    if reading.text(LINK).startswith("https://"):
        reading.fact("vivino_url", LINK)
    else:
        reading.leave(_("This is no address of a page."), LINK)
    if reading.text("Wishlisted date"):
        reading.row.wine["wishlist"] = True


def _read_review(reading: Reading) -> None:
    """Note rating and review; a person that is mentioned is left as a name."""
    text = _MENTION.sub(r"@\1", reading.text("Your review"))
    rating, scale = reading.rating("Your rating", "5")
    if text or rating is not None:
        tasted_on = reading.day("Scan date")
        text = reading.cut("Your review", text, _TEXT)
        reading.row.notes.append(Note(text=text, rating=rating, scale=scale, tasted_on=tasted_on))


FORMATS = (
    Format(
        name="vivino", label="Vivino", recognise=recognise, parse=parse, warn=warn, ask=ask, date_order="ymd",
        decimal=".", rank=80,
    ),
)  # fmt: skip
