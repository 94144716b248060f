"""Places: the tree, a place and what lies there, adding, editing and removing one."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cellar import contexts, places, stock
from cellar.forms.places import PlaceForm
from cellar.models import Bottle, Location, Wine
from cellar.models.bottle import BottleQuerySet
from cellar.remembered import remembered, stamp
from cellar.tree import Tree, load_tree
from cellar.views.answers import REFUSALS, actor_of, attempt, form_page, key_of, may_change, posted, slots_told
from winebox import databases, notices
from winebox.access import members, readers

PAGE_SIZE = 100
# So far to the right a place is drawn, and not farther.
DEEPEST = 3


def place_or_404(tree: Tree, location_id: UUID) -> Location:
    location = tree.by_id.get(location_id)
    if location is None or location.archived_at is not None:
        raise Http404
    return location


def _counts(bottles: BottleQuerySet) -> dict[UUID | None, int]:
    """Return how many of these bottles lie at each place itself."""
    return dict(bottles.order_by().values_list("location_id").annotate(n=Count("pk")))


@require_safe
@readers
def locations(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    here = remembered("places", lambda: _counts(Bottle.objects.present()), at=stamp())
    rows = [
        {
            "location": location,
            "depth": min(depth, DEEPEST),
            "count": sum(here.get(one, 0) for one in tree.inside(location.pk)),
            "url": reverse("location", args=[location.pk]),
        }
        for depth, location in tree.walk()
    ]
    context = {"rows": rows, "unplaced": here.get(None, 0), "may_change": may_change(request)}
    return render(request, "cellar/locations.html", context)


@require_safe
@readers
def location(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = place_or_404(tree, location_id)
    counts = _counts(Bottle.objects.present().filter(location_id__in=tree.inside(one.pk)))
    here = Bottle.objects.present().filter(location=one)
    context = _contents(request, here, tree) | {
        "location": one,
        "path": tree.path(one.pk)[:-1],
        "total": counts.get(one.pk, 0),
        "children": [
            {"location": child, "count": sum(counts.get(inner, 0) for inner in tree.inside(child.pk))}
            for child in tree.children[one.pk]
        ],
        "rack": _rack(request, one, here) if one.is_rack else None,
        "key": uuid.uuid4(),
    }
    return render(request, "cellar/location.html", context)


def _rack(request: HttpRequest, one: Location, here: BottleQuerySet) -> contexts.Rack:
    bottles = list(here.order_by("created_at", "id"))
    wines = Wine.objects.in_bulk({bottle.wine_id for bottle in bottles})
    for bottle in bottles:
        bottle.wine = wines[bottle.wine_id]
    return contexts.rack(one, bottles, may_change=may_change(request))


@require_safe
@readers
def no_place(request: HttpRequest) -> HttpResponse:
    """Show the bottles that have no place yet: nothing is ever hidden."""
    here = Bottle.objects.present().filter(location=None)
    context = _contents(request, here, load_tree()) | {"total": here.count()}
    return render(request, "cellar/no_place.html", context)


def _contents(request: HttpRequest, here: BottleQuerySet, tree: Tree) -> dict[str, Any]:
    """Return what lies at a place: for each wine a row for each size and state, paged by wine."""
    ids = here.order_by().values_list("wine_id", flat=True).distinct()
    # A query within the other is quicker, where the engine does not join before it looks.
    found = Wine.objects.filter(pk__in=ids if databases.joins_quickly() else list(ids)).order_by("sort_key", "id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    wines: list[Wine] = list(page.object_list)
    by_wine: dict[UUID, list[Bottle]] = {wine.pk: [] for wine in wines}
    for bottle in here.filter(wine_id__in=list(by_wine)).order_by("row", "column"):
        by_wine[bottle.wine_id].append(bottle)
    rows = [(wine, group) for wine in wines for group in contexts.bottle_groups(by_wine[wine.pk], tree)]
    return {"page_obj": page, "contents": rows, "may_change": may_change(request)}


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_add(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(posted(request), tree=load_tree(), initial={"parent": request.GET.get("in", "")})
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
    one = place_or_404(tree, location_id)
    form = PlaceForm(posted(request), tree=tree, location=one)
    if attempt(form, places.edit_place, location=one) is None:
        return form_page(request, "cellar/location_form.html", {"form": form, "location": one}, form)
    notices.done(request, _("Saved."))
    return redirect("location", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def location_delete(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = place_or_404(tree, location_id)
    if request.method == "POST":
        return _delete(request, one)
    inside = tree.inside(one.pk)
    context = {
        "location": one,
        "count": Bottle.objects.present().filter(location_id__in=inside).count(),
        "inner": len(inside) - 1,
        "to": tree.label(one.parent_id),
        "key": uuid.uuid4(),
    }
    return render(request, "cellar/location_delete.html", context)


def _delete(request: HttpRequest, one: Location) -> HttpResponseRedirect:
    key = key_of(request) or uuid.uuid4()
    try:
        moved = places.delete_place(location=one, actor=actor_of(request), key=key)
    except REFUSALS as error:
        notices.refused(request, str(error))
        return redirect("location", one.pk)
    text = ngettext("%(place)s removed, %(n)d bottle moved up.", "%(place)s removed, %(n)d bottles moved up.", moved)
    undo_url = reverse("undo", args=[key]) if moved else ""
    notices.done(request, text % {"place": one.name, "n": moved}, undo_url=undo_url)
    return redirect("locations")


@require_safe
@members
def fill_slot(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Offer what can be put into a free slot of a rack: what has no slot yet, or a new bottle."""
    tree = load_tree()
    one = place_or_404(tree, location_id)
    row, column = _slot(request, one)
    there = Bottle.objects.filter(location=one, row=row, column=column).first()
    if there is not None:
        return redirect("bottle", there.pk)
    query = f"location={one.pk}&row={row}&column={column}"
    context = {
        "location": one,
        "row": row,
        "column": column,
        "groups": contexts.without_slot(one, tree, query),
        "query": query,
    }
    return render(request, "cellar/fill_slot.html", context)


@require_POST
@members
def give_slots(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Put what lies in a rack without a slot into its free ones."""
    one = place_or_404(load_tree(), location_id)
    try:
        done = stock.give_slots(location_id=one.pk, actor=actor_of(request), key=key_of(request))
    except REFUSALS as error:
        notices.refused(request, str(error))
    else:
        n = sum(transaction.quantity for transaction in done)
        text = ngettext("%(n)d bottle put into a slot.", "%(n)d bottles put into slots.", n) % {"n": n}
        notices.done(request, f"{text} {slots_told(done)}", undo_url=reverse("undo", args=[done[0].action]))
    return redirect("location", one.pk)


def _slot(request: HttpRequest, rack: Location) -> tuple[int, int]:
    try:
        row, column = int(request.GET.get("row", "")), int(request.GET.get("column", ""))
    except ValueError:
        raise Http404 from None
    if not rack.has_slot(row, column):
        raise Http404
    return row, column
