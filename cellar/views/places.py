"""Places: the tree, a place and what lies there, a stock-take."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cellar import contexts, places, stock
from cellar.forms.places import CountForm, PlaceForm
from cellar.ledger import StockError
from cellar.models import Bottle, Location, Wine
from cellar.tree import Tree, load_tree
from cellar.views.answers import attempt, form_page, key_of, posted
from winebox import notices
from winebox.access import members, readers

PAGE_SIZE = 100


def _location(tree: Tree, location_id: UUID) -> Location:
    location = tree.by_id.get(location_id)
    if location is None or location.archived_at is not None:
        raise Http404
    return location


@require_safe
@readers
def locations(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    here = Counter(Bottle.objects.present().order_by().values_list("location_id", flat=True))
    rows = [
        {
            "location": location,
            "depth": depth,
            "count": sum(here[one] for one in tree.inside(location.pk)),
            "url": reverse("location", args=[location.pk]),
        }
        for depth, location in tree.walk()
    ]
    context = {"rows": rows, "unplaced": here[None], "may_change": request.user.may_change}
    return render(request, "cellar/locations.html", context)


@require_safe
@readers
def location(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = _location(tree, location_id)
    bottles = list(Bottle.objects.present().filter(location=one).select_related("wine").order_by("row", "column"))
    inside = [child for child in tree.inside(one.pk) if child != one.pk]
    counts = Counter(
        Bottle.objects.present().filter(location_id__in=inside).order_by().values_list("location_id", flat=True)
    )
    context = _place_context(request, bottles, tree) | {
        "location": one,
        "path": tree.path(one.pk)[:-1],
        "children": [
            {"location": child, "count": sum(counts[inner] for inner in tree.inside(child.pk))}
            for child in tree.children[one.pk]
        ],
        "rack": contexts.rack(one, bottles, may_change=request.user.may_change) if one.is_rack else None,
    }
    return render(request, "cellar/location.html", context)


@require_safe
@readers
def no_place(request: HttpRequest) -> HttpResponse:
    """Show the bottles that have no place yet: nothing is ever hidden."""
    bottles = list(Bottle.objects.present().filter(location=None).select_related("wine"))
    return render(request, "cellar/no_place.html", _place_context(request, bottles, load_tree()))


def _place_context(request: HttpRequest, bottles: list[Bottle], tree: Tree) -> dict[str, Any]:
    """Return what lies at a place: a row for each wine and size, paged."""
    by_wine: dict[tuple[UUID, int, str], list[Bottle]] = {}
    for bottle in sorted(bottles, key=lambda one: one.wine.sort_key):
        by_wine.setdefault((bottle.wine_id, bottle.size_ml, bottle.state), []).append(bottle)
    groups = [(alike[0].wine, contexts.bottle_groups(alike, tree)[0]) for alike in by_wine.values()]
    page = Paginator(groups, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"page_obj": page, "total": len(bottles), "may_change": request.user.may_change}


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_add(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    form = PlaceForm(posted(request), tree=tree, initial={"parent": request.GET.get("in", "")})
    key = form.cleaned_data["key"] if form.is_valid() else None
    one = attempt(form, places.add_place, key=key)
    if one is None:
        return form_page(request, "cellar/location_form.html", {"form": form}, form)
    notices.done(request, _("%(place)s added.") % {"place": one.name})
    return redirect("location", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_edit(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = _location(tree, location_id)
    form = PlaceForm(posted(request), tree=tree, location=one)
    if attempt(form, places.edit_place, location=one) is None:
        return form_page(request, "cellar/location_form.html", {"form": form, "location": one}, form)
    notices.done(request, _("Saved."))
    return redirect("location", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_delete(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = _location(tree, location_id)
    inside = tree.inside(one.pk)
    if request.method != "POST":
        context = {
            "location": one,
            "count": Bottle.objects.present().filter(location_id__in=inside).count(),
            "inner": len(inside) - 1,
            "to": tree.label(one.parent_id),
            "key": uuid.uuid4(),
        }
        return render(request, "cellar/location_delete.html", context)
    key = key_of(request)
    moved = places.delete_place(location=one, actor=request.user, key=key)
    text = ngettext("%(place)s removed, %(n)d bottle moved up.", "%(place)s removed, %(n)d bottles moved up.", moved)
    undo_url = reverse("undo", args=[key]) if moved and key else ""
    notices.done(request, text % {"place": one.name, "n": moved}, undo_url=undo_url)
    return redirect("locations")


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_count(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Count a place: type what is there, look at the differences, save them as one step."""
    tree = load_tree()
    one = _location(tree, location_id)
    rows = contexts.count_rows(one.pk)
    form = CountForm(posted(request), rows=rows)
    context: dict[str, Any] = {"location": one, "path": tree.path(one.pk)[:-1], "form": form, "rows": rows}
    if not form.is_valid():
        return form_page(request, "cellar/count.html", context | {"counts": _count_fields(form)}, form)
    differences = form.differences()
    if "save" not in request.POST and differences:
        return render(request, "cellar/count_differences.html", context | {"differences": differences})
    try:
        done = stock.count(
            location_id=one.pk,
            counted=form.counted(),
            actor=request.user,
            note=form.cleaned_data["note"],
            key=form.cleaned_data["key"],
        )
    except StockError as error:
        fresh = CountForm(rows=contexts.count_rows(one.pk))
        notices.refused(request, str(error))
        return render(
            request, "cellar/count.html", context | {"form": fresh, "counts": _count_fields(fresh)}, status=422
        )
    _tell_count(request, one, done)
    return redirect("location", one.pk)


def _count_fields(form: CountForm) -> list[dict[str, Any]]:
    return [{"row": row, "field": form[row.field], "expected": form[row.expected_field]} for row in form.rows]


def _tell_count(request: HttpRequest, one: Location, done: list[Any]) -> None:
    if not done:
        notices.done(request, _("%(place)s counted: the book is right.") % {"place": one.name})
        return
    n = sum(transaction.quantity for transaction in done)
    text = ngettext("%(place)s counted: %(n)d bottle put right.", "%(place)s counted: %(n)d bottles put right.", n)
    undo_url = reverse("undo", args=[done[0].action])
    notices.done(request, text % {"place": one.name, "n": n}, undo_url=undo_url)


@require_safe
@members
def fill_slot(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Offer what can be put into a free slot of a rack: what has no slot yet, or a new bottle."""
    tree = load_tree()
    one = _location(tree, location_id)
    try:
        row, column = int(request.GET.get("row", "")), int(request.GET.get("column", ""))
    except ValueError:
        raise Http404 from None
    if not one.has_slot(row, column):
        raise Http404
    loose = Bottle.objects.present().filter(row=None, location_id__in=[*tree.by_id]).select_related("wine")
    unplaced = Bottle.objects.present().filter(location=None).select_related("wine")
    wines: dict[UUID, Wine] = {bottle.wine_id: bottle.wine for bottle in [*unplaced[:200], *loose[:200]]}
    context = {
        "location": one,
        "row": row,
        "column": column,
        "wines": sorted(wines.values(), key=lambda wine: wine.sort_key),
        "query": f"location={one.pk}&row={row}&column={column}",
    }
    return render(request, "cellar/fill_slot.html", context)
