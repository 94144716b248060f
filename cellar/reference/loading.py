"""Loading the catalogue: the shipped wines, or a file of any size, and what people gave the wines."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from cellar.folding import fold
from cellar.models import Acidity, Body, CatalogueState, ReferenceWine
from cellar.reference.catalogue import SLIM, CatalogueError, CatalogueWine, read_wines
from winebox import databases

PART = 500
RATED_COLUMNS = ("WineID", "Rating")
BODIES = {
    "Very light-bodied": Body.VERY_LIGHT,
    "Light-bodied": Body.LIGHT,
    "Medium-bodied": Body.MEDIUM,
    "Full-bodied": Body.FULL,
    "Very full-bodied": Body.VERY_FULL,
}
ACIDITIES = {"Low": Acidity.LOW, "Medium": Acidity.MEDIUM, "High": Acidity.HIGH}
MOST_WORDS = ReferenceWine._meta.get_field("words").max_length

# How many stars were given, and how often, by the number of the wine.
Ratings = Mapping[int, tuple[float, int]]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Loaded:
    wines: int
    changed: int


def load_shipped() -> Loaded | None:
    """Load the wines that come with WineBox; None where that was done already."""
    digest = hashlib.sha256(SLIM.read_bytes()).hexdigest()
    state = CatalogueState.current()
    if state is not None and state.shipped == digest:
        return None
    loaded = load(SLIM)
    CatalogueState.changed(shipped=digest)
    return loaded


def load(path: Path, *, ratings: Ratings | None = None, progress: Progress = lambda _rows: None) -> Loaded:
    """Add the wines of a file, or bring them up to date; others stay. Raises CatalogueError, and then nothing changed.

    The file is read twice: it is too long for one transaction, and a bad row must be found before the first is written.
    `progress` is told the number of rows done, of both readings.
    """
    rows = 0
    for rows, _wine in enumerate(read_wines(path), start=1):
        if rows % PART == 0:
            progress(rows)
    wines, changed, done = read_wines(path), 0, rows
    try:
        while part := list(islice(wines, PART)):
            changed += databases.atomically(lambda part=part: _write(part, ratings))  # type: ignore[misc]
            done += len(part)
            progress(done)
    finally:
        if changed:
            CatalogueState.changed()
    return Loaded(rows, changed)


def _write(part: list[CatalogueWine], ratings: Ratings | None) -> int:
    """Write the wines that are not there as they are in the file; return how many."""
    rows = {row.number: row for row in (row_of(wine, ratings) for wine in part)}
    there = ReferenceWine.objects.filter(number__in=list(rows)).order_by()
    known = dict(there.values_list("number", "digest"))
    new = [row for row in rows.values() if known.get(row.number) != row.digest]
    ReferenceWine.objects.filter(number__in=[row.number for row in new]).delete()
    ReferenceWine.objects.bulk_create(new)
    return len(new)


def row_of(wine: CatalogueWine, ratings: Ratings | None = None) -> ReferenceWine:
    """Return a wine of a file as it is kept, not saved yet."""
    rated = (ratings or {}).get(wine.wine_id)
    said = hashlib.md5(repr((wine, rated)).encode(), usedforsecurity=False).hexdigest()
    return ReferenceWine(
        pk=ReferenceWine.id_of(wine.wine_id),
        number=wine.wine_id,
        producer=wine.producer,
        name=wine.name,
        type=wine.type,
        country=wine.country,
        region=wine.region,
        grapes=list(wine.grapes),
        pairings=list(wine.harmonize),
        alcohol=wine.abv.quantize(Decimal("0.1")) if wine.abv else None,
        body=BODIES.get(wine.body, Body.UNKNOWN),
        acidity=ACIDITIES.get(wine.acidity, Acidity.UNKNOWN),
        vintages=list(wine.vintages),
        non_vintage=wine.non_vintage,
        rating=Decimal(rated[0] / rated[1]).quantize(Decimal("0.01")) if rated else None,
        ratings=rated[1] if rated else 0,
        words=fold(f"{wine.producer} {wine.name} {wine.region}")[:MOST_WORDS],
        digest=said,
    )


def read_ratings(path: Path) -> Ratings:
    """Add up a file of single ratings, row by row; raises CatalogueError."""
    found: dict[int, tuple[float, int]] = {}
    for number, rating in _rated(path):
        total, count = found.get(number, (0.0, 0))
        found[number] = total + rating, count + 1
    return found


def _rated(path: Path) -> Iterator[tuple[int, float]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            head = next(rows, [])
            if not set(RATED_COLUMNS) <= set(head):
                raise CatalogueError(
                    "Line 1: these are no ratings of X-Wines, which have the columns WineID and Rating."
                )
            wine, rating = (head.index(name) for name in RATED_COLUMNS)
            for row in rows:
                stars = float(row[rating])
                if not 0 <= stars <= 5:
                    raise ValueError("a rating is between 0 and 5")
                yield int(row[wine][:20]), stars
        except (csv.Error, ValueError, LookupError) as error:
            if isinstance(error, CatalogueError):
                raise
            raise CatalogueError(f"Line {rows.line_num or 1}: this rating cannot be read ({error}).") from error
