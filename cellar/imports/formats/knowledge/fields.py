"""The fields that the columns of any table can be mapped to, and what their cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cellar import reference
from cellar.folding import fold
from cellar.imports import cells, dates
from cellar.imports.formats.knowledge import counts, kinds, scores, states, windows

CUSTOM = "custom"
_MONEY = re.compile(r"[^\d]{0,5}\s*\d[\d.,\s'’]*\s*[^\d]{0,8}")
_LETTER = re.compile(r"[^\W\d_]")
# The vintages of a column; which year is the last is asked where the cells are read.
_LAST = 2099


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in a mapping, how a page calls it, and whether a cell looks like one of it.

    `least` is the part of a column's cells that have to look so (1 is all).
    """

    name: str
    label: Any
    looks: Callable[[str], bool]
    least: float = 0.6
    # Several columns may be mapped to it.
    many: bool = False


def _reads(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def looks(text: str) -> bool:
        try:
            reader(text)
        except ValueError:
            return False
        return True

    return looks


def _text(text: str) -> bool:
    return bool(_LETTER.search(text))


def _date(text: str) -> bool:
    return _reads(lambda one: dates.read_date(one, "dmy"))(text) or _reads(lambda one: dates.read_date(one, "mdy"))(
        text
    )


def _vintage(text: str) -> bool:
    try:
        cells.read_vintage(text, _LAST)
    except ValueError:
        return False
    return True


def _vintage_in_short(text: str) -> bool:
    """Whether it is a vintage, or could be one of two figures, which is not guessed."""
    return _vintage(text) or (len(text) == 2 and text.isdecimal())


def _country(text: str) -> bool:
    return reference.country_of(text) is not None or _text(text)


def _score(text: str) -> bool:
    return bool(scores.scale_of(text)) or ":" in text


_quantity = counts.is_count
_read_size = _reads(cells.read_size)
_number = _reads(lambda text: cells.read_number(text, "."))


def _size(text: str) -> bool:
    return _read_size(text) or _number(text)


def _money(text: str) -> bool:
    return bool(_MONEY.fullmatch(text)) and (text.isdecimal() or not _date(text))


def _year(text: str) -> bool:
    return _reads(windows.read_year)(text)


_rating = _reads(lambda text: scores.read_rating(text, "", "."))


def _alcohol(text: str) -> bool:
    return _reads(lambda one: cells.read_alcohol(one, "."))(text)


def _consumed(text: str) -> bool:
    return _quantity(text) or _reads(cells.read_yes)(text)


def _url(text: str) -> bool:
    return text.startswith("http")


FIELDS: tuple[Field, ...] = (
    Field("producer", _("Producer"), _text),
    Field("name", _("Name of the wine"), _text),
    Field("vintage", _("Vintage"), _vintage_in_short),
    Field("type", _("Type"), kinds.is_kind),
    Field("colour", _("Colour"), kinds.is_kind),
    Field("sweetness", _("Sweetness"), lambda text: bool(kinds.sweetness_of(text))),
    Field("country", _("Country"), _country),
    Field("region", _("Region"), _text),
    Field("sub_region", _("Sub-region"), _text),
    Field("appellation", _("Appellation"), _text),
    Field("vineyard", _("Vineyard"), _text),
    Field("classification", _("Classification"), _text),
    Field("grapes", _("Grapes"), _text),
    Field("alcohol", _("Alcohol"), _alcohol),
    Field("drink_window", _("Drink window (both years)"), _reads(windows.read_window)),
    Field("drink_from", _("Drink from"), _year),
    Field("drink_until", _("Drink until"), _year),
    Field("best_from", _("Best from"), _year),
    Field("best_until", _("Best until"), _year),
    Field("quantity", _("Bottles in the cellar"), _quantity),
    Field("cases", _("Cases in the cellar"), _quantity),
    Field("case_size", _("Bottles in a case"), _quantity),
    Field("pending", _("Bottles on order"), _quantity),
    Field("consumed", _("Bottles drunk"), _consumed),
    Field("state", _("State of the bottles"), lambda text: states.is_wish(text) or states.read_state(text) is not None),
    Field("size", _("Bottle size"), _size),
    Field("location", _("Place"), lambda _cell: True),
    Field("bin", _("Shelf or slot"), lambda _cell: True),
    Field("row", _("Row of the rack"), _quantity),
    Field("column", _("Column of the rack"), _quantity),
    Field("barcode", _("Barcode of the bottle"), lambda _cell: True),
    Field("price", _("Price of a bottle"), _money),
    Field("case_price", _("Price of a case"), _money),
    Field("total_price", _("Price of all bottles"), _money),
    Field("currency", _("Currency"), _reads(cells.read_currency)),
    Field("store", _("Store"), _text),
    Field("purchased_on", _("Bought on"), _date),
    Field("delivered_on", _("Delivered on"), _date),
    Field("gone_on", _("Drunk on"), _date),
    Field("gone_reason", _("Why it is gone"), _text),
    Field("gone_note", _("Note about its end"), _text),
    Field("recipient", _("Given or sold to"), _text),
    Field("revenue", _("Sold for"), _money),
    Field("note", _("Note"), _text, 0.0, many=True),
    Field("rating", _("Own rating"), _rating),
    Field("rating_scale", _("Scale of the rating"), lambda text: bool(scores.rating_scale(text))),
    Field("tasting_note", _("Tasting note"), _text),
    Field("tasted_on", _("Tasted on"), _date),
    Field("score", _("A critic's score"), _score, many=True),
    Field("wishlist", _("On the wish list"), _reads(cells.read_yes)),
    Field("minimum_stock", _("Minimum stock"), _quantity),
    Field("ean", _("EAN or UPC"), _number),
    Field("lwin", "LWIN", _number),
    Field("cellartracker_id", "CellarTracker iWine", _number),
    Field("vivino_url", "Vivino", _url),
)
BY_NAME = {field.name: field for field in FIELDS}


def fit(name: str, column: Sequence[str]) -> float:
    """Return how much of a column looks like a field, from 0 to 1; an empty column contradicts nothing."""
    said = [text for text in column if text and fold(text) not in cells.NO_VALUE]
    return sum(map(BY_NAME[name].looks, said)) / len(said) if said else 1.0
