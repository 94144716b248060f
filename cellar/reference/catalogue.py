"""Reading the X-Wines catalogue (CC0; the slim set of a thousand wines lies in `xwines/`)."""

from __future__ import annotations

import ast
import csv
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

# What a field may raise that is no number, no list, nested too deeply, or not there because the row is too short.
_UNREADABLE = (
    ValueError, LookupError, TypeError, AttributeError, SyntaxError, ArithmeticError, RecursionError, MemoryError,
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
        return CatalogueWine(
            wine_id=int(row["WineID"]),
            name=row["WineName"].strip(),
            producer=row["WineryName"].strip(),
            type=_type(row["Type"], abv, row["RegionName"]),
            grapes=tuple(map(str, _list(row["Grapes"]))),
            harmonize=tuple(map(str, _list(row["Harmonize"]))),
            abv=abv,
            body=row["Body"],
            acidity=row["Acidity"],
            country=row["Country"],
            region=row["RegionName"],
            website=row["Website"],
            vintages=tuple(int(str(year)) for year in years),
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


def _list(text: str) -> list[object]:
    value = ast.literal_eval(text)
    if not isinstance(value, list):
        raise ValueError(f"{text[:40]!r} is not a list")
    return value
