"""Reading the X-Wines catalogue (CC0; the slim set of a thousand wines lies in `xwines/`)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SLIM = Path(__file__).parent / "xwines" / "XWines_Slim_1K_wines.csv"
NON_VINTAGE = "N.V."
# The catalogue files grappa and marc under dessert wines, and most Sherry; no wine reaches the strength of a spirit.
WEAKEST_SPIRIT = Decimal(25)
WEAKEST_FORTIFIED = Decimal(17)
_FORTIFIED_REGIONS = ("Sherry", "Montilla")

_TYPES = {
    "Red": "red",
    "White": "white",
    "Rosé": "rose",
    "Sparkling": "sparkling",
    "Dessert": "dessert",
    "Dessert/Port": "fortified",
}
_COLUMNS = frozenset({
    "WineID", "WineName", "Type", "Grapes", "Harmonize", "ABV", "Body", "Acidity", "Country", "RegionName",
    "WineryName", "Website", "Vintages",
})  # fmt: skip

_ITEM_SHAPE = r"""(?:'(?:[^'\\\n]|\\['"\\])*'|"(?:[^"\\\n]|\\['"\\])*"|[0-9]{1,6})"""
_ITEM = re.compile(_ITEM_SHAPE)
_LIST = re.compile(rf"\[\s*(?:{_ITEM_SHAPE}\s*(?:,\s*{_ITEM_SHAPE}\s*)*,?\s*)?\]")
_ESCAPED = re.compile(r"""\\(['"\\])""")
_LONGEST_LIST, _MOST_ITEMS, _LONGEST_TEXT = 20_000, 300, 80
_LONGEST_NAME, _LONGEST_PLACE, _LONGEST_LINK = 200, 120, 500
_EARLIEST, _LATEST = 1000, 2200

# What a field may raise that is no number, no list, or not there because the row is too short.
_UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, SyntaxError, ArithmeticError,
)  # fmt: skip


class CatalogueError(Exception):
    """A file that is no X-Wines catalogue, or a row that cannot be read; the text names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueWine:
    """A wine of the catalogue with all its vintages; `type` is the cellar's own word for it, "other" for a spirit."""

    wine_id: int
    name: str
    producer: str
    type: str
    grapes: tuple[str, ...]
    harmonize: tuple[str, ...]
    abv: Decimal
    body: str
    acidity: str
    country: str
    region: str
    website: str
    vintages: tuple[int, ...]
    non_vintage: bool

    @property
    def is_sweet(self) -> bool:
        """Say whether the wine is sweet for certain; of a fortified one the catalogue does not tell."""
        return self.type == "dessert"


def read_wines(path: Path = SLIM) -> Iterator[CatalogueWine]:
    """Yield the wines of a catalogue of any size, row by row; raises CatalogueError at the first bad one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        try:
            missing = _COLUMNS.difference(rows.fieldnames or ())
            if missing:
                raise CatalogueError(f"Line 1: this is not an X-Wines catalogue, it has no column {min(missing)}.")
            for row in rows:
                yield _wine(row, rows.line_num)
        except (csv.Error, UnicodeDecodeError) as error:
            raise CatalogueError(
                f"Line {rows.line_num + 1}: this is not readable as CSV in UTF-8 ({error})."
            ) from error


def _wine(row: dict[str, str], line: int) -> CatalogueWine:
    try:
        abv = Decimal(row["ABV"])
        vintages = _list(row["Vintages"])
        years = [year for year in vintages if year != NON_VINTAGE]
        wine_id = int(row["WineID"][:20])
        if not 0 < wine_id < 2**53 or not 0 <= abv <= 100 or not row["WineName"].strip():
            raise ValueError("a number, a name, or an alcohol that cannot be")
        return CatalogueWine(
            wine_id=wine_id,
            name=_text(row["WineName"], _LONGEST_NAME),
            producer=_text(row["WineryName"], _LONGEST_NAME),
            type=_type(row["Type"], abv, row["RegionName"]),
            grapes=tuple(map(str, _list(row["Grapes"]))),
            harmonize=tuple(map(str, _list(row["Harmonize"]))),
            abv=abv,
            body=_text(row["Body"]),
            acidity=_text(row["Acidity"]),
            country=_text(row["Country"], _LONGEST_PLACE),
            region=_text(row["RegionName"], _LONGEST_PLACE),
            website=_text(row["Website"] or "", _LONGEST_LINK),
            vintages=tuple(map(_year, years)),
            non_vintage=len(years) < len(vintages),
        )
    except _UNREADABLE as error:
        raise CatalogueError(f"Line {line}: this wine cannot be read ({type(error).__name__}: {error}).") from error


def _type(name: str, abv: Decimal, region: str) -> str:
    kind = _TYPES[name]
    if abv >= WEAKEST_SPIRIT:
        return "other"
    if kind == "dessert" and (abv >= WEAKEST_FORTIFIED or any(word in region for word in _FORTIFIED_REGIONS)):
        return "fortified"
    return kind


def _list(text: str) -> list[int | str]:
    """Read a Python list of whole numbers and texts, and nothing else that Python may mean by it."""
    if len(text) > _LONGEST_LIST or not _LIST.fullmatch(text.strip()):
        raise ValueError(f"{text[:40]!r} is not a list of texts and numbers")
    items = _ITEM.findall(text)
    if len(items) > _MOST_ITEMS:
        raise ValueError(f"a list has at most {_MOST_ITEMS} entries")
    return [int(item) if item[0].isdigit() else _unquoted(item) for item in items]


def _unquoted(item: str) -> str:
    text = item[1:-1]
    return _text(_ESCAPED.sub(r"\1", text) if "\\" in text else text)


def _text(text: str, most: int = _LONGEST_TEXT) -> str:
    if len(text) > most or "\0" in text:
        raise ValueError(f"{text[:40]!r} is longer than {most} letters, or no text")
    return text.strip()


def _year(value: int | str) -> int:
    year = int(value)
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"{year} is no year")
    return year
