"""What happened in the cellar."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cellar import contexts
from cellar.forms.filters import HistoryFilter
from cellar.models import Transaction
from cellar.tree import load_tree
from cellar.views.answers import is_part, may_change, page_number
from winebox.access import readers
from winebox.limits import limit_searches

PAGE_SIZE = 50


@require_safe
@readers
@limit_searches
def history(request: HttpRequest) -> HttpResponse:
    people = [(str(person.pk), str(person)) for person in get_user_model().objects.order_by("email")]
    filters = HistoryFilter(request.GET, people=people)
    number = page_number(request)
    start = (number - 1) * PAGE_SIZE
    # One more than is shown tells whether there is a next page, without counting half a million rows.
    found = Transaction.objects.filter(filters.condition()).newest_first()
    rows = contexts.with_story(found, start, start + PAGE_SIZE + 1)
    context = {
        "filters": filters,
        "events": contexts.events(rows[:PAGE_SIZE], load_tree()),
        "page": number,
        "has_next": len(rows) > PAGE_SIZE,
        "may_change": may_change(request),
        "is_filtered": filters.is_in_force,
    }
    template = "cellar/partials/history_results.html" if is_part(request) else "cellar/history.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response
