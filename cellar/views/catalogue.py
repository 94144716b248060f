"""The catalogue: a page to look through it, and what completes a wine while it is typed in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cellar.forms.catalogue import CatalogueFilter
from cellar.forms.filling import from_findings
from cellar.labels.reading import known, local
from cellar.models import ReferenceWine
from cellar.reference.completing import MOST_LETTERS, complete
from cellar.suggesting import suggestions
from cellar.views.reading import how_to_load
from winebox.access import members
from winebox.limits import limit_searches

PAGE_SIZE = 50
# The fields of a wine that are completed, and how many words of the cellar come before the wines of the catalogue.
COMPLETED = ("producer", "name")
MOST_OWN = 5
MOST_FOUND = 200


@require_safe
@members
@limit_searches
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the wines of the catalogue, those of a type or country, or those that have the words of a search."""
    filters = CatalogueFilter(request.GET)
    page = Paginator(_found(filters), PAGE_SIZE).get_page(request.GET.get("page"))
    is_empty = not page.paginator.count and not ReferenceWine.objects.exists()
    context = {
        "filters": filters,
        "page_obj": page,
        "is_filtered": filters.is_filtered(),
        "is_empty": is_empty,
        "how_to_load": how_to_load(),
    }
    return render(request, "cellar/catalogue.html", context)


def _found(filters: CatalogueFilter) -> QuerySet[ReferenceWine] | list[ReferenceWine]:
    wanted = filters.wanted()
    text = wanted.pop("q", "")
    if not text:
        return ReferenceWine.objects.filter(**wanted)
    return [one for one in complete(text, MOST_FOUND) if all(getattr(one, name) == wanted[name] for name in wanted)]


@require_safe
@members
@limit_searches
def complete_wine(request: HttpRequest) -> HttpResponse:
    """Answer with what completes a `field`: words of the cellar, and wines with what each puts into the form.

    A wine has the words of `q` and those `beside` it: of the producer, where the name is completed, or of the name.
    """
    text, beside = (request.GET.get(name, "")[:MOST_LETTERS] for name in ("q", "beside"))
    field = request.GET.get("field", "")
    own = suggestions(field, text)[:MOST_OWN] if field in COMPLETED else []
    return JsonResponse({"own": own, "wines": [_offered(wine) for wine in complete(f"{text} {beside}")]})


def _offered(wine: ReferenceWine) -> dict[str, Any]:
    filled = from_findings(local.facts_of(known.known_as(wine)))
    return {
        "number": wine.number,
        "label": str(wine),
        "detail": wine.origin_line,
        "fields": {name: one.value for name, one in filled.items()},
        "unsure": [name for name, one in filled.items() if not one.is_sure],
    }
