"""Making what a parser read fit for the cellar: what is too long is cut, what cannot be is left out, both said so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from cellar.drinking import Window
from cellar.imports.currencies import CODES
from cellar.imports.rows import CriticScore, Lot, Note, Row
from cellar.models import (
    Acidity,
    Body,
    Colour,
    PriceTier,
    ProducerType,
    Reason,
    Scale,
    State,
    Sweetness,
    Wine,
    WineType,
)
from cellar.models.score import SCORE_LENGTH
from cellar.models.wine import FIRST_YEAR, LAST_YEAR, MAX_CUSTOM_FIELDS
from cellar.money import MAX_MINOR
from cellar.pairings import MOST_PAIRINGS, PAIRING_LENGTH, split_pairings
from cellar.sizes import LARGEST, SMALLEST, STANDARD, size_label
from cellar.tree import SEPARATOR
from cellar.wines import EDITABLE

MAX_QUANTITY = 1200
PLACE_LENGTH, MAX_DEPTH = 80, 6
CUSTOM_NAME, CUSTOM_VALUE = 60, 200
_CHOICES: dict[str, set[str]] = {
    "type": set(WineType.values), "colour": set(Colour.values), "sweetness": set(Sweetness.values),
    "body": set(Body.values), "acidity": set(Acidity.values),
    "producer_type": set(ProducerType.values), "price_tier": set(PriceTier.values),
}  # fmt: skip
_WINDOW = ("drink_from", "drink_until", "best_from", "best_until")
_LENGTHS = {
    name: getattr(Wine._meta.get_field(name), "max_length", None)
    for name in EDITABLE
    if name not in _CHOICES and getattr(Wine._meta.get_field(name), "max_length", None)
}


def storable(text: str) -> str:
    """Return a text that every engine takes: without NUL and half characters."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def clean(row: Row, last_vintage: int) -> None:
    """Make a row fit for the cellar; what is changed or left out is noted among its skipped cells."""
    facts = row.wine
    for name, value in list(facts.items()):
        if name not in EDITABLE:
            del facts[name]
        elif isinstance(value, str):
            facts[name] = _text(row, name, value)
    for name, check in _CHECKS.items():
        if name in facts and not check(facts[name]):
            row.skip(name, str(facts.pop(name)), _("This cannot be kept."))
    vintage = facts.get("vintage")
    if vintage is not None and not FIRST_YEAR <= vintage <= last_vintage:
        row.skip("vintage", str(facts.pop("vintage")), _("This is no vintage of a wine that can be had."))
    _clean_window(row)
    _clean_custom(row)
    _clean_pairings(row)
    row.lots = [lot for lot in row.lots if _clean_lot(row, lot)]
    row.notes = [note for note in row.notes if _clean_note(row, note)]
    row.scores = [score for score in row.scores if _clean_score(row, score)]


def _text(row: Row, name: str, value: str) -> str:
    text = storable(value).strip()
    length = _LENGTHS.get(name)
    if length and len(text) > length:
        row.skip(name, text, _("Only the first %(length)d letters are kept.") % {"length": length})
        return text[:length].strip()
    return text


def _is_percentage(value: Any) -> bool:
    try:
        return 0 <= Decimal(value) <= 100
    except (InvalidOperation, TypeError, ValueError):
        return False


def _are_grapes(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= 20
        and all(isinstance(one, dict) and isinstance(one.get("name"), str) and one["name"] for one in value)
        and sum(one.get("percent") or 0 for one in value) <= 100.001
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **{name: choices.__contains__ for name, choices in _CHOICES.items()},
    "alcohol": _is_percentage,
    "grapes": _are_grapes,
    "pairings": _are_texts,
    "ean": lambda value: bool(re.fullmatch(r"[0-9]{8,14}|", value)),
    "vivino_url": lambda value: bool(re.match(r"https://[\w.-]+/|$", value)),
    "minimum_stock": lambda value: value is None or (isinstance(value, int) and 0 <= value <= 10_000),
    "wishlist": lambda value: isinstance(value, bool),
    "non_vintage": lambda value: isinstance(value, bool),
    "vintage": lambda value: value is None or isinstance(value, int),
    **{
        name: lambda value: value is None or (isinstance(value, int) and FIRST_YEAR <= value <= LAST_YEAR)
        for name in _WINDOW
    },
}


def _clean_window(row: Row) -> None:
    window = Window(*(row.wine.get(name) for name in _WINDOW))
    for name, reason in window.errors().items():
        if name in row.wine:
            row.skip(name, str(row.wine.pop(name)), str(reason))
    # Without the year that was wrong the others may not fit each other either.
    if Window(*(row.wine.get(name) for name in _WINDOW)).errors():
        for name in _WINDOW:
            if name in row.wine:
                row.skip(name, str(row.wine.pop(name)), _("It does not fit the other years."))


def _clean_custom(row: Row) -> None:
    own = row.wine.get("custom_fields")
    if own is None:
        return
    if not isinstance(own, dict):
        row.skip("custom_fields", str(own), _("This cannot be kept."))
        own = {}
    kept: dict[str, str] = {}
    for name, value in own.items():
        if len(kept) == MAX_CUSTOM_FIELDS:
            row.skip(str(name), str(value), _("A wine has at most %(most)d own fields.") % {"most": MAX_CUSTOM_FIELDS})
            continue
        kept[storable(str(name))[:CUSTOM_NAME]] = _cut(row, str(name), str(value), CUSTOM_VALUE)
    row.wine["custom_fields"] = kept


