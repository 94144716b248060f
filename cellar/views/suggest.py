"""Suggestions while somebody types: what the cellar has first, then the reference lists."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cellar import suggesting
from winebox.access import readers


@require_safe
@readers
def suggest(request: HttpRequest, name: str) -> HttpResponse:
    if name not in suggesting.FIELDS:
        raise Http404
    return JsonResponse({"suggestions": suggesting.suggestions(name, request.GET.get("q", "")[:80])})
