"""Taking the cellar, or a list of it, away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cellar.exports import export
from cellar.forms.exports import ExportForm
from cellar.forms.filters import WineFilter
from cellar.models import Wine
from cellar.models.wine import WineQuerySet
from cellar.tree import load_tree
from winebox import security_log
from winebox.access import members, sudo
from winebox.limits import limit_searches


@require_http_methods(["GET", "HEAD", "POST"])
@members
@sudo
@limit_searches
def exports(request: HttpRequest) -> HttpResponseBase:
    """Show what can be exported, of all wines or of those the address asks for; send it.

    The password is asked for before the page: the answer to its form is a file, and would leave the question there.
    """
    filters = WineFilter(request.GET, tree=load_tree())
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _file(form, filters)
    return _page(request, form, filters)


def _page(request: HttpRequest, form: ExportForm, filters: WineFilter) -> HttpResponse:
    wines = _chosen(filters)
    context = {
        "form": form,
        "count": (Wine.objects.all() if wines is None else wines).count(),
        "chips": [text for _name, text in filters.chips()],
    }
    return render(request, "cellar/export.html", context, status=422 if form.is_bound else 200)


def _file(form: ExportForm, filters: WineFilter) -> StreamingHttpResponse:
    what, file_format = form.cleaned_data["what"], form.cleaned_data["file_format"]
    wines = _chosen(filters)
    made = export(what=what, file_format=file_format, wines=wines)
    which = "" if wines is None else ", of a list"
    security_log.note("exported", detail=f"{what}, {file_format}{which}")
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return StreamingHttpResponse(made.pieces, content_type=made.content_type, headers=headers)


def _chosen(filters: WineFilter) -> WineQuerySet | None:
    """Return the wines of the list; without a filter it is everything, archived wines too."""
    return filters.results() if filters.chips() else None
