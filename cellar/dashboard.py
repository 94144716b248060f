"""What the first page says of the cellar; every figure leads to its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar import drinking
from cellar.models import Bottle, Kind, Transaction, Wine, WineType
from cellar.models.wine import WineQuerySet
from cellar.money import format_money


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


PRESENT_COUNT = F("count_in_cellar") + F("count_open")


def totals() -> dict[str, int]:
    """Return the sums of the whole cellar. One query."""
    year = drinking.this_year()
    here = Q(count_in_cellar__gt=0) | Q(count_open__gt=0)
    last_year = Q(drink_until=year) | Q(best_until=year)
    figures = Wine.objects.aggregate(
        bottles=Sum(PRESENT_COUNT),
        open=Sum("count_open"),
        wines=Count("pk", filter=here),
        ready=Sum(PRESENT_COUNT, filter=drinking.ready_q(year)),
        fading=Sum(PRESENT_COUNT, filter=drinking.ready_q(year) & last_year),
        past=Sum(PRESENT_COUNT, filter=drinking.readiness_q(drinking.Readiness.PAST, year)),
        on_order=Sum("count_on_order"),
        low=Count(
            "pk", filter=Q(minimum_stock__isnull=False, minimum_stock__gt=F("count_in_cellar"), archived_at=None)
        ),
        known=Count("pk"),
    )
    return {name: value or 0 for name, value in figures.items()}


def paid() -> list[tuple[str, int, int]]:
    """Return (currency, sum in minor units, bottles) of what lies in the cellar and has a price. One query."""
    priced = Bottle.objects.present().filter(source__unit_price__isnull=False).order_by()
    rows = priced.values_list("source__currency").annotate(total=Sum("source__unit_price"), n=Count("pk"))
    return sorted(((currency, total, n) for currency, total, n in rows), key=lambda row: -row[1])


def tiles(figures: dict[str, int], spent: list[tuple[str, int, int]]) -> list[Tile]:
    """Return the figures at the top of the page."""
    wines = reverse("wine_list")
    fading = ngettext("%(n)d in its last year", "%(n)d in their last year", figures["fading"])
    in_cellar = ngettext("bottle of %(wines)d wines", "bottles of %(wines)d wines", figures["bottles"])
    result = [
        Tile(
            _("In the cellar"), f"{figures['bottles']:,}", in_cellar % {"wines": figures["wines"]}, f"{wines}?stock=in"
        ),
        Tile(
            _("Ready to drink"),
            f"{figures['ready']:,}",
            fading % {"n": figures["fading"]},
            f"{wines}?stock=in&ready=now&sort=ready",
        ),
        Tile(_("On order"), f"{figures['on_order']:,}", _("not here yet"), f"{wines}?stock=order"),
    ]
    if spent:
        currency, total, n = spent[0]
        each = _("%(price)s a bottle") % {"price": format_money(total // n, currency)}
        others = "".join(f" + {format_money(sum_, code, cents=False)}" for code, sum_, _n in spent[1:])
        value = format_money(total, currency, cents=False)
        result.append(Tile(_("Paid for it"), value, each + others, f"{wines}?stock=in&sort=-price"))
    return result


def by_type() -> list[Part]:
    """Return how many bottles there are of each type, as parts of a bar. One query."""
    rows = Wine.objects.in_stock().order_by().values_list("type").annotate(n=Sum(PRESENT_COUNT))
    counts = sorted(((kind, n) for kind, n in rows if n), key=lambda row: -row[1])
    total = sum(n for _kind, n in counts)
    parts, x = [], 0.0
    for kind, n in counts:
        width = 100 * n / total
        url = f"{reverse('wine_list')}?stock=in&type={kind}" if kind else ""
        parts.append(Part(f"{x:.2f}", f"{width:.2f}", kind, str(WineType(kind).label), n, url))
        x += width
    return parts


def drink_first(limit: int) -> WineQuerySet:
    """Return the wines whose window closes first, of those that are ready or past it."""
    year = drinking.this_year()
    wines: WineQuerySet = Wine.objects.current().in_stock()
    due = drinking.ready_q(year) | drinking.readiness_q(drinking.Readiness.PAST, year)
    return most_urgent(wines.filter(due, drink_until__isnull=False))[:limit]


def most_urgent(wines: WineQuerySet) -> WineQuerySet:
    """Return wines in the order in which their windows close; those without an end come last."""
    open_end = Case(When(drink_until__isnull=True, then=Value(1)), default=Value(0), output_field=IntegerField())
    return wines.order_by(open_end, "drink_until", "sort_key")


def attention(figures: dict[str, int], unplaced: int, overdue: int) -> list[dict[str, Any]]:
    """Return what somebody should look at, each with its list."""
    wines = reverse("wine_list")
    rows = [
        (figures["past"], ngettext("bottle is past its window", "bottles are past their window", figures["past"]), f"{wines}?stock=in&ready=past"),
        (figures["open"], ngettext("bottle is open", "bottles are open", figures["open"]), f"{wines}?stock=open"),
        (unplaced, ngettext("bottle has no place yet", "bottles have no place yet", unplaced), reverse("no_place")),
        (figures["low"], ngettext("wine is running low", "wines are running low", figures["low"]), f"{wines}?stock=low"),
        (overdue, ngettext("order is overdue", "orders are overdue", overdue), f"{wines}?stock=order"),
    ]  # fmt: skip
    return [{"count": count, "text": text, "url": url} for count, text, url in rows if count]


def overdue_orders() -> int:
    """Return how many orders should have come and have bottles that are still on order."""
    late = Transaction.objects.filter(kind=Kind.ORDER, expected_on__lt=timezone.localdate())
    return late.filter(brought__state="on_order").distinct().count()
