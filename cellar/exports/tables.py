"""What is exported as tables: wines, bottles, transactions, notes. Each yields its rows in parts, with few queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.exports.lives import Life, lives_of
from cellar.models import Bottle, State, TastingNote, Transaction, Wine
from cellar.models.wine import WineQuerySet
from cellar.money import amount_of
from cellar.pairings import join_pairings
from cellar.tree import Tree, load_tree

PART = 200
MAX_CUSTOM_COLUMNS = 200
Cell = str | int | Decimal | date | None
Record = Sequence[Cell]

WINE_FIELDS = (
    "producer", "name", "vintage", "type", "colour", "sweetness", "body", "acidity", "country", "region", "sub_region",
    "appellation", "vineyard", "classification", "grapes", "pairings", "alcohol", "producer_type", "price_tier",
    "drink_from", "drink_until", "best_from", "best_until", "minimum_stock", "wishlist", "cellartracker_id",
    "vivino_url", "lwin", "ean",
)  # fmt: skip
WHICH_WINE = ("wine_id", "producer", "name", "vintage", "type")


@dataclass(frozen=True)
class TableExport:
    """A table: its columns, and its rows for some wines (None: for all there are)."""

    name: str
    label: Any
    columns: tuple[str, ...]
    rows: Callable[[WineQuerySet | None, Sequence[str]], Iterator[Record]]
    # Names of people's own fields follow the columns.
    has_custom_fields: bool = False


# -- Cells -------------------------------------------------------------------------------------------------------------


def grapes_text(wine: Wine) -> str:
    """Return "Merlot 85.5 %; Cabernet Franc"."""
    return "; ".join(str(grape) for grape in wine.grape_list)


def amount(minor: int | None, currency: str) -> Decimal | None:
    return None if minor is None else amount_of(minor, currency)


def day(moment: datetime | None) -> date | None:
    """Return the day of a moment in the house."""
    return None if moment is None else timezone.localtime(moment).date()


def vintage_cell(wine: Wine) -> Cell:
    return "NV" if wine.non_vintage else wine.vintage


def yes(value: bool) -> str:
    return "yes" if value else ""


def place_text(tree: Tree, location_id: UUID | None) -> str:
    return tree.label(location_id) if location_id else ""


def _wine_cells(wine: Wine) -> list[Cell]:
    special: dict[str, Cell] = {
        "vintage": vintage_cell(wine),
        "grapes": grapes_text(wine),
        "pairings": join_pairings(wine.pairings, "; "),
        "wishlist": yes(wine.wishlist),
    }
    return [special[name] if name in special else getattr(wine, name) for name in WINE_FIELDS]


def _which(wine: Wine) -> list[Cell]:
    return [str(wine.pk), wine.producer, wine.name, vintage_cell(wine), wine.type]


# -- Rows --------------------------------------------------------------------------------------------------------------


def parts_of(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield the rows in parts; they are read as they are needed."""
    found = rows.iterator(chunk_size=PART)
    while part := list(islice(found, PART)):
        yield part


def chosen(wines: WineQuerySet | None) -> WineQuerySet:
    """Return the wines of an export, without what is only there to find them."""
    found = Wine.objects.order_by("sort_key", "id") if wines is None else wines
    return found.defer("search_text", "facets", "identity_key")


def custom_names(wines: WineQuerySet | None) -> list[str]:
    """Return the names of people's own fields, in alphabetical order."""
    found: set[str] = set()
    documents = chosen(wines).exclude(custom_fields={}).order_by().values_list("custom_fields", flat=True)
    for fields in documents.iterator(chunk_size=PART):
        found.update(fields)
        if len(found) >= MAX_CUSTOM_COLUMNS:
            break
    return sorted(found)[:MAX_CUSTOM_COLUMNS]


def wine_rows(wines: WineQuerySet | None, custom: Sequence[str]) -> Iterator[Record]:
    tree = load_tree()
    for part in parts_of(chosen(wines)):
        where = _where(part, tree)
        for wine in part:
            stock = [wine.count_in_cellar, wine.count_open, wine.count_on_order, wine.count_gone]
            price = amount(wine.price_per_750, wine.price_currency)
            own = [str(wine.custom_fields.get(name, "")) for name in custom]
            known = [price, wine.price_currency, where.get(wine.pk, ""), day(wine.created_at), day(wine.archived_at)]
            yield [str(wine.pk), *_wine_cells(wine), *stock, *known, *own]


def _where(wines: Sequence[Wine], tree: Tree) -> dict[UUID, str]:
    bottles = Bottle.objects.present().filter(wine_id__in=[wine.pk for wine in wines]).order_by()
    counts: dict[UUID, dict[str, int]] = {}
    for wine_id, location_id in bottles.values_list("wine_id", "location_id"):
        places = counts.setdefault(wine_id, {})
        label = tree.label(location_id)
        places[label] = places.get(label, 0) + 1
    return {
        wine_id: "; ".join(f"{label} ({number})" for label, number in sorted(places.items()))
        for wine_id, places in counts.items()
    }


def bottle_rows(wines: WineQuerySet | None, _custom: Sequence[str]) -> Iterator[Record]:
    tree = load_tree()
    for part in parts_of(chosen(wines)):
        for wine, bottle, life in bottles_of(part):
            yield [*_which(wine), *_bottle_cells(bottle, life, tree)]


