"""What the cellar has already of the rows that are planned: looked up for some hundred rows at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.db.models import QuerySet

from cellar.folding import fold
from cellar.imports.rows import Row
from cellar.ledger import chunks
from cellar.models import Bottle, Score, State, TastingNote, Wine
from cellar.models.wine import identity

# (what names a wine, its name there)
Key = tuple[str, str]
IN_ONE_QUERY = 400
# What the key of a bottle begins with that came from an export of WineBox.
OWN_ID = "id:"


@dataclass(slots=True)
class KnownBottle:
    """A bottle that an import knows again."""

    id: UUID
    wine_id: UUID
    state: str


@dataclass(slots=True)
class BroughtBottle:
    """A bottle that an import brought; `kind` is what its key begins with."""

    id: UUID
    kind: str


@dataclass
class Known:
    """What is there: wines by key, bottles by key, notes and scores by id."""

    wines: dict[Key, Wine] = field(default_factory=dict)
    bottles: dict[str, KnownBottle] = field(default_factory=dict)
    # By wine, size and state.
    brought: dict[tuple[UUID, int, str], list[BroughtBottle]] = field(default_factory=lambda: defaultdict(list))
    notes: set[UUID] = field(default_factory=set)
    scores: dict[UUID, str] = field(default_factory=dict)


def vintage_of(row: Row) -> str:
    return "NV" if row.wine.get("non_vintage") else str(row.wine.get("vintage") or "")


def keys_of(row: Row) -> list[Key]:
    """Return what names a row's wine, the surest first; the last is producer, name and vintage."""
    facts, vintage = row.wine, vintage_of(row)
    keys = [("id", str(row.wine_id))] if row.wine_id else []
    if facts.get("cellartracker_id"):
        keys.append(("cellartracker", facts["cellartracker_id"]))
    if facts.get("vivino_url"):
        # One link may stand for all vintages.
        keys.append(("vivino", f"{facts['vivino_url']}|{vintage}"))
    if row.wine_key:
        keys.append(("key", f"{row.wine_key}|{vintage}"))
    return [*keys, name_key(facts.get("producer", ""), facts.get("name", ""), vintage)]


def name_key(producer: str, name: str, vintage: str) -> Key:
    """Return the key of producer, name and vintage, the same whether the name repeats the producer or not."""
    whole, maker = fold(name), fold(producer)
    bare = whole.removeprefix(f"{maker} ").strip() if maker else whole
    return ("name", f"{maker}|{bare if bare and bare != maker else ''}|{vintage.lower()}")


def _name_variants(row: Row) -> set[str]:
    """Return under which identity keys a row's wine may be stored."""
    producer, name, vintage = row.wine.get("producer", ""), row.wine.get("name", ""), vintage_of(row)
    bare = fold(name).removeprefix(f"{fold(producer)} ").strip()
    names = {name, bare, f"{producer} {bare}", producer, ""} if bare in {"", fold(producer)} else {name, bare}
    names.add(f"{producer} {bare}".strip())
    return {identity(producer, one, vintage) for one in names}


def look_up(rows: Iterable[Row], known: Known) -> None:
    """Add the wines of these rows to what is known."""
    rows = list(rows)
    _find(Wine.objects.all(), "pk", {row.wine_id for row in rows if row.wine_id}, known)
    for name in ("cellartracker_id", "vivino_url"):
        _find(Wine.objects.all(), name, {row.wine[name] for row in rows if row.wine.get(name)}, known)
    _find(Wine.objects.all(), "identity_key", {key for row in rows for key in _name_variants(row)}, known)


def _find(wines: QuerySet[Wine], name: str, values: set[Any], known: Known) -> None:
    for part in chunks(sorted(values), IN_ONE_QUERY):
        found = wines.filter(**{f"{name}__in": part}).defer("search_text", "facets")
        # Of two alike the one in the lists is meant, then the older.
        for wine in sorted(found, key=lambda one: (one.archived_at is None, -one.created_at.timestamp())):
            for key in wine_keys(wine):
                known.wines[key] = wine


def wine_keys(wine: Wine) -> list[Key]:
    keys = [("id", str(wine.pk)), name_key(wine.producer, wine.name, wine.vintage_label)]
    if wine.cellartracker_id:
        keys.append(("cellartracker", wine.cellartracker_id))
    if wine.vivino_url:
        keys.append(("vivino", f"{wine.vivino_url}|{wine.vintage_label}"))
    return keys


def look_up_bottles(keys: Iterable[str], barcodes: Iterable[str], known: Known) -> None:
    """Add bottles by the key an earlier import gave them, by a barcode that somebody noted, or by their own id."""
    wanted = set(keys)
    _bottles("import_key", wanted, lambda key: key, known)
    own = {UUID(key.removeprefix(OWN_ID)) for key in wanted if key.startswith(OWN_ID)}
    _bottles("pk", own, lambda pk: f"{OWN_ID}{pk.hex}", known)
    _bottles("barcode", set(barcodes), lambda barcode: f"b:{barcode}", known)


def _bottles(name: str, values: set[Any], key_of: Callable[[Any], str], known: Known) -> None:
    for part in chunks(sorted(values), IN_ONE_QUERY):
        found = Bottle.objects.filter(**{f"{name}__in": part}).exclude(state=State.VOID).order_by()
        for pk, wine_id, state, value in found.values_list("pk", "wine_id", "state", name):
            known.bottles.setdefault(key_of(value), KnownBottle(pk, wine_id, state))


def look_up_brought(wine_ids: Iterable[UUID], known: Known) -> None:
    """Add the bottles of these wines that imports brought."""
    for part in chunks(sorted(set(wine_ids)), IN_ONE_QUERY):
        found = Bottle.objects.filter(wine__in=part).exclude(import_key="").exclude(state=State.VOID)
        rows = found.order_by("created_at", "id").values_list("pk", "wine_id", "size_ml", "state", "import_key")
        for pk, wine_id, size, state, key in rows:
            known.brought[wine_id, size, state].append(BroughtBottle(pk, key[:2]))


def score_id(wine_id: UUID, source: str, reviewer: str, year: int | None) -> UUID:
    """Return the id of a score that an import brings: one for a critic's word about a wine."""
    return uuid5(wine_id, f"score {source}|{reviewer}|{year}")


def look_up_scores(wine_ids: Iterable[UUID], known: Known) -> None:
    """Add the scores of these wines under the ids that an import gives: those that people wrote have others."""
    for part in chunks(sorted(set(wine_ids)), IN_ONE_QUERY):
        found = Score.objects.filter(wine__in=part).order_by()
        for wine_id, source, reviewer, year, value in found.values_list("wine", "source", "reviewer", "year", "value"):
            known.scores[score_id(wine_id, source, reviewer, year)] = value


def look_up_words(notes: Iterable[UUID], scores: Iterable[UUID], known: Known) -> None:
    for part in chunks(sorted(notes), IN_ONE_QUERY):
        known.notes.update(TastingNote.objects.filter(pk__in=part).order_by().values_list("pk", flat=True))
    for part in chunks(sorted(scores), IN_ONE_QUERY):
        known.scores.update(Score.objects.filter(pk__in=part).order_by().values_list("pk", "value"))
