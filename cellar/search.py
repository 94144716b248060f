"""Finding wines: what is stored to be found, and how a question is put to it.

A wine's `search_text` holds all its words, folded (no case, no accents), and `facets` holds what
the filters ask, as "|name:value|" marks: so every search is one table and one kind of condition on
every engine, and a page of results costs the same number of queries whatever is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, TextChoices

from cellar.folding import fold
from cellar.models import (
    PRESENT,
    Bottle,
    Colour,
    Label,
    State,
    Sweetness,
    TastingNote,
    Transaction,
    Wine,
    WineType,
)
from cellar.models.wine import SEARCH_LENGTH
from cellar.money import per_750
from cellar.sizes import STANDARD, size_names
from cellar.tree import Tree, load_tree

MAX_QUERY = 200
PUNCTUATION = ",;:.!?()[]'\""
BATCH = 200
_LABELS: dict[type[TextChoices], dict[str, Any]] = {
    choices: dict(choices.choices) for choices in (WineType, Colour, Sweetness)
}


def words_q(query: str) -> Q:
    """Return the condition that every word of the query is somewhere in a wine's text."""
    condition = Q()
    for word in words_of(query):
        condition &= Q(search_text__contains=word)
    return condition


def words_of(query: str) -> list[str]:
    """Return what has to be found: "Saint-Émilion, 2015" asks for "saint", "emilion" and "2015"."""
    words = [part for word in fold(_storable(query[:MAX_QUERY])).split() for part in _parts(word)]
    return list(dict.fromkeys(words))


def _parts(word: str) -> list[str]:
    # Hyphens are written or not, and a comma belongs to the sentence; a sign that stands alone is meant.
    parts = [part.strip(PUNCTUATION) for part in word.split("-")]
    return [part for part in parts if part] or [word]


def _storable(text: str) -> str:
    # PostgreSQL has no NUL in texts and refuses to look for one, and no engine takes half a character.
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def facet(name: str, value: str) -> str:
    """Return the mark under which a wine with this value is found."""
    return f"|{name}:{fold(_storable(value)).replace('|', ' ')}|"


def facet_q(name: str, values: Iterable[str]) -> Q:
    """Return the condition that a wine carries one of the values; no values match nothing."""
    condition = Q(pk__in=[])
    for value in values:
        condition |= Q(facets__contains=facet(name, value))
    return condition


def starts_q(name: str, value: str) -> Q:
    """Return the condition that a wine carries a value that begins like this: "bord" finds Bordeaux."""
    return Q(facets__contains=facet(name, value)[:-1])


def reindex(wine_ids: Iterable[UUID]) -> None:
    """Write anew what these wines are found by, and the last price paid; call it inside `databases.atomic()`."""
    ids = list(dict.fromkeys(wine_ids))
    tree = load_tree()
    for start in range(0, len(ids), BATCH):
        _reindex_batch(ids[start : start + BATCH], tree)


def _reindex_batch(ids: Sequence[UUID], tree: Tree) -> None:
    # Whoever changes these wines at the same time reads what we wrote, or we read what they wrote.
    Wine.objects.filter(pk__in=ids).hold()
    # One by one: that is three times as fast as bulk_update, which builds an expression for each row and column.
    for wine_id, changed in stale(ids, tree).items():
        Wine.objects.filter(pk=wine_id).update(**changed)


def stale(ids: Sequence[UUID], tree: Tree) -> dict[UUID, dict[str, Any]]:
    """Return, by wine, what is to be written for it to be found by what it is; up to some hundred wines at a time."""
    where = _where(ids)
    texts = _texts(ids)
    prices = _last_prices(ids)
    result = {}
    for wine in Wine.objects.filter(pk__in=ids):
        right = index_of(
            wine, tree=tree, where=where[wine.pk], texts=texts[wine.pk], price=prices.get(wine.pk, (None, ""))
        )
        changed = {name: value for name, value in right.items() if getattr(wine, name) != value}
        if changed:
            result[wine.pk] = changed
    return result


def index_of(
    wine: Wine,
    *,
    tree: Tree,
    where: set[tuple[UUID | None, int]],
    texts: Sequence[str],
    price: tuple[int | None, str],
) -> dict[str, Any]:
    """Return what a wine is found by, from where its bottles of which size lie, and all that is said about them."""
    labels = [tree.label(place) for place, _size in where if place]
    return {
        # The order in which things were said is not the same on every engine.
        "search_text": _search_text(wine, sorted(texts), [*labels, *_size_words(where)]),
        "facets": _facets(wine, where),
        "price_per_750": price[0],
        "price_currency": price[1],
    }


