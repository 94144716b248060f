"""A file as it is read: a table (of a text or a sheet), or a document that is none (JSON)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its number as a person counts (the header is row 1), and its cells as text, stripped."""

    number: int
    cells: tuple[str, ...]
    positions: dict[str, int] = field(repr=False)

    def get(self, column: str) -> str:
        """Return the cell in a column; empty where there is no such column, or the row is too short."""
        place = self.positions.get(column)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def first(self, *columns: str) -> str:
        """Return the first cell of these columns that is not empty."""
        return next((text for column in columns if (text := self.get(column))), "")


@dataclass(frozen=True)
class Table:
    """A table with a header; it is read anew each time it is iterated, so that no file is held in memory.

    `columns` are the headers as written, stripped; of two with the same name the second is called "name (2)", and one
    without a name "column 3". `part` is which table of its format it is (filled in by `detect`).
    """

    file: str
    columns: tuple[str, ...]
    # Yields a line number and its cells, the header left out, empty lines, too.
    source: Callable[[], Iterator[tuple[int, Sequence[str]]]] = field(repr=False)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    part: str = ""
    # What is to be said before anything is done with it ("exactly 25 rows …").
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Line]:
        positions = self.positions
        for number, cells in self.source():
            yield Line(number, tuple(map(str.strip, cells)), positions)

    @cached_property
    def positions(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.columns)}

    def has(self, *columns: str) -> bool:
        return all(column in self.positions for column in columns)

    def column(self, name: str) -> Iterator[str]:
        """Yield the cells of a column that are not empty."""
        for line in self:
            if text := line.get(name):
                yield text

    def as_part(self, part: str) -> Table:
        return replace(self, part=part)


@dataclass(frozen=True)
class Document:
    """A file that is no table: JSON. `load` returns it parsed."""

    file: str
    load: Callable[[], object] = field(repr=False)
    part: str = ""
    warnings: tuple[str, ...] = ()

    def as_part(self, part: str) -> Document:
        return replace(self, part=part)


Source = Table | Document
