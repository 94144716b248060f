"""Pages made for paper: the cellar book, and the inventory for the insurer. Both take the filters of the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cellar.contexts import papers
from cellar.forms.filters import WineFilter
from cellar.tree import load_tree
from winebox.access import members, readers
from winebox.limits import limit_searches


@require_safe
@readers
@limit_searches
def book(request: HttpRequest) -> HttpResponse:
    """Every wine that is here, by type and region, with where it lies."""
    tree = load_tree()
    filters = WineFilter(request.GET, tree=tree)
    wines = papers.printable(filters.results())
    chapters = papers.book(wines, tree)
    context = {"chapters": chapters, "bottles": sum(chapter.count for chapter in chapters)}
    return render(request, "cellar/book.html", context | _about(filters, len(wines)))


@require_safe
@members
@limit_searches
def inventory(request: HttpRequest) -> HttpResponse:
    """What is here, what was paid for it and when; with photos."""
    filters = WineFilter(request.GET, tree=load_tree())
    wines = papers.printable(filters.results())
    context = {"inventory": papers.inventory(wines)}
    return render(request, "cellar/inventory.html", context | _about(filters, len(wines)))


def _about(filters: WineFilter, shown: int) -> dict[str, Any]:
    total = shown if shown < papers.MOST else filters.results().in_stock().count()
    return {
        "chips": [text for _name, text in filters.chips()],
        "wines": total,
        "left_out": total - shown,
        "today": timezone.localdate(),
    }
