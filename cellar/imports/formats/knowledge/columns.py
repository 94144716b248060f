"""Guessing what the columns of a table are: by their headers, and where those leave it open, by their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from cellar import reference
from cellar.folding import fold
from cellar.imports.formats.knowledge import headers, kinds
from cellar.imports.formats.knowledge.fields import BY_NAME, CUSTOM, fit
from cellar.imports.tables import Table
from cellar.models.wine import MAX_CUSTOM_FIELDS

SAMPLE = 300
# Of "Quantity 12" and "Remaining 5", the bottles that are there are the five.
_STOCK_NOW = frozenset(
    map(
        fold,
        ("remaining", "in stock", "on hand", "in cellar", "bottles left", "bottles remaining", "stock en cave",
         "restant", "reste", "current stock", "bestand", "giacenza", "existencias", "qty on hand", "cellar count"),
    )
)  # fmt: skip
# What a machine numbers or stamps its rows with, and what is no text.
_OF_MACHINES = frozenset(
    {"id", "uuid", "guid", "row", "index", "idx", "created at", "updated at", "created", "updated", "modified",
     "last modified", "image", "image url", "photo", "picture", "label image", "thumbnail", "row number"}
)  # fmt: skip


@dataclass(frozen=True)
class _Bid:
    """A column that may be a field; the lower, the surer."""

    doubt: tuple[float, int, int]
    column: str
    field: str


def suggest(table: Table) -> dict[str, str]:
    """Return for each column a field of `fields`, "custom" or "" (left out)."""
    cells = _sample(table)
    given: dict[str, str] = {}
    for bid in sorted(_bids(table.columns, cells), key=lambda bid: bid.doubt):
        is_free = BY_NAME[bid.field].many or bid.field not in given.values()
        if bid.column not in given and is_free:
            given[bid.column] = bid.field
    _by_cells(table.columns, cells, given)
    return {column: given.get(column) or _unmapped(column, cells[column], given) for column in table.columns}


def _sample(table: Table) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {column: [] for column in table.columns}
    for line in islice(table, SAMPLE):
        for column in table.columns:
            if text := line.get(column):
                cells[column].append(text)
    return cells


def _bids(columns: Sequence[str], cells: Mapping[str, list[str]]) -> list[_Bid]:
    bids = []
    for place, column in enumerate(columns):
        for named in headers.fields_of(column):
            field = "score" if named.field == "community" else named.field
            if field not in BY_NAME or (column_is_numbering(column, cells[column]) and field == "quantity"):
                continue
            looks = fit(field, cells[column])
            if looks < BY_NAME[field].least:
                continue
            rank = -1 if field == "quantity" and headers.key(column) in _STOCK_NOW else named.rank
            bids.append(_Bid((round(1 - looks, 1), rank, place), column, field))
    return bids


def column_is_numbering(column: str, cells: Sequence[str]) -> bool:
    """Whether a column called "No", "#" or "Number" just counts the rows."""
    if headers.key(column) not in {"#", "no", "nr", "number", "n", "num"} or len(cells) < 3:
        return False
    numbers = [int(cell) if cell.isdecimal() else -1 for cell in cells]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _by_cells(columns: Sequence[str], cells: Mapping[str, list[str]], given: dict[str, str]) -> None:
    """Give the columns whose headers say nothing a field, where all their cells say the same."""
    for column in columns:
        said = cells[column]
        if column in given or not said or headers.fields_of(column):
            continue
        field = _told_by_cells(said)
        if field and field not in given.values():
            given[column] = field
    if not {"name", "producer"} & set(given.values()):
        free = [column for column in columns if column not in given and fit("name", cells[column]) > 0.9]
        told = [column for column in free if len(cells[column]) > 0]
        if told:
            given[max(told, key=lambda column: len(set(cells[column])))] = "name"


def _told_by_cells(said: Sequence[str]) -> str:
    count = len(said)

    def share(is_one: Callable[[str], bool]) -> float:
        return sum(map(is_one, said)) / count

    if share(lambda text: "vivino.com/" in text) > 0.9:
        return "vivino_url"
    if count < 3:
        return ""
    if share(lambda text: reference.country_of(text) is not None and len(text) > 2) > 0.8:
        return "country"
    if share(kinds.is_kind) > 0.8:
        return "type"
    if share(lambda text: reference.canonical_grape(text) is not None) > 0.8:
        return "grapes"
    if share(lambda text: len(text) == 4 and text.isdecimal() and 1950 <= int(text) <= 2040) > 0.9:
        return "vintage"
    if share(lambda text: fit("size", [text]) == 1 and not text.replace(".", "").isdecimal()) > 0.9:
        return "size"
    return ""


def _unmapped(column: str, said: Sequence[str], given: dict[str, str]) -> str:
    """Keep what nobody knows as a field of the wine's own, unless a machine wrote it or nothing is in it."""
    asked = headers.key(column)
    own = sum(field == CUSTOM for field in given.values())
    if not said or asked in _OF_MACHINES or own >= MAX_CUSTOM_FIELDS:
        return ""
    given[column] = CUSTOM
    return CUSTOM
