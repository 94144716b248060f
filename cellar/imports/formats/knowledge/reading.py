"""Reading the cells of one line into a row: what cannot be read is noted there with its column and the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from cellar import reference
from cellar.imports import cells, dates
from cellar.imports.formats.knowledge import kinds, scores, windows
from cellar.imports.grapes import read_grapes
from cellar.imports.options import Options
from cellar.imports.rows import CriticScore, Row
from cellar.imports.tables import Line
from cellar.models import Wine
from cellar.models.wine import MAX_CUSTOM_FIELDS
from cellar.sizes import STANDARD, size_label

Value = TypeVar("Value")
MAX_NAME, MAX_CUSTOM = 60, 200
SOURCE_LENGTH = 80
# What stands for "not recorded" in a column of numbers.
_NOTHING = frozenset({"0", "0.0", "0,0", "0.00", "0,00"})
_LONGEST_BLANK = 12
# A column says the same few things again and again.
_size = lru_cache(maxsize=1024)(cells.read_size)
_vintage = lru_cache(maxsize=1024)(cells.read_vintage)
_currency = lru_cache(maxsize=256)(cells.read_currency)
_money = lru_cache(maxsize=4096)(cells.read_money)
_date = lru_cache(maxsize=4096)(dates.read_date)
_EAN = re.compile(r"\d{8,14}")


def _length(field: str) -> int:
    return int(getattr(Wine._meta.get_field(field), "max_length", 0) or 0)


LENGTHS = {
    name: _length(name)
    for name in (
        "producer", "name", "country", "region", "sub_region", "appellation", "vineyard", "classification",
        "cellartracker_id", "vivino_url", "lwin",
    )
}  # fmt: skip


# Not frozen: there are six for each row, and a frozen one takes five times as long to make.
@dataclass(slots=True)
class Reading:
    """The cells of a line, and the row that they are read into.

    `blank` are the words that mean nothing in this kind of file, in small letters; `order` and `decimal` are
    how its dates and numbers are written.
    """

    row: Row
    line: Line
    options: Options
    blank: Collection[str] = cells.NO_VALUE
    order: str = ""
    decimal: str = ""
    clean: Callable[[str], str] = str.strip

    def text(self, *columns: str) -> str:
        """Return the first cell of these columns that says something."""
        for column in columns:
            if column and (cell := self.line.get(column)):
                said = self.clean(cell)
                if "\0" in said:
                    said = said.replace("\0", "").strip()
                if said[:1] == "#" and cells.ERROR.fullmatch(said):
                    self.row.skip(column, said, _("A formula of the spreadsheet went wrong here."))
                    continue
                # Casefold is enough for these words, and quicker than fold.
                if said and not (len(said) <= _LONGEST_BLANK and said.casefold() in self.blank):
                    return said
        return ""

    def read(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        # Most columns that could be there are not.
        text = self.text(column) if column else ""
        return self.row.read(column, text, reader) if text else None

    def country(self, *columns: str) -> None:
        """Note the country; a code ("NZ") is written out."""
        said = self.fact("country", *columns)
        if len(said) == 2 and (found := reference.country_of(said)):
            self.row.wine["country"] = found.name

    def fact(self, field: str, *columns: str) -> str:
        """Note a text about the wine under the name of its field; what is too long is cut, and said so."""
        said = next((said for column in columns if (said := self.short(column, LENGTHS[field]))), "")
        self.row.say(field, said)
        return said

    def short(self, column: str, length: int) -> str:
        """Return a cell on one line; one that is too long is cut, and said so."""
        return self.cut(column, " ".join(self.text(column).split()), length) if column else ""

    def cut(self, column: str, text: str, length: int) -> str:
        self.row.used.add(column)
        if len(text) > length:
            self.row.skip(column, text, _("Only the first %(length)d letters are kept.") % {"length": length})
        return text[:length].strip()

    def leave(self, reason: str, *columns: str) -> None:
        """List the cells of these columns that nothing was made of."""
        for column in columns:
            if column not in self.row.used and (text := self.text(column)) and text not in _NOTHING:
                self.row.skip(column, text, reason)

    def leave_bottles(self, *columns: str) -> None:
        """List what these columns say of bottles, in a row that none is made of."""
        self.leave(_("No bottle is made of this row."), *columns)

    def number(self, column: str) -> Decimal | None:
        return self.read(column, lambda text: cells.read_number(text, self.decimal))

    def quantity(self, column: str) -> int:
        """Return a number of bottles; 0 where the cell is empty or cannot be read."""
        return self.read(column, cells.read_quantity) or 0

    def size(self, column: str, unit: str = "", *, otherwise: int = STANDARD) -> int:
        """Return millilitres; `unit` is what the header says of a bare number, `otherwise` what an empty cell means."""

        def reader(text: str) -> int:
            bare = re.fullmatch(r"\d+(?:[.,]\d+)?", text)
            try:
                return _size(f"{text} {unit}" if bare and unit else text)
            except ValueError as error:
                told = {"reason": str(error), "size": size_label(otherwise)}
                raise cells.CellError(_("%(reason)s The bottles are counted as of %(size)s.") % told) from error

        return self.read(column, reader) or otherwise

    def money(self, column: str, beside: str = "", *, said: str = "") -> tuple[int | None, str]:
        """Return minor units and currency; 0 is "not recorded".

        `beside` is the column of the currency, `said` what the header says of it.
        """
        code = self.currency(beside)
        if beside and not code and self.text(beside) and not self._names_its_currency(column):
            self.leave(_("The currency beside it cannot be read."), column)
            return None, ""
        code = code or said or self.options.currency
        paid = self.read(column, lambda text: _money(text, code, self.decimal))
        return (paid.minor, paid.currency) if paid is not None and paid.minor else (None, "")

    def _names_its_currency(self, column: str) -> bool:
        try:
            return bool(_money(self.text(column), "", self.decimal).currency)
        except ValueError:
            return False

    def currency(self, *columns: str) -> str:
        column = next((column for column in columns if self.text(column)), "")
        return (self.read(column, _currency) or "") if column else ""

    def day(self, column: str) -> date | None:
        return self.read(column, lambda text: _date(text, self.order))

    def vintage(self, column: str) -> None:
        self.say_vintage(column, self.text(column))

    def say_vintage(self, column: str, text: str) -> None:
        found = self.row.read(column, text, lambda text: _vintage(text, self.options.last_vintage))
        if found is not None:
            self.row.say("vintage", found.year)
            self.row.say("non_vintage", found.non_vintage or None)

    def kind(self, *columns: str) -> kinds.Kind:
        """Note type, colour and sweetness from the columns that say them; a word nobody knows is a skipped cell."""
        said = [(column, self.text(column)) for column in columns]
        found = kinds.kind_of(*(text for _column, text in said))
        self.say_kind(found)
        for column, text in said:
            if text:
                self.row.used.add(column)
            if text and not found.drink:
                self._check_kind(column, text, found)
        return found

    def _check_kind(self, column: str, text: str, found: kinds.Kind) -> None:
        """List a word that nobody knows, or that the cell before it contradicts."""
        alone = kinds.kind_of(text)
        if alone == kinds.UNKNOWN and not (found.type and kinds.says_nothing(text)):
            reason = _("This is no kind of wine that is known here.")
            if not found.type:
                reason = _("This is no kind of wine that is known here; the type is left open.")
            self.row.skip(column, text, reason)
        elif not kinds.agrees(alone, found):
            self.row.skip(column, text, _("Another cell of this row says otherwise."))

    def say_kind(self, found: kinds.Kind) -> None:
        self.row.say("type", found.type)
        self.row.say("colour", found.colour)
        self.row.say("sweetness", found.sweetness)
        self.row.drink = self.row.drink or found.drink

    def grapes(self, column: str) -> None:
        self.row.say("grapes", self.read(column, lambda text: read_grapes(_two_grapes(text))))

    def alcohol(self, column: str) -> None:
        self.row.say("alcohol", self.read(column, lambda text: cells.read_alcohol(text, self.decimal)))

    def ean(self, column: str) -> None:
        self.row.say("ean", self.read(column, _ean))

    def years(self, **columns: str) -> None:
        """Note the years of a drink window, given as field=column; one before the year that comes first is skipped."""
        said = {field: (column, self.read(column, _year)) for field, column in columns.items()}
        latest = 0
        for field in ("drink_from", "best_from", "best_until", "drink_until"):
            column, year = said.get(field, ("", None))
            if year is None:
                latest = max(latest, self.row.wine.get(field, 0))
                continue
            if self.row.wine.get(field, year) != year:
                self.row.skip(column, str(year), _("Another cell of this row says otherwise."))
                continue
            if year < latest:
                reason = _("This is before %(year)d, the year that has to come first.") % {"year": latest}
                self.row.skip(column, str(year), reason)
                continue
            latest = year
            self.row.say(field, year)

    def window(self, column: str) -> None:
        """Note a window that one cell says: "2024-2030"."""
        first, last = self.read(column, _window) or (None, None)
        self.row.say("drink_from", first)
        self.row.say("drink_until", last)

    def score(self, column: str, source: str) -> None:
        """Note a critic's score as printed."""
        if printed := self.text(column):
            self.say_scores(column, [(source, printed)])

    def say_scores(self, column: str, said: Iterable[tuple[str, str]]) -> None:
        """Note what critics say in a cell; one whose score is none lists it."""
        self.row.used.add(column)
        for source, value in said:
            if scale := scores.scale_of(value):
                self.row.scores.append(CriticScore(source=source[:SOURCE_LENGTH], value=value, scale=scale))
            else:
                self.row.skip(column, self.text(column), _("This is no score of 5, 20 or 100 points."))

    def rating(self, column: str, scale: str = "", *, beside: str = "") -> tuple[Decimal | None, str]:
        """Return the person's own rating, and its scale; without one it is the smallest it fits in.

        `beside` is the column of the scale; of one that is not known here no rating is taken.
        """
        said = self.text(beside)
        if said and not scores.is_scale(said):
            self.row.skip(beside, said, _("This is no scale of 5, 10, 20 or 100 points."))
            self.leave(_("The scale beside it cannot be read."), column)
            return None, ""
        self.row.used.add(beside)
        if self.text(column) in _NOTHING:
            self.row.used.add(column)
            return None, ""
        return self.read(column, lambda text: scores.read_rating(text, said or scale, self.decimal)) or (None, "")

    def own_field(self, name: str, column: str) -> None:
        """Keep a cell that has no field of its own under its name."""
        if text := self.text(column):
            self.say_own(name, self.cut(column, text, MAX_CUSTOM), column)

    def say_own(self, name: str, text: str, column: str) -> None:
        own: dict[str, Any] = self.row.wine.setdefault("custom_fields", {})
        if len(own) >= MAX_CUSTOM_FIELDS and name not in own:
            reason = _("A wine has at most %(most)d own fields.") % {"most": MAX_CUSTOM_FIELDS}
            self.row.skip(column, text, reason)
            return
        if own.setdefault(name[:MAX_NAME], text) != text:
            self.row.skip(column, text, _("Another cell of this row says otherwise."))


def _two_grapes(text: str) -> str:
    """Part "Chardonnay/Pinot Noir", which are two grapes; "Syrah/Shiraz" are two names of one."""
    first, slash, second = text.partition("/")
    named = {reference.canonical_grape(first), reference.canonical_grape(second)} - {None} if slash else set()
    return text.replace("/", ";") if len(named) == 2 else text


def _year(text: str) -> int | None:
    try:
        return windows.read_year(text)
    except windows.UnreadableWindowError as error:
        raise cells.CellError(_("“%(text)s” is no year.") % {"text": text[:40]}) from error


def _window(text: str) -> tuple[int | None, int | None]:
    try:
        return windows.read_window(text)
    except windows.UnreadableWindowError as error:
        reason = _("“%(text)s” cannot be read as first and last year.") % {"text": text[:40]}
        raise cells.CellError(reason) from error


def _ean(text: str) -> str:
    bare = re.sub(r"[\s-]", "", text)
    bare = re.sub(r"\.0$", "", bare)
    if not _EAN.fullmatch(bare):
        raise cells.CellError(_("A barcode has 8 to 14 digits."))
    return bare