def bottles_of(wines: Sequence[Wine]) -> Iterator[tuple[Wine, Bottle, Life]]:
    """Yield the bottles of some wines with their lives; those that were never here are left out."""
    by_id = {wine.pk: wine for wine in wines}
    order = {pk: number for number, pk in enumerate(by_id)}
    bottles = list(Bottle.objects.filter(wine_id__in=by_id).exclude(state=State.VOID))
    bottles.sort(key=lambda one: (order[one.wine_id], one.pk))
    lives = lives_of(bottles)
    for bottle in bottles:
        yield by_id[bottle.wine_id], bottle, lives[bottle.pk]


def _bottle_cells(bottle: Bottle, life: Life, tree: Tree) -> list[Cell]:
    bought, gone = life.bought, life.gone
    currency = bought.currency if bought else ""
    return [
        str(bottle.pk),
        bottle.size_ml,
        bottle.state,
        place_text(tree, bottle.location_id),
        bottle.row,
        bottle.column,
        amount(bought.unit_price, currency) if bought else None,
        currency,
        bought.store if bought else "",
        day(life.bought_at),
        day(life.delivered.happened_at) if life.delivered else None,
        life.ordered.expected_on if life.ordered else None,
        day(life.opened.happened_at) if life.opened else None,
        day(gone.happened_at) if gone else None,
        life.reason,
        gone.recipient if gone else "",
        amount(gone.revenue, gone.currency) if gone else None,
        gone.currency if gone and gone.revenue is not None else "",
        bottle.note,
        bought.note if bought else "",
        gone.note if gone else "",
        bottle.barcode,
    ]


def transaction_rows(wines: WineQuerySet | None, _custom: Sequence[str]) -> Iterator[Record]:
    people = _people()
    for part, by_id in _with_wines(Transaction.objects.order_by("happened_at", "created_at", "id"), wines):
        undone = set(
            Transaction.objects.filter(reverses__in=[one.pk for one in part]).values_list("reverses", flat=True)
        )
        for one in part:
            yield [
                str(one.pk),
                timezone.localtime(one.happened_at).replace(microsecond=0, tzinfo=None).isoformat(" "),
                one.kind,
                one.quantity,
                one.size_ml,
                *_which(by_id[one.wine_id]),
                people.get(one.actor_id, ""),
                amount(one.unit_price, one.currency),
                one.currency,
                one.store,
                one.expected_on,
                one.reason,
                one.recipient,
                amount(one.revenue, one.currency),
                one.note,
                str(one.reverses_id or ""),
                yes(one.pk in undone),
                str(one.action),
            ]


def note_rows(wines: WineQuerySet | None, _custom: Sequence[str]) -> Iterator[Record]:
    people = _people()
    for part, by_id in _with_wines(TastingNote.objects.order_by("tasted_on", "created_at", "id"), wines):
        for one in part:
            written = [one.tasted_on, people.get(one.author_id, ""), one.text, one.rating, one.scale]
            yield [str(one.pk), *_which(by_id[one.wine_id]), *written, one.occasion, one.company]


def _with_wines(rows: QuerySet[Any], wines: WineQuerySet | None) -> Iterator[tuple[list[Any], dict[UUID, Wine]]]:
    """Yield rows in parts, with the wines they are about: all in their order, or those of some wines, by wine."""
    if wines is None:
        for part in parts_of(rows):
            yield part, _named(Wine.objects.filter(pk__in={one.wine_id for one in part}))
        return
    for of_wines in parts_of(chosen(wines)):
        by_id = {wine.pk: wine for wine in of_wines}
        order = {pk: number for number, pk in enumerate(by_id)}
        # The order of the rows of one wine stays what it was.
        yield sorted(rows.filter(wine_id__in=by_id), key=lambda one: order[one.wine_id]), by_id


def _named(wines: Iterable[Wine] | WineQuerySet) -> dict[UUID, Wine]:
    return {wine.pk: wine for wine in wines}


def _people() -> dict[Any, str]:
    return {person.pk: str(person) for person in get_user_model()._default_manager.all()}


# -- The tables --------------------------------------------------------------------------------------------------------

TABLES = {
    one.name: one
    for one in (
        TableExport(
            "wines",
            _("Wines"),
            (
                "wine_id", *WINE_FIELDS, "bottles_in_cellar", "bottles_open", "bottles_on_order", "bottles_gone",
                "last_price_per_75cl", "last_price_currency", "places", "added_on", "archived_on",
            ),
            wine_rows,
            has_custom_fields=True,
        ),
        TableExport(
            "bottles",
            _("Bottles"),
            (
                *WHICH_WINE, "bottle_id", "size_ml", "state", "place", "row", "column", "unit_price", "currency",
                "store", "purchased_on", "delivered_on", "expected_on", "opened_on", "gone_on", "reason", "recipient",
                "revenue", "revenue_currency", "bottle_note", "purchase_note", "gone_note", "barcode",
            ),
            bottle_rows,
        ),
        TableExport(
            "transactions",
            _("Transactions"),
            (
                "transaction_id", "happened_at", "kind", "quantity", "size_ml", *WHICH_WINE, "who", "unit_price",
                "currency", "store", "expected_on", "reason", "recipient", "revenue", "note", "takes_back",
                "taken_back", "action_id",
            ),
            transaction_rows,
        ),
        TableExport(
            "notes",
            _("Notes"),
            ("note_id", *WHICH_WINE, "tasted_on", "author", "text", "rating", "scale", "occasion", "company"),
            note_rows,
        ),
    )
}  # fmt: skip
