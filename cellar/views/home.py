"""The first page, what to open tonight, and the menu of a phone."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cellar import contexts, dashboard
from cellar.models import Transaction
from cellar.remembered import remembered, stamp
from cellar.tree import load_tree
from cellar.views import begun
from cellar.views.answers import is_confined, may_change
from winebox.access import readers, signed_in
from winebox.archive import age

DRINK_FIRST = 6
LATEST = 6
TONIGHT = 40


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    if is_confined(request):
        return _place_of_helper(request)
    tree = load_tree()
    at = stamp()
    by_type = remembered("by_type", dashboard.by_type, at=at)
    figures = dashboard.totals(by_type)
    bottles = remembered("bottles", dashboard.bottles, at=at)
    latest = contexts.with_story(Transaction.objects.newest_first(), last=LATEST)
    wines = contexts.attach_places(dashboard.drink_first(DRINK_FIRST, endless=False), tree)
    context = {
        "greeting": _greeting(),
        "begun": begun.offers(request)[:1] if may_change(request) else [],
        "figures": figures,
        "tiles": dashboard.tiles(figures, bottles.paid),
        "drink_first": [(contexts.wine_row(wine), contexts.urgency(wine)) for wine in wines],
        "parts": dashboard.parts(by_type),
        "attention": [*dashboard.attention(figures, bottles), *_about_backups(request)],
        "events": contexts.events(latest, tree),
        "may_change": may_change(request),
    }
    return render(request, "cellar/home.html", context)


def _about_backups(request: HttpRequest) -> list[dict[str, str]]:
    """Return what an owner should know of the last backup. One query."""
    warning = age.warning() if getattr(request.user, "is_owner", False) else ""
    return [{"count": "", "text": warning, "url": reverse("backup")}] if warning else []


def _place_of_helper(request: HttpRequest) -> HttpResponse:
    """Lead to the one place there is for a helper."""
    scope = getattr(request.user, "confined_to", "")
    if not scope:
        raise PermissionDenied
    return redirect("location_help", scope)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 5 or hour >= 18:
        return str(_("Good evening"))
    return str(_("Good morning")) if hour < 12 else str(_("Good afternoon"))


@require_safe
@readers
def tonight(request: HttpRequest) -> HttpResponse:
    """What to open, and why: by kind of wine, the most urgent first."""
    by_type = remembered("by_type", dashboard.by_type, at=stamp())
    types = dashboard.types_in_stock(by_type)
    chosen = request.GET.get("type", "")
    wines = dashboard.drink_first(TONIGHT, kind=chosen if chosen in dict(types) else None)
    found = contexts.attach_places(wines, load_tree())
    context = {
        "wines": [(contexts.wine_row(wine), contexts.urgency(wine), contexts.pace_sentence(wine)) for wine in found],
        "types": types,
        "is_empty": not dashboard.totals(by_type)["present"],
        "chosen": chosen,
        "may_change": may_change(request),
    }
    return render(request, "cellar/tonight.html", context)


@require_safe
@readers
def more(request: HttpRequest) -> HttpResponse:
    """The rest of the menu, for phones."""
    return render(request, "cellar/more.html")
