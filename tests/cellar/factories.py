"""Wines, places and bottles for tests; bottles come in as they do for people, through `cellar.stock`."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import F

from accounts.models import User
from cellar import search, stock
from cellar.models import Location, LocationKind, TastingNote, Transaction, Wine
from cellar.sizes import STANDARD
from cellar.stock import NOWHERE, Place, Purchase

NO_PURCHASE = Purchase()

_numbers = count(1)


def make_wine(**fields: Any) -> Wine:
    """Return a saved wine that can be searched for; without fields it is a red Bordeaux of 2015."""
    defaults: dict[str, Any] = {
        "producer": f"Château {next(_numbers)}",
        "name": "Grand Vin",
        "type": "red",
        "country": "France",
        "region": "Bordeaux",
    }
    if not fields.get("non_vintage"):
        defaults["vintage"] = 2015
    wine = Wine.objects.create(**{**defaults, **fields})
    search.reindex([wine.pk])
    wine.refresh_from_db()
    return wine


def make_location(
    name: str = "", *, parent: Location | None = None, kind: LocationKind | str = LocationKind.SHELF, **fields: Any
) -> Location:
    """Return a saved place without slots."""
    return Location.objects.create(name=name or f"Shelf {next(_numbers)}", parent=parent, kind=kind, **fields)


def make_rack(
    name: str = "", *, rows: int = 4, columns: int = 6, parent: Location | None = None, **fields: Any
) -> Location:
    """Return a saved rack."""
    name = name or f"Rack {next(_numbers)}"
    return make_location(name, parent=parent, kind=LocationKind.RACK, rows=rows, columns=columns, **fields)


def check_in(
    wine: Wine,
    quantity: int = 6,
    *,
    location: Location | None = None,
    row: int | None = None,
    column: int | None = None,
    size_ml: int = STANDARD,
    actor: User | None = None,
    purchase: Purchase = NO_PURCHASE,
    **more: Any,
) -> Transaction:
    """Put bottles of a wine at a place, or into a rack from a slot on."""
    place = NOWHERE if location is None else Place(location.pk, row, column)
    return stock.check_in(
        wine=wine, quantity=quantity, actor=actor, size_ml=size_ml, place=place, purchase=purchase, **more
    )


def stocked_wine(quantity: int = 6, *, location: Location | None = None, **fields: Any) -> Wine:
    """Return a wine of which n bottles are in the cellar."""
    wine = make_wine(**fields)
    check_in(wine, quantity, location=location)
    wine.refresh_from_db()
    return wine


def make_note(
    wine: Wine, text: str = "Violets and graphite", *, author: User | None = None, **fields: Any
) -> TastingNote:
    """Return a saved tasting note of a wine that can be found by its words."""
    fields.setdefault("tasted_on", date(2024, 5, 1))
    note = TastingNote.objects.create(wine=wine, text=text, author=author, **fields)
    search.reindex([wine.pk])
    return note


def let_it_be_a_while_ago() -> None:
    """Let all wines have changed a minute earlier, so that what is remembered of them may be used."""
    Wine.objects.update(updated_at=F("updated_at") - timedelta(minutes=1))
