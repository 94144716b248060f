"""Stock-take of a place: type what is there, look at the differences, save them as one step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cellar import contexts, stock
from cellar.contexts import CountRow
from cellar.forms.places import CountForm
from cellar.models import Location, Transaction
from cellar.settling import done_with
from cellar.tree import load_tree
from cellar.views.answers import (
    REFUSALS,
    actor_of,
    form_page,
    is_confined,
    key_of,
    page_of_place,
    posted,
)
from cellar.views.places import place_or_404
from winebox import notices
from winebox.access import helpers

# Two fields each, and Django takes a thousand.
PAGE_SIZE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@helpers
def location_count(request: HttpRequest, location_id: UUID) -> HttpResponse:
    tree = load_tree()
    one = place_or_404(tree, location_id)
    page = _page(request, one)
    if before := done_with(key_of(request)):
        # Sent twice: the book no longer says what it said when this was counted.
        return _saved(request, one, before, page)
    form = CountForm(posted(request), rows=list(page.object_list))
    path = [] if is_confined(request) else tree.path(one.pk)[:-1]
    context = {"location": one, "path": path, "back_url": page_of_place(request, one.pk)}
    if form.is_bound and form.is_outdated:
        reason = _("The book has changed since you began to count. Nothing was saved; look at the figures again.")
        return _again(request, page, reason, context)
    if not form.is_valid():
        return _form(request, page, form, context)
    differences = form.differences()
    if "save" not in request.POST and differences:
        shown = {"form": form, "differences": differences, "page_obj": page}
        return render(request, "cellar/count_differences.html", context | shown)
    try:
        done = stock.count(location_id=one.pk, actor=actor_of(request), **form.facts())
    except REFUSALS as error:
        return _again(request, _page(request, one), str(error), context)
    return _saved(request, one, done, page)


def _page(request: HttpRequest, one: Location) -> Page[CountRow]:
    return Paginator(contexts.count_rows(one.pk), PAGE_SIZE).get_page(request.GET.get("page"))


def _again(request: HttpRequest, page: Page[CountRow], reason: str, context: dict[str, Any]) -> HttpResponse:
    """Show the form with what was typed beside what the book says now."""
    form = CountForm.renewed(request.POST, list(page.object_list))
    form.add_error(None, reason)
    return _form(request, page, form, context)


def _form(request: HttpRequest, page: Page[CountRow], form: CountForm, context: dict[str, Any]) -> HttpResponse:
    counts = [{"row": row, "field": form[row.field], "expected": form[row.expected_field]} for row in form.rows]
    return form_page(request, "cellar/count.html", context | {"form": form, "counts": counts, "page_obj": page}, form)


def _saved(request: HttpRequest, one: Location, done: list[Transaction], page: Page[CountRow]) -> HttpResponseRedirect:
    if done:
        n = sum(transaction.quantity for transaction in done)
        text = ngettext("%(place)s counted: %(n)d bottle put right.", "%(place)s counted: %(n)d bottles put right.", n)
        undo_url = "" if is_confined(request) else reverse("undo", args=[done[0].action])
        notices.done(request, text % {"place": one.name, "n": n}, undo_url=undo_url)
    else:
        notices.done(request, _("%(place)s counted: the book is right.") % {"place": one.name})
    if page.has_next():
        return HttpResponseRedirect(f"{reverse('location_count', args=[one.pk])}?page={page.next_page_number()}")
    return HttpResponseRedirect(page_of_place(request, one.pk))
