"""The list of wines, and a wine's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cellar import contexts
from cellar.charts.window_bar import window_bar
from cellar.forms.filters import WineFilter
from cellar.meant import meant
from cellar.models import PRESENT, Wine
from cellar.money import format_money
from cellar.pages import page_of
from cellar.pairings import join_pairings
from cellar.tree import load_tree
from cellar.views.answers import is_part, may_change, wine_or_404
from winebox import appearance
from winebox.access import readers
from winebox.limits import limit_searches

VIEWS = ("cards", "table")
VIEW_COOKIE = "wine_view"
RECENT = 20
FILTER_FIELDS = ("stock", "ready", "type", "location", "country", "region", "grape", "size")


@require_safe
@readers
@limit_searches
def wine_list(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    filters = WineFilter(request.GET, tree=tree)
    wines = filters.results().only(*contexts.ROW_FIELDS)
    page = page_of(wines, request.GET.get("page"), is_search=bool(filters.get("q")))
    view = _chosen_view(request)
    context = {
        "filters": filters,
        "page_obj": page,
        "wines": contexts.wine_rows(contexts.attach_places(page.object_list, tree)),
        "is_new": not page.object_list and not Wine.objects.exists(),
        "meant": "" if page.object_list else meant(filters.get("q") or ""),
        "chips": [(text, _without(request, name)) for name, text in filters.chips()],
        "view": view,
        "views": VIEWS,
        "may_change": may_change(request),
        "here": request.get_full_path(),
        "filter_fields": [filters[name] for name in FILTER_FIELDS],
        "keep": [(name, value) for name, value in request.GET.items() if name not in ("sort", "page", "view")],
    }
    part = is_part(request)
    template = "cellar/partials/results.html" if part else "cellar/wine_list.html"
    response = render(request, template, context | {"is_part": part})
    response["Vary"] = "HX-Request, Cookie"
    if request.GET.get("view") in VIEWS:
        appearance.remember(response, name=VIEW_COOKIE, choice=view)
    return response


def _chosen_view(request: HttpRequest) -> str:
    chosen = request.GET.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return chosen if chosen in VIEWS else "cards"


def _without(request: HttpRequest, name: str) -> str:
    """Return the address of this list without one of its filters."""
    query = request.GET.copy()
    for key in (name, "page"):
        query.pop(key, None)
    return f"?{query.urlencode()}"


@require_safe
@readers
def wine(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one, tree = wine_or_404(wine_id), load_tree()
    bottles = one.bottles.filter(state__in=PRESENT).order_by("location_id", "row", "column")
    history = contexts.with_story(one.transactions.newest_first(), last=RECENT + 1)
    context = {
        "wine": one,
        "groups": contexts.bottle_groups(bottles, tree),
        "events": contexts.events(history[:RECENT], tree, name_wines=False),
        "has_more": len(history) > RECENT,
        "labels": list(one.labels.all()),
        "notes": list(one.notes.select_related("author")),
        "scores": list(one.scores.all()),
        "bar": window_bar(one.window, today=timezone.localdate()),
        "readiness": one.readiness,
        "pace": contexts.pace_sentence(one),
        "facts": _facts(one),
        "may_change": may_change(request),
    }
    return render(request, "cellar/wine.html", context)


def _facts(one: Wine) -> list[tuple[str, str]]:
    price = format_money(one.price_per_750, one.price_currency) if one.price_per_750 is not None else ""
    return [
        (_("Producer"), one.producer),
        (_("Kind of producer"), one.get_producer_type_display() if one.producer_type else ""),
        (_("Colour"), one.get_colour_display() if one.colour else ""),
        (_("Sweetness"), one.get_sweetness_display() if one.sweetness else ""),
        (_("Body"), one.get_body_display() if one.body else ""),
        (_("Acidity"), one.get_acidity_display() if one.acidity else ""),
        (_("Goes with"), join_pairings(one.pairings)),
        (_("Grapes"), ", ".join(str(grape) for grape in one.grape_list)),
        (_("Country"), one.country),
        (_("Region"), one.region),
        (_("Sub-region"), one.sub_region),
        (_("Appellation"), one.appellation),
        (_("Vineyard"), one.vineyard),
        (_("Classification"), one.classification),
        (_("Alcohol"), f"{one.alcohol:g} %" if one.alcohol is not None else ""),
        (_("Last price, per 75 cl"), price),
        (_("Price tier"), str(one.tier.label) if one.tier else ""),
        (_("Minimum stock"), str(one.minimum_stock or "")),
        *one.custom_fields.items(),
        (_("EAN"), one.ean),
        (_("LWIN"), one.lwin),
        (_("CellarTracker"), one.cellartracker_id),
    ]
