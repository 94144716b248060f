"""What the first page says of the cellar; every figure leads to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import drinking
from cellar.models import PRESENT, Bottle, State, Wine, WineType
from cellar.money import format_money
from winebox.numbers import grouped


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class Part:
    """A part of the bar of types; x and width in percent."""

    x: str
    width: str
    type: str
    label: str
    value: int
    url: str


@dataclass(frozen=True)
class Paid:
    """What was paid for some bottles, in one currency, in minor units."""

    currency: str
    total: int
    bottles: int


@dataclass(frozen=True)
class Bottles:
    """What the bottles say that are here or on order: what was paid, most first; without a place; overdue."""

    paid: list[Paid]
    unplaced: int
    overdue: int


PRESENT_COUNT = F("count_in_cellar") + F("count_open")
Figures = Mapping[str, int]


def by_type() -> dict[str, Figures]:
    """Return the sums of the whole cellar for each type of wine. One query."""
    year = drinking.this_year()
    here = Q(count_in_cellar__gt=0) | Q(count_open__gt=0)
    last_year = Q(drink_until=year) | Q(best_until=year)
    low = Q(minimum_stock__isnull=False, minimum_stock__gt=F("count_in_cellar"), archived_at=None)
    sums = {
        "present": Sum(PRESENT_COUNT),
        "opened": Sum("count_open"),
        "wines": Count("pk", filter=here),
        "ready": Sum(PRESENT_COUNT, filter=drinking.ready_q(year)),
        "fading": Sum(PRESENT_COUNT, filter=drinking.ready_q(year) & last_year),
        "past": Sum(PRESENT_COUNT, filter=drinking.readiness_q(drinking.Readiness.PAST, year)),
        "on_order": Sum("count_on_order"),
        "low": Count("pk", filter=low),
        "known": Count("pk"),
    }
    rows = Wine.objects.order_by().values_list("type").annotate(**sums)
    return {kind: {name: n or 0 for name, n in zip(sums, row, strict=True)} for kind, *row in rows}


def totals(types: dict[str, Figures]) -> Figures:
    """Return the sums over all types."""
    total: Counter[str] = Counter()
    for figures in types.values():
        total.update(figures)
    return total


def bottles() -> Bottles:
    """Return what the bottles say that are here or on order. One query."""
    here, ordered = Q(state__in=PRESENT), Q(state=State.ON_ORDER)
    sums = {
        "total": Sum("source__unit_price", filter=here),
        "priced": Count("source__unit_price", filter=here),
        "unplaced": Count("pk", filter=here & Q(location=None)),
        "overdue": Count("pk", filter=ordered & Q(source__expected_on__lt=timezone.localdate())),
    }
    found = list(Bottle.objects.filter(here | ordered).order_by().values_list("source__currency").annotate(**sums))
    paid = [Paid(currency, total, priced) for currency, total, priced, *_others in found if priced]
    return Bottles(
        paid=sorted(paid, key=lambda one: -one.total),
        unplaced=sum(row[-2] for row in found),
        overdue=sum(row[-1] for row in found),
    )


def tiles(figures: Figures, paid: list[Paid]) -> list[Tile]:
    """Return the figures at the top of the page."""
    wines = reverse("wine_list")
    fading = ngettext("%(n)d in its last year", "%(n)d in their last year", figures["fading"])
    in_cellar = _("%(bottles)s of %(wines)s") % {
        "bottles": ngettext("bottle", "bottles", figures["present"]),
        "wines": ngettext("%(n)s wine", "%(n)s wines", figures["wines"]) % {"n": grouped(figures["wines"])},
    }
    result = [
        Tile(_("In the cellar"), grouped(figures["present"]), in_cellar, f"{wines}?stock=in"),
        Tile(
            _("Ready to drink"),
            grouped(figures["ready"]),
            fading % {"n": figures["fading"]},
            f"{wines}?stock=in&ready=now&sort=ready",
        ),
        Tile(_("On order"), grouped(figures["on_order"]), _("not here yet"), f"{wines}?stock=order"),
    ]
    if paid:
        most, *others = paid
        each = _("%(price)s a bottle") % {"price": format_money(per_bottle(most), most.currency)}
        more = "".join(f" + {format_money(one.total, one.currency, cents=False)}" for one in others)
        value = format_money(most.total, most.currency, cents=False)
        result.append(Tile(_("Paid for it"), value, each + more, f"{wines}?stock=in&sort=-price"))
    return result


def per_bottle(paid: Paid) -> int:
    """Return what a bottle cost on average, in minor units; half of one counts as one."""
    return (2 * paid.total + paid.bottles) // (2 * paid.bottles)


def parts(types: dict[str, Figures]) -> list[Part]:
    """Return how many bottles there are of each type, as parts of a bar."""
    counts = sorted(((kind, one["present"]) for kind, one in types.items()), key=lambda row: -row[1])
    total = sum(n for _kind, n in counts)
    result, x = [], 0.0
    for kind, n in counts:
        if n:
            width = 100 * n / total
            url = f"{reverse('wine_list')}?stock=in&type={kind}" if kind else ""
            result.append(Part(f"{x:.2f}", f"{width:.2f}", kind, str(WineType(kind).label), n, url))
            x += width
    return result


def drink_first(limit: int, *, kind: str | None = None, endless: bool = True) -> list[Wine]:
    """Return the wines that are ready or past it, those first whose window closes first.

    Those without an end come last, or not at all where `endless` is false.
    """
    year = drinking.this_year()
    due = drinking.ready_q(year) | drinking.readiness_q(drinking.Readiness.PAST, year)
    wines = Wine.objects.current().in_stock().filter(due)
    if kind is not None:
        wines = wines.filter(type=kind)
    # Two questions, since the index on drink_until answers the first at once in a cellar of any size.
    found = list(wines.filter(drink_until__isnull=False).order_by("drink_until", "sort_key", "id")[:limit])
    if endless and len(found) < limit:
        found += wines.filter(drink_until=None).order_by("sort_key", "id")[: limit - len(found)]
    return found


def types_in_stock(types: dict[str, Figures]) -> list[tuple[str, str]]:
    """Return the types of which there is a bottle, as value and label, in the order of the list of types."""
    return [(value, str(label)) for value, label in WineType.choices if value and types.get(value, {}).get("present")]


def attention(figures: Figures, of_bottles: Bottles) -> list[dict[str, Any]]:
    """Return what somebody should look at, each with its list."""
    wines = reverse("wine_list")
    past = ngettext("bottle is past its window", "bottles are past their window", figures["past"])
    opened = ngettext("bottle is open", "bottles are open", figures["opened"])
    nowhere = ngettext("bottle has no place yet", "bottles have no place yet", of_bottles.unplaced)
    low = ngettext("wine is running low", "wines are running low", figures["low"])
    late = ngettext("ordered bottle is overdue", "ordered bottles are overdue", of_bottles.overdue)
    rows = [
        (figures["past"], past, f"{wines}?stock=in&ready=past"),
        (figures["opened"], opened, f"{wines}?stock=open"),
        (of_bottles.unplaced, nowhere, reverse("no_place")),
        (figures["low"], low, f"{wines}?stock=low"),
        (of_bottles.overdue, late, f"{wines}?stock=order"),
    ]
    return [{"count": count, "text": text, "url": url} for count, text, url in rows if count]
