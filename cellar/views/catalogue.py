"""The catalogue, while a wine is typed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cellar.models import ReferenceWine
from cellar.reference.completing import MOST_LETTERS, complete
from winebox.access import members
from winebox.limits import limit_searches


@require_safe
@members
@limit_searches
def complete_wine(request: HttpRequest) -> HttpResponse:
    """Answer with the wines that may be meant, and what each would put into the form for a wine."""
    wines = complete(request.GET.get("q", "")[:MOST_LETTERS])
    return JsonResponse({"wines": [_offered(wine) for wine in wines]})


def _offered(wine: ReferenceWine) -> dict[str, Any]:
    told = [str(wine.get_type_display()) if wine.type else "", wine.country]
    return {"label": str(wine), "detail": " · ".join(filter(None, told)), "fields": form_values(wine)}


def form_values(wine: ReferenceWine) -> dict[str, str]:
    """Return what the form for a wine takes from the catalogue, by its plain fields; empty ones are left out."""
    values = {name: getattr(wine, name) for name in ("producer", "name", "type", "country", "region")}
    values["alcohol"] = f"{wine.alcohol:g}" if wine.alcohol is not None else ""
    return {name: value for name, value in values.items() if value}
