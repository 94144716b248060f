"""The list of wines, a wine's page, and what is on its label."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cellar import contexts, stock, wines
from cellar.charts.window_bar import window_bar
from cellar.forms.filters import WineFilter
from cellar.forms.photos import PhotosForm
from cellar.forms.stock import CheckInForm
from cellar.forms.wine import MAIN_FIELDS, MORE_FIELDS, WINDOW_FIELDS, WineForm
from cellar.models import PRESENT, State, Transaction, Wine
from cellar.money import format_money
from cellar.tree import load_tree
from cellar.views.answers import REFUSALS, attempt, form_page, posted, wine_or_404
from winebox import databases, notices
from winebox.access import members, readers

PAGE_SIZE = 50
VIEWS = ("cards", "table")
VIEW_COOKIE = "wine_view"
RECENT = 20
FILTER_FIELDS = ("stock", "ready", "type", "location", "country", "region", "grape", "size")


@require_safe
@readers
def wine_list(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    filters = WineFilter(request.GET, tree=tree)
    page = Paginator(filters.results(), PAGE_SIZE).get_page(request.GET.get("page"))
    view = _chosen_view(request)
    context = {
        "filters": filters,
        "page_obj": page,
        "wines": contexts.attach_places(page.object_list, tree),
        "chips": [(text, _without(request, name)) for name, text in filters.chips()],
        "view": view,
        "views": VIEWS,
        "may_change": request.user.may_change,
        "here": request.get_full_path(),
        "filter_fields": [filters[name] for name in FILTER_FIELDS],
        "keep": [(name, value) for name, value in request.GET.items() if name not in ("sort", "page", "view")],
    }
    is_part = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")
    template = "cellar/partials/results.html" if is_part else "cellar/wine_list.html"
    response = render(request, template, context | {"is_part": is_part})
    response["Vary"] = "HX-Request, Cookie"
    if request.GET.get("view") in VIEWS:
        response.set_cookie(
            VIEW_COOKIE, view, max_age=31536000, samesite="Lax", httponly=True, secure=request.is_secure()
        )
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
    bottles = list(one.bottles.filter(state__in=(*PRESENT, State.ON_ORDER)).order_by("location", "row", "column"))
    history = list(one.transactions.select_related("actor", "undone_by").newest_first()[: RECENT + 1])
    context = {
        "wine": one,
        "groups": contexts.bottle_groups([bottle for bottle in bottles if bottle.state != State.ON_ORDER], tree),
        "on_order": [bottle for bottle in bottles if bottle.state == State.ON_ORDER],
        "events": contexts.events(history[:RECENT], tree, name_wines=False),
        "has_more": len(history) > RECENT,
        "labels": list(one.labels.all()),
        "notes": list(one.notes.select_related("author")),
        "bar": window_bar(one.window, today=timezone.localdate()),
        "readiness": one.readiness,
        "pace": contexts.pace_sentence(one),
        "facts": _facts(one),
        "may_change": request.user.may_change,
    }
    return render(request, "cellar/wine.html", context)


def _facts(one: Wine) -> list[tuple[str, str]]:
    price = format_money(one.price_per_750, one.price_currency) if one.price_per_750 is not None else ""
    return [
        (_("Producer"), one.producer),
        (_("Kind of producer"), one.get_producer_type_display() if one.producer_type else ""),
        (_("Colour"), one.get_colour_display() if one.colour else ""),
        (_("Sweetness"), one.get_sweetness_display() if one.sweetness else ""),
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


def _wine_form_context(form: WineForm) -> dict[str, Any]:
    return {
        "form": form,
        "main_fields": [form[name] for name in MAIN_FIELDS],
        "more_fields": [form[name] for name in MORE_FIELDS],
        "window_fields": [form[name] for name in WINDOW_FIELDS],
        "more_open": any(name in form.errors for name in (*MORE_FIELDS, *WINDOW_FIELDS)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_add(request: HttpRequest) -> HttpResponse:
    """Add a wine with its photos and its first bottles; a wine that is there gets the bottles instead."""
    form = WineForm(posted(request), wine=_template(request))
    photos = PhotosForm(posted(request), request.FILES or None)
    slot = {name: request.GET[name] for name in ("location", "row", "column") if name in request.GET}
    bottles = CheckInForm(posted(request), tree=load_tree(), none_allowed=True, initial=slot)
    forms = (form, photos, bottles)
    same: Wine | None = None
    if request.method == "POST" and all([one.is_valid() for one in forms]):  # noqa: C419 (each is to say its errors)
        same = form.same()
        if same is None or "anyway" in request.POST or "existing" in request.POST:
            target = same if same is not None and "existing" in request.POST else None
            done = _add(request, form, photos, bottles, target)
            if done is not None:
                return redirect("wine", done.pk)
    if photos.is_bound:
        photos.remember()
    sides = [
        {"field": photos[side], "kept": photos[f"{side}_kept"], "token": photos[f"{side}_kept"].value()}
        for side in ("front", "back")
    ]
    context = _wine_form_context(form) | {"photos": photos, "sides": sides, "bottles": bottles, "same": same}
    status = 422 if request.method == "POST" else 200
    return render(request, "cellar/wine_add.html", context, status=status)


def _template(request: HttpRequest) -> Wine | None:
    """Return the wine whose facts the form begins with, for another vintage of it."""
    try:
        return Wine.objects.filter(pk=UUID(request.GET.get("like", ""))).first()
    except ValueError:
        return None


def _add(
    request: HttpRequest, form: WineForm, photos: PhotosForm, bottles: CheckInForm, existing: Wine | None
) -> Wine | None:
    """Do what the page for adding asks for; None, with the reason in the form, where it cannot be done."""
    facts = bottles.facts()
    kept = photos.kept()
    try:
        with databases.atomic():
            one = existing or wines.add_wine(key=facts["key"], **form.facts())
            for side, photo in kept.items():
                wines.attach_photo(wine=one, kind=side, name=photo.name, width=photo.width, height=photo.height)
            done = _first_bottles(request, one, bottles, facts)
    except REFUSALS as error:
        bottles.add_error(None, str(error))
        return None
    if done is None:
        notices.done(request, _("%(wine)s added.") % {"wine": one.full_name})
        return one
    text = _("%(n)d × %(wine)s checked in.") % {"n": done.quantity, "wine": one.full_name}
    notices.done(request, text, undo_url=reverse("undo", args=[done.action]))
    return one


def _first_bottles(request: HttpRequest, one: Wine, bottles: CheckInForm, facts: dict[str, Any]) -> Transaction | None:
    if not facts["quantity"]:
        return None
    verb = stock.order if bottles.cleaned_data["on_order"] else stock.check_in
    return verb(wine=one, actor=request.user, **facts)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_edit(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wine_or_404(wine_id)
    form = WineForm(posted(request), wine=one)
    if attempt(form, wines.edit_wine, wine=one) is None:
        return form_page(request, "cellar/wine_edit.html", _wine_form_context(form) | {"wine": one}, form)
    notices.done(request, _("Saved."))
    return redirect("wine", one.pk)


@require_POST
@members
def wine_archive(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    """Archive a wine, or bring an archived one back."""
    one = wine_or_404(wine_id)
    verb = wines.archive_wine if one.archived_at is None else wines.restore_wine
    try:
        verb(wine=one)
    except REFUSALS as error:
        notices.refused(request, str(error))
    else:
        archived = _("%(wine)s is archived; the filter “archived” shows it.")
        text = archived if one.archived_at else _("%(wine)s is back in the list.")
        notices.done(request, text % {"wine": one.full_name}, undo_url=reverse("wine_archive", args=[one.pk]))
    return redirect("wine", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_delete(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wine_or_404(wine_id)
    if request.method != "POST":
        return render(request, "cellar/wine_delete.html", {"wine": one, "has_history": one.has_history})
    try:
        wines.delete_wine(wine=one)
    except REFUSALS as error:
        notices.refused(request, str(error))
        return redirect("wine", one.pk)
    notices.done(request, _("%(wine)s is deleted.") % {"wine": one.full_name})
    return redirect("wine_list")
