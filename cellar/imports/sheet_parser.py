"""openpyxl's parser of a sheet, for which a broken cell is one cell; loaded only when a spreadsheet is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import VALUE_TAG, WorkSheetParser

# What stands for a text that the book does not have.
MISSING = "#REF!"
_PLACE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_BROKEN = (ValueError, IndexError, KeyError, TypeError, OverflowError)


class Sheet(ReadOnlyWorksheet):
    """A sheet whose rows come as they are, whatever it says of its own extent: that may be wrong, or meant to be."""

    def _get_size(self) -> None:
        pass

    def _cells_by_row(
        self: Any, min_col: int, min_row: int, max_col: int | None, max_row: int | None, values_only: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        book: Any = self.parent
        with self._get_source() as source:
            parser = _Parser(
                source, self._shared_strings, data_only=True, epoch=book.epoch, date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )  # fmt: skip
            following = 1
            for number, cells in parser.parse():
                for _missing in range(following, number):
                    yield ()
                if following <= number:
                    yield self._get_row(cells)
                following = max(following, number + 1)


class _Parser(WorkSheetParser):
    """Gives a cell that cannot be read (no number, no date, a text that is not there) as the text that it is."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        before = self.col_counter
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (*_BROKEN, UserWarning):
            return self._broken(element, before)
        if cell["data_type"] == "e" and element.get("t", "n") == "n":
            # A date outside the limits of dates.
            cell["value"] = element.findtext(VALUE_TAG)
        return cell

    def _broken(self, element: Element, before: int) -> dict[str, Any]:
        row, column = self.row_counter, before + 1
        if _PLACE.fullmatch(place := element.get("r") or ""):
            row, column = coordinate_to_tuple(place)
        self.col_counter = column
        value = MISSING if element.get("t") == "s" else element.findtext(VALUE_TAG)
        return {"row": row, "column": column, "value": value, "data_type": "s", "style_id": 0}