def _where(ids: Sequence[UUID]) -> dict[UUID, set[tuple[UUID | None, int]]]:
    """Return, by wine, at which places there are bottles of which size."""
    where: dict[UUID, set[tuple[UUID | None, int]]] = defaultdict(set)
    bottles = Bottle.objects.filter(wine_id__in=ids, state__in=PRESENT).order_by()
    for wine_id, location_id, size in bottles.values_list("wine_id", "location_id", "size_ml").distinct():
        where[wine_id].add((location_id, size))
    return where


def _texts(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return, by wine, what people and labels say about it."""
    texts: dict[UUID, list[str]] = defaultdict(list)
    notes = TastingNote.objects.filter(wine_id__in=ids).order_by("created_at", "id")
    for wine_id, text in notes.values_list("wine_id", "text"):
        texts[wine_id].append(text)
    labels = Label.objects.filter(wine_id__in=ids).exclude(text="").order_by("created_at", "id")
    for wine_id, text in labels.values_list("wine_id", "text"):
        texts[wine_id].append(text)
    steps = Transaction.objects.filter(wine_id__in=ids).exclude(note="", store="").order_by("created_at", "id")
    for wine_id, note, store in steps.values_list("wine_id", "note", "store"):
        texts[wine_id].extend((note, store))
    bottles = Bottle.objects.filter(wine_id__in=ids, state__in=PRESENT).exclude(note="").order_by("created_at", "id")
    for wine_id, note in bottles.values_list("wine_id", "note"):
        texts[wine_id].append(note)
    return texts


class Paid(NamedTuple):
    """A price paid for 750 ml; of two at the same moment the higher is the last, whatever was typed in first."""

    when: datetime
    price: int
    currency: str


def _last_prices(ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """Return, by wine, the last price paid that was not taken back, per 750 ml."""
    bottles = Bottle.objects.filter(wine_id__in=ids).exclude(state=State.VOID).order_by()
    real = set(bottles.values_list("source_id", flat=True).distinct())
    purchases = Transaction.objects.filter(wine_id__in=ids, unit_price__isnull=False).order_by()
    rows = purchases.values_list("pk", "wine_id", "happened_at", "unit_price", "currency", "size_ml")
    last: dict[UUID, Paid] = {}
    for pk, wine_id, when, price, currency, size in rows:
        if pk in real and size:
            paid = Paid(when, per_750(price or 0, size), currency)
            last[wine_id] = max(paid, last.get(wine_id, paid))
    return {wine_id: (paid.price, paid.currency) for wine_id, paid in last.items()}


def _search_text(wine: Wine, texts: list[str], words_of_bottles: list[str]) -> str:
    facts = [
        wine.producer, wine.name, wine.vintage_label,
        _label(WineType, wine.type), _label(Colour, wine.colour), _label(Sweetness, wine.sweetness),
        wine.country, wine.region, wine.sub_region, wine.appellation, wine.vineyard, wine.classification,
        *(grape.name for grape in wine.grape_list), *wine.pairings,
        # PostgreSQL keeps the names of JSON in an order of its own.
        *(f"{name} {value}" for name, value in sorted(wine.custom_fields.items())),
        wine.ean, wine.lwin, wine.cellartracker_id,
    ]  # fmt: skip
    words = dict.fromkeys(fold(" ".join([*facts, *sorted(words_of_bottles), *texts])).split())
    return " ".join(words)[:SEARCH_LENGTH]


def _label(choices: type[TextChoices], value: str) -> str:
    # What `get_type_display` says, which takes each time as long as the rest of a wine's text.
    return str(_LABELS[choices].get(value, value)) if value else ""


def _size_words(where: set[tuple[UUID | None, int]]) -> list[str]:
    """Return what the sizes that are here are called, but for the one that needs no name: "Magnum", "Half bottle"."""
    sizes = sorted({size for _place, size in where if size != STANDARD})
    return [name for size in sizes for name in size_names(size)]


def _facets(wine: Wine, where: set[tuple[UUID | None, int]]) -> str:
    marks = sorted(set(_marks(wine, where)))
    return "".join(marks)


def _marks(wine: Wine, where: set[tuple[UUID | None, int]]) -> Iterator[str]:
    if wine.country:
        yield facet("country", wine.country)
    for region in (wine.region, wine.sub_region, wine.appellation):
        if region:
            yield facet("region", region)
    for grape in wine.grape_list:
        for synonym in {grape.name, *grape.name.split("/")}:
            yield facet("grape", synonym)
    for location_id, size in where:
        yield facet("at", str(location_id or "none"))
        yield facet("size", str(size))