def _clean_pairings(row: Row) -> None:
    said = split_pairings("\n".join(storable(one) for one in row.wine.pop("pairings", [])))
    for one in said[MOST_PAIRINGS:]:
        row.skip("pairings", one, _("A wine goes with at most %(most)d things.") % {"most": MOST_PAIRINGS})
    # What was cut may be what another one is.
    kept = [_cut(row, "pairings", one, PAIRING_LENGTH) for one in said[:MOST_PAIRINGS]]
    row.say("pairings", split_pairings("\n".join(kept)))


def _clean_lot(row: Row, lot: Lot) -> bool:
    if not 1 <= lot.quantity <= MAX_QUANTITY:
        row.skip("quantity", str(lot.quantity), _("Between 1 and %(max)d bottles at a time.") % {"max": MAX_QUANTITY})
        leave_lot(row, lot)
        return False
    if not SMALLEST <= lot.size_ml <= LARGEST:
        told = {"size": size_label(STANDARD)}
        row.skip(
            "size", str(lot.size_ml), _("This is no size of a bottle. The bottles are counted as of %(size)s.") % told
        )
        lot.size_ml = STANDARD
    for name in ("unit_price", "revenue"):
        amount = getattr(lot, name)
        if amount is not None and not 0 <= amount <= MAX_MINOR:
            row.skip(name, str(amount), _("An amount is between 0 and 10 billion."))
            setattr(lot, name, None)
    for name, length in (
        ("store", 120), ("recipient", 120), ("note", 500), ("purchase_note", 1000), ("consumption_note", 1000),
        ("slot", PLACE_LENGTH), ("barcode", 60), ("currency", 3), ("revenue_currency", 3),
    ):  # fmt: skip
        setattr(lot, name, _cut(row, name, getattr(lot, name), length))
    _clean_place(row, lot)
    for amount, currency in (("unit_price", "currency"), ("revenue", "revenue_currency")):
        _clean_currency(row, lot, amount, currency)
    lot.state = State(lot.state)
    if lot.state == State.GONE and lot.reason not in Reason.values:
        lot.reason = Reason.OTHER.value
    return True


def _clean_place(row: Row, lot: Lot) -> None:
    names = [_cut(row, "place", name, PLACE_LENGTH) for name in lot.place]
    lot.place = tuple(name for name in names if name)
    if len(lot.place) > MAX_DEPTH:
        reason = _("Places are at most %(most)d deep; those within are left out.") % {"most": MAX_DEPTH}
        row.skip("place", SEPARATOR.join(lot.place), reason)
        lot.place = lot.place[:MAX_DEPTH]


def _clean_currency(row: Row, lot: Lot, amount: str, currency: str) -> None:
    """Leave out an amount in a currency that is none: in another it would be another amount."""
    said = getattr(lot, currency)
    if not said or said in CODES:
        return
    reason = _("“%(word)s” is no currency that is known here.") % {"word": said}
    row.skip(currency, said, reason)
    if getattr(lot, amount) is not None:
        row.skip(amount, str(getattr(lot, amount)), reason)
    setattr(lot, currency, "")
    setattr(lot, amount, None)


def leave_lot(row: Row, lot: Lot) -> None:
    """List what a row says of bottles that are not made."""
    plain = Lot()
    for one in fields(Lot):
        value = getattr(lot, one.name)
        if one.name not in {"quantity", "state", "bottle_id", "key"} and value != getattr(plain, one.name):
            text = SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
            row.skip(one.name, text, _("No bottle is made of this row."))


def _clean_note(row: Row, note: Note) -> bool:
    note.text = _cut(row, "note", note.text, 5000)
    note.occasion = _cut(row, "occasion", note.occasion, 120)
    note.company = _cut(row, "company", note.company, 200)
    if note.rating is not None and (note.scale not in Scale.values or not 0 <= note.rating <= int(note.scale)):
        row.skip("rating", str(note.rating), _("This is no rating of 5, 20 or 100 points."))
        note.rating, note.scale = None, ""
    if note.text or note.rating is not None:
        return True
    for name in ("tasted_on", "occasion", "company"):
        if value := getattr(note, name):
            row.skip(name, str(value), _("There is no tasting note and no rating in this row."))
    return False


def _clean_score(row: Row, score: CriticScore) -> bool:
    score.source, score.reviewer = _cut(row, "source", score.source, 80), _cut(row, "reviewer", score.reviewer, 80)
    score.value = storable(score.value).strip()
    if len(score.value) > SCORE_LENGTH:
        row.skip(score.source, score.value, _("This is too long for a score."))
        return False
    if score.scale and score.scale not in Scale.values:
        row.skip("scale", score.scale, _("Scores are of 5, 20 or 100 points."))
        score.scale = ""
    if score.source and score.value:
        return True
    if said := score.source or score.value:
        row.skip("score", said, _("A score has a source and a value."))
    return False


def _cut(row: Row, name: str, text: str, length: int) -> str:
    text = storable(text).strip()
    if len(text) > length:
        row.skip(name, text, _("Only the first %(length)d letters are kept.") % {"length": length})
        return text[:length].strip()
    return text
