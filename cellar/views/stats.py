"""Pictures of the cellar, each with its numbers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cellar import dashboard, stats
from cellar.charts.bars import Bar, bars
from cellar.charts.columns import columns
from cellar.money import format_money
from cellar.remembered import remembered, stamp
from winebox.access import readers


@require_safe
@readers
def statistics(request: HttpRequest) -> HttpResponse:
    """Bottles by type, origin and vintage; how they ripen; how the cellar grew."""
    at = stamp()
    growth = remembered("growth", stats.growth, at=at)
    context = {
        "parts": dashboard.parts(remembered("by_type", dashboard.by_type, at=at)),
        "countries": _origins("country", remembered("by_country", lambda: stats.by_origin("country"), at=at)),
        "regions": _origins("region", remembered("by_region", lambda: stats.by_origin("region"), at=at)),
        "vintages": _vintages(remembered("by_vintage", stats.by_vintage, at=at)),
        "columns": columns(remembered("ripening", stats.ripening, at=at)),
        "stock": bars([(str(one.year), one.bottles, "") for one in growth]),
        "value": bars([(str(one.year), one.value, "") for one in growth], shown=_money) if _has_value(growth) else [],
    }
    return render(request, "cellar/stats.html", context)


def _money(value: int) -> str:
    return format_money(value, settings.CURRENCY, cents=False)


def _has_value(growth: list[stats.YearEnd]) -> bool:
    return any(one.value for one in growth)


def _list(**filters: Any) -> str:
    return f"{reverse('wine_list')}?{urlencode({'stock': 'in', **filters})}"


def _origins(name: str, figures: stats.Figures) -> list[Bar]:
    rows = [(label or _("unknown"), number, _list(**{name: label}) if label else "") for label, number in figures]
    rest = sum(number for _label, number, _url in rows[stats.MOST :])
    return bars([*rows[: stats.MOST], *([(_("others"), rest, "")] if rest else [])])


def _vintages(figures: list[tuple[int | None, bool, int]]) -> list[Bar]:
    rows = []
    for year, non_vintage, number in figures:
        label = _("non-vintage") if non_vintage else str(year or _("unknown"))
        rows.append((label, number, _list(vintage_from=year, vintage_to=year) if year and not non_vintage else ""))
    rest = sum(number for _label, number, _url in rows[stats.MOST_VINTAGES :])
    return bars([*rows[: stats.MOST_VINTAGES], *([(_("others"), rest, "")] if rest else [])])
