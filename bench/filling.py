"""A cellar of a given size, written straight into the tables: quick, always the same, and true to the ledger."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import models

from cellar.folding import fold
from cellar.models import Bottle, Kind, Location, State, Transaction, TransactionLine, Wine
from cellar.models.wine import identity
from cellar.reference.catalogue import CatalogueWine, read_wines
from cellar.search import facet
from winebox import databases

Row = TypeVar("Row", bound=models.Model)
BATCH = 2_000
START = datetime(2016, 1, 1, tzinfo=UTC)


def fill(*, wines: int, bottles: int, lines: int, actor_id: uuid.UUID, seed: int = 1) -> None:
    """Write that many wines, bottles and ledger lines; each bottle comes, and the older ones are moved once."""
    with databases.atomic():
        _fill(wines=wines, bottles=bottles, lines=lines, actor_id=actor_id, chance=random.Random(seed))


def _fill(*, wines: int, bottles: int, lines: int, actor_id: uuid.UUID, chance: random.Random) -> None:
    catalogue = list(read_wines())
    racks = _racks()
    wine_rows = [_wine(number, chance, catalogue, bottles // wines) for number in range(wines)]
    _write(Wine, iter(wine_rows))
    arrivals = [_arrival(wine, chance, actor_id, bottles // wines) for wine in wine_rows]
    _write(Transaction, iter(arrivals))
    bottle_rows = [
        _bottle(arrival, racks[number % len(racks)]) for arrival in arrivals for number in range(arrival.quantity)
    ]
    moved = lines - len(bottle_rows)
    for bottle in bottle_rows[:moved]:
        bottle.step = 2
    _write(Bottle, iter(bottle_rows))
    _write(TransactionLine, (_line(bottle, bottle.source_id, 1, State.VOID) for bottle in bottle_rows))
    moves = {bottle.source_id: _move(bottle, chance, actor_id) for bottle in bottle_rows[:moved]}
    _write(Transaction, iter(moves.values()))
    _write(
        TransactionLine,
        (_line(bottle, moves[bottle.source_id].pk, 2, State.IN_CELLAR) for bottle in bottle_rows[:moved]),
    )


def _write(model: type[Row], rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


def _racks() -> list[Location]:
    cellar = Location.objects.create(name="Cellar", kind="cellar")
    return [Location.objects.create(name=f"Shelf {number}", kind="shelf", parent=cellar) for number in range(40)]


def _wine(number: int, chance: random.Random, catalogue: list[CatalogueWine], bottles: int) -> Wine:
    known = catalogue[number % len(catalogue)]
    producer = f"{known.producer} {number // len(catalogue) or ''}".strip()
    vintage = 1990 + number % 35
    start = vintage + chance.randint(2, 6)
    wine = Wine(
        producer=producer, name=known.name, vintage=vintage, type=known.type, country=known.country,
        region=known.region, grapes=[{"name": grape, "percent": None} for grape in known.grapes],
        drink_from=start, drink_until=start + chance.randint(4, 25), count_in_cellar=bottles,
        price_per_750=chance.randint(700, 20_000), price_currency="EUR",
    )  # fmt: skip
    wine.identity_key = identity(wine.producer, wine.name, str(vintage))
    wine.sort_key = fold(f"{wine.title} {vintage}")[:400]
    wine.search_text = fold(
        " ".join(
            [producer, known.name, str(vintage), known.type, known.country, known.region, *known.grapes, "cellar shelf"]
        )
    )
    wine.facets = facet("country", known.country) + facet("region", known.region) + facet("size", "750")
    return wine


def _arrival(wine: Wine, chance: random.Random, actor_id: uuid.UUID, quantity: int) -> Transaction:
    pk = uuid.uuid4()
    when = START + timedelta(minutes=chance.randint(0, 5_000_000))
    return Transaction(
        pk=pk, action=pk, kind=Kind.CHECK_IN, wine_id=wine.pk, quantity=quantity, actor_id=actor_id, happened_at=when,
        unit_price=wine.price_per_750, currency="EUR", store="Wine & Co", size_ml=750,
    )  # fmt: skip


def _bottle(arrival: Transaction, place: Location) -> Bottle:
    return Bottle(
        wine_id=arrival.wine_id, source_id=arrival.pk, state=State.IN_CELLAR, location_id=place.pk, step=1,
        last_transaction=arrival.pk,
    )  # fmt: skip


def _move(bottle: Bottle, chance: random.Random, actor_id: uuid.UUID) -> Transaction:
    pk = uuid.uuid4()
    return Transaction(
        pk=pk, action=pk, kind=Kind.MOVE, wine_id=bottle.wine_id, quantity=1, actor_id=actor_id,
        happened_at=START + timedelta(days=3_500, minutes=chance.randint(0, 200_000)),
    )  # fmt: skip


def _line(bottle: Bottle, transaction_id: uuid.UUID, step: int, before: State) -> TransactionLine:
    return TransactionLine(
        transaction_id=transaction_id, bottle_id=bottle.pk, step=step, state_before=before,
        state_after=State.IN_CELLAR, location_before_id=bottle.location_id if step == 2 else None,
        location_after_id=bottle.location_id,
    )  # fmt: skip
