"""What may be meant by the first letters of a word: the cellar's own words first, then the reference lists."""

from __future__ import annotations

from cellar import reference
from cellar.folding import fold
from cellar.models import Transaction, Wine

LIMIT = 10
CANDIDATES = 300
# The list of `cellar.reference` that completes each field; none for what only this household knows.
FIELDS: dict[str, str] = {
    "producer": "", "name": "", "vineyard": "", "store": "", "country": "countries", "region": "regions",
    "sub_region": "regions", "appellation": "appellations", "classification": "classifications", "grape": "grapes",
}  # fmt: skip


def suggestions(name: str, text: str) -> list[str]:
    """Return at most ten values for a field that begin with, or contain, what was typed."""
    # PostgreSQL refuses to look for NUL.
    text = text.replace("\0", " ")
    if not fold(text):
        return []
    own = _own(name, text)
    if FIELDS[name]:
        return reference.suggest(FIELDS[name], text, limit=LIMIT, extra=own)
    return sorted(own, key=lambda value: (not fold(value).startswith(fold(text)), fold(value)))[:LIMIT]


def _own(name: str, text: str) -> list[str]:
    """Return the cellar's own values that contain what was typed."""
    if name == "store":
        stores = Transaction.objects.exclude(store="").order_by("store").values_list("store", flat=True).distinct()
        return [store for store in stores if fold(text) in fold(store)]
    wines = Wine.objects.current().filter(search_text__contains=fold(text).split()[0]).order_by()
    if name == "grape":
        names = [grape["name"] for grapes in wines.values_list("grapes", flat=True)[:CANDIDATES] for grape in grapes]
    else:
        names = list(wines.exclude(**{name: ""}).values_list(name, flat=True).distinct()[:CANDIDATES])
    return [value for value in dict.fromkeys(names) if fold(text) in fold(value)]
