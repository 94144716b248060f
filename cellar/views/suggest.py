"""Suggestions while somebody types: what the cellar has first, then the reference lists."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cellar import suggesting
from winebox.access import readers
from winebox.limits import limit_searches

LONGEST_QUERY = 80


@require_safe
@readers
@limit_searches
def suggest(request: HttpRequest, name: str) -> HttpResponse:
    if name not in suggesting.FIELDS:
        raise Http404
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    return JsonResponse({"suggestions": suggesting.suggestions(name, text)})
