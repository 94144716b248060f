"""Choosing the bottles that somebody means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.ledger import Place, StockError, chunks
from cellar.models import Bottle, Wine
from cellar.sizes import STANDARD


@dataclass(frozen=True)
class Pick:
    """Which bottles are meant: of a size, at a place (the place alone, not what is in it), or one by its id."""

    size_ml: int | None = None
    location_id: UUID | None = None
    anywhere: bool = True
    bottle_id: UUID | None = None


ANY = Pick()


def hold_wines(wine_ids: Iterable[UUID]) -> None:
    """Make others who change these wines wait: call it before bottles are read.

    The gate is the bottles' step all the same; without this, two who want the same bottle would only find out late.
    """
    for part in chunks(sorted(set(wine_ids))):
        Wine.objects.filter(pk__in=part).hold()


def choose(
    *, wine: Wine, quantity: int, states: Sequence[str], pick: Pick = ANY, to: Place | None = None
) -> list[Bottle]:
    """Return the n bottles that are meant: open ones first, then the standard size, then the oldest.

    With `to`, those that lie there already are left out.
    """
    hold_wines([wine.pk])
    meant = _meant(wine, states, pick)
    wanted = meant if to is None else meant.exclude(_is_there(pick, to))
    standard_first = Case(When(size_ml=STANDARD, then=Value(0)), default=Value(1), output_field=IntegerField())
    # "open" comes after "in_cellar" in the alphabet.
    chosen = list(wanted.order_by("-state", standard_first, "created_at", "id")[:quantity])
    if len(chosen) < quantity:
        raise StockError(_too_few(len(chosen), quantity, some_there=to is not None and meant.exists()))
    return chosen


def _meant(wine: Wine, states: Sequence[str], pick: Pick) -> QuerySet[Bottle]:
    bottles = Bottle.objects.filter(wine=wine, state__in=states)
    if pick.bottle_id is not None:
        bottles = bottles.filter(pk=pick.bottle_id)
    if pick.size_ml is not None:
        bottles = bottles.filter(size_ml=pick.size_ml)
    return bottles if pick.anywhere else bottles.at([pick.location_id])


def _is_there(pick: Pick, to: Place) -> Q:
    """Return which bottles are at their destination already.

    Whoever names a bottle, or the same place as where it lies now, may mean another slot there; whoever names a slot,
    or wants any of the free ones, may mean bottles that lie in that rack without one.
    """
    names_it = pick.bottle_id is not None or (not pick.anywhere and pick.location_id == to.location_id)
    there = _equals("location", to.location_id)
    if to.fills and not to.is_slot:
        return there & Q(row__isnull=False)
    if names_it:
        return there & _equals("row", to.row) & _equals("column", to.column)
    return there if to.row is None else there & Q(row__isnull=False)


def _equals(name: str, value: object) -> Q:
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{f"{name}__isnull": False, name: value})


def _too_few(available: int, wanted: int, *, some_there: bool) -> str:
    if some_there:
        return _too_few_elsewhere(available, wanted)
    if available == 0:
        return _("There is no such bottle left. Somebody may have taken the last one; nothing was changed.")
    return ngettext(
        "There is only %(count)d such bottle, you asked for %(wanted)d. Nothing was changed.",
        "There are only %(count)d such bottles, you asked for %(wanted)d. Nothing was changed.",
        available,
    ) % {"count": available, "wanted": wanted}


def _too_few_elsewhere(available: int, wanted: int) -> str:
    if available == 0:
        return _("What you want to move is there already. Nothing was changed.")
    return ngettext(
        "There is only %(count)d such bottle that is not there already, you asked for %(wanted)d. Nothing was changed.",
        "There are only %(count)d such bottles that are not there already, you asked for %(wanted)d. "
        "Nothing was changed.",
        available,
    ) % {"count": available, "wanted": wanted}


def one_size(bottles: Sequence[Bottle]) -> int | None:
    """Return the size of the bottles where it is one."""
    sizes = {bottle.size_ml for bottle in bottles}
    return sizes.pop() if len(sizes) == 1 else None
