"""Finding wines: what is stored to be found, and how a question is put to it.

A wine's `search_text` holds all its words, folded (no case, no accents), and `facets` holds what
the filters ask, as "|name:value|" marks: so every search is one table and one kind of condition on
every engine, and a page of results costs the same number of queries whatever is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q

from cellar.folding import fold
from cellar.models import PRESENT, Bottle, Label, State, TastingNote, Transaction, Wine
from cellar.models.wine import SEARCH_LENGTH
from cellar.money import per_750
from cellar.tree import Tree, load_tree

MAX_QUERY = 200
BATCH = 200


def words_q(query: str) -> Q:
    """Return the condition that every word of the query is somewhere in a wine's text."""
    condition = Q()
    for word in dict.fromkeys(fold(query[:MAX_QUERY]).split()):
        condition &= Q(search_text__contains=word)
    return condition


def facet(name: str, value: str) -> str:
    """Return the mark under which a wine with this value is found."""
    return f"|{name}:{fold(value).replace('|', ' ')}|"


def facet_q(name: str, values: Iterable[str]) -> Q:
    """Return the condition that a wine carries one of the values; no values match nothing."""
    condition = Q(pk__in=[])
    for value in values:
        condition |= Q(facets__contains=facet(name, value))
    return condition


def region_q(value: str) -> Q:
    """Return the condition that a wine is from a region, sub-region or appellation of that name."""
    return facet_q("region", [value])


def reindex(wine_ids: Iterable[UUID]) -> None:
    """Write anew what these wines are found by, and the last price paid for each."""
    ids = list(dict.fromkeys(wine_ids))
    tree = load_tree()
    for start in range(0, len(ids), BATCH):
        _reindex_batch(ids[start : start + BATCH], tree)


def _reindex_batch(ids: Sequence[UUID], tree: Tree) -> None:
    wines = list(Wine.objects.filter(pk__in=ids))
    where: dict[UUID, set[tuple[UUID | None, int]]] = defaultdict(set)
    for wine_id, location_id, size in (
        Bottle.objects.filter(wine_id__in=ids, state__in=PRESENT)
        .order_by()
        .values_list("wine_id", "location_id", "size_ml")
        .distinct()
    ):
        where[wine_id].add((location_id, size))
    texts = _texts(ids)
    prices = _last_prices(ids)
    changed = []
    for wine in wines:
        search_text = _search_text(wine, texts[wine.pk], [tree.label(place) for place, _size in where[wine.pk] if place])
        facets = _facets(wine, where[wine.pk])
        price, currency = prices.get(wine.pk, (None, ""))
        new = (search_text, facets, price, currency)
        if new != (wine.search_text, wine.facets, wine.price_per_750, wine.price_currency):
            wine.search_text, wine.facets, wine.price_per_750, wine.price_currency = new
            changed.append(wine)
    if changed:
        Wine.objects.bulk_update(
            changed, ["search_text", "facets", "price_per_750", "price_currency"], batch_size=BATCH
        )


def _texts(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return, by wine, what people and labels say about it."""
    texts: dict[UUID, list[str]] = defaultdict(list)
    for wine_id, text in TastingNote.objects.filter(wine_id__in=ids).order_by("created_at").values_list("wine_id", "text"):
        texts[wine_id].append(text)
    for wine_id, text in Label.objects.filter(wine_id__in=ids).exclude(text="").values_list("wine_id", "text"):
        texts[wine_id].append(text)
    notes = Transaction.objects.filter(wine_id__in=ids).exclude(note="", store="").order_by("created_at")
    for wine_id, note, store in notes.values_list("wine_id", "note", "store"):
        texts[wine_id].extend((note, store))
    bottle_notes = Bottle.objects.filter(wine_id__in=ids, state__in=PRESENT).exclude(note="").order_by("created_at")
    for wine_id, note in bottle_notes.values_list("wine_id", "note"):
        texts[wine_id].append(note)
    return texts


def _last_prices(ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
    """Return, by wine, the last price paid that was not taken back, per 750 ml."""
    bottles = Bottle.objects.filter(wine_id__in=ids).exclude(state=State.VOID).order_by()
    real = set(bottles.values_list("source_id", flat=True).distinct())
    purchases = Transaction.objects.filter(wine_id__in=ids, unit_price__isnull=False).order_by("happened_at", "created_at")
    return {
        wine_id: (per_750(price, size), currency)
        for pk, wine_id, price, currency, size in purchases.values_list("pk", "wine_id", "unit_price", "currency", "size_ml")
        if pk in real
    }


def _search_text(wine: Wine, texts: list[str], location_labels: list[str]) -> str:
    facts = [
        wine.producer, wine.name, wine.vintage_label, str(wine.get_type_display()) if wine.type else "",
        str(wine.get_colour_display()) if wine.colour else "", str(wine.get_sweetness_display()) if wine.sweetness else "",
        wine.country, wine.region, wine.sub_region, wine.appellation, wine.vineyard, wine.classification,
        *(grape.name for grape in wine.grape_list),
        *(f"{name} {value}" for name, value in wine.custom_fields.items()),
        wine.ean, wine.lwin, wine.cellartracker_id,
    ]  # fmt: skip
    words = dict.fromkeys(fold(" ".join([*facts, *sorted(location_labels), *texts])).split())
    return " ".join(words)[:SEARCH_LENGTH]


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


