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
from winebox.access import readers

PAGE_SIZE = 50
MAX_PAGE = 100_000


@require_safe
@readers
def history(request: HttpRequest) -> HttpResponse:
    people = [(str(person.pk), str(person)) for person in get_user_model().objects.order_by("email")]
    filters = HistoryFilter(request.GET, people=people)
    number = _page_number(request)
    start = (number - 1) * PAGE_SIZE
    # One more than is shown tells whether there is a next page, without counting half a million rows.
    found = Transaction.objects.filter(filters.condition()).select_related("wine", "actor", "undone_by").newest_first()
    rows = list(found[start : start + PAGE_SIZE + 1])
    context = {
        "filters": filters,
        "events": contexts.events(rows[:PAGE_SIZE], load_tree()),
        "page": number,
        "has_next": len(rows) > PAGE_SIZE,
        "may_change": request.user.may_change,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
    }
    is_part = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "cellar/partials/history_results.html" if is_part else "cellar/history.html", context)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(int(text), MAX_PAGE) if text.isdecimal() and text.isascii() and len(text) < 9 and int(text) > 0 else 1
