"""Stock-take: making the book say what somebody counted at a place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cellar.choosing import hold_wines
from cellar.ledger import MAX_BOTTLES, NOWHERE, Actor, Change, Entry, Place, StockError, draft
from cellar.models import Bottle, Kind, Reason, State, Transaction, Wine
from cellar.settling import settle, write
from cellar.slots import Slots


@dataclass(frozen=True)
class Counted:
    """What somebody found of one wine in one size at a place, and what the book said when they looked."""

    wine_id: UUID
    size_ml: int
    expected: int
    found: int


def count(
    *, location_id: UUID | None, counted: Sequence[Counted], actor: Actor, note: str = "", key: UUID | None = None
) -> list[Transaction]:
    """Make the book say what was counted at a place, as one action.

    A missing bottle is gone (missing). A surplus one is taken from "no place yet" where the book has
    one there, and is new otherwise. Raises StockError when the book has changed since the count began.
    """

    def work() -> list[Transaction]:
        Slots().hold(location_id)
        wine_ids = {one.wine_id for one in counted}
        hold_wines(wine_ids)
        action = key or uuid.uuid4()
        entries: list[Entry] = []
        for one in counted:
            if changes := _changes(one, location_id):
                transaction = draft(
                    Kind.COUNT, wine_id=one.wine_id, quantity=len(changes), actor=actor, note=note,
                    key=None if entries else action, action=action, size_ml=one.size_ml,
                    reason=Reason.MISSING if one.found < one.expected else "",
                )  # fmt: skip
                entries.append(Entry(transaction, changes))
        return write(entries)

    _require_sense(counted)
    return settle(work, key)


def _require_sense(counted: Sequence[Counted]) -> None:
    """Refuse what no form of ours sends: a wine twice, fewer than none, one that is not there."""
    rows = {(one.wine_id, one.size_ml) for one in counted}
    wines = {one.wine_id for one in counted}
    if len(rows) < len(counted) or Wine.objects.filter(pk__in=wines).count() < len(wines):
        raise StockError(_("This count does not fit the book. Nothing was saved; begin it anew."))
    if any(one.found < 0 or one.found - one.expected > MAX_BOTTLES for one in counted):
        raise StockError(
            _("At most %(max)d bottles more than the book says. Nothing was saved.") % {"max": MAX_BOTTLES}
        )


def _changes(counted: Counted, location_id: UUID | None) -> list[Change]:
    mine = Bottle.objects.present().filter(wine_id=counted.wine_id, size_ml=counted.size_ml)
    # A full bottle is missed before an open one, and the newest before those that were seen in earlier counts.
    here = list(mine.at([location_id]).order_by("state", "-created_at", "id"))
    if len(here) != counted.expected:
        raise StockError(
            _("The book has changed since you began to count. Nothing was saved; look at the figures again.")
        )
    missing = here[: max(0, len(here) - counted.found)]
    return [Change(one, State.GONE, NOWHERE) for one in missing] + _surplus(counted, location_id)


def _surplus(counted: Counted, location_id: UUID | None) -> list[Change]:
    number = max(0, counted.found - counted.expected)
    if not number:
        return []
    place = Place(location_id)
    mine = Bottle.objects.present().filter(wine_id=counted.wine_id, size_ml=counted.size_ml)
    unplaced = list(mine.at([None]).order_by("state", "created_at", "id")[:number]) if location_id else []
    new = [Bottle(wine_id=counted.wine_id, size_ml=counted.size_ml) for _new in range(number - len(unplaced))]
    found = [Change(one, State(one.state), place) for one in unplaced]
    return found + [Change(one, State.IN_CELLAR, place) for one in new]
