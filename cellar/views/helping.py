"""A helper's page of one place: what lies there, one bottle more or less, and the way to the stock-take."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cellar import contexts, stock
from cellar.choosing import Pick
from cellar.contexts import CountRow
from cellar.models import Kind, Location, Reason, Transaction, Wine
from cellar.tree import load_tree
from cellar.views.answers import REFUSALS, actor_of, is_confined, name_of, slots_told
from cellar.views.places import place_or_404
from winebox import notices
from winebox.access import helpers

# How many of the wines that are all gone a helper can still put back.
REMEMBERED = 20


@dataclass(frozen=True)
class HelpRow:
    """A wine in one size, with what its two buttons send."""

    counted: CountRow
    button: str


@require_http_methods(["GET", "HEAD", "POST"])
@helpers
def location_help(request: HttpRequest, location_id: UUID) -> HttpResponse:
    one = place_or_404(load_tree(), location_id)
    here = contexts.count_rows(one.pk)
    rows = [*here, *_all_gone(request, here)]
    if request.method == "POST":
        return _changed(request, one, rows)
    shown = [HelpRow(row, f"{row.wine_id}:{row.size_ml}:{uuid.uuid4()}") for row in rows]
    total = sum(row.expected for row in rows)
    return render(request, "cellar/helper.html", {"location": one, "rows": shown, "total": total})


def _all_gone(request: HttpRequest, here: list[CountRow]) -> list[CountRow]:
    """Return the wines of which this helper took the last bottle here: a slip can be put right."""
    if not is_confined(request):
        return []
    there = {(row.wine_id, row.size_ml) for row in here}
    taken = Transaction.objects.filter(actor_id=actor_of(request).pk, kind=Kind.CHECK_OUT).order_by("-happened_at")
    sizes = [pair for pair in dict.fromkeys(taken.values_list("wine_id", "size_ml")[:REMEMBERED]) if pair not in there]
    wines = Wine.objects.in_bulk({wine_id for wine_id, _size in sizes})
    return [contexts.empty_count_row(wines[wine_id], size) for wine_id, size in sizes if size]


def _changed(request: HttpRequest, one: Location, rows: list[CountRow]) -> HttpResponseRedirect:
    takes = "take" in request.POST
    wine_id, _colon, rest = request.POST.get("take" if takes else "put", "").partition(":")
    size, _colon, key = rest.partition(":")
    row = next((row for row in rows if (str(row.wine_id), str(row.size_ml)) == (wine_id, size)), None)
    try:
        if row is None:
            notices.refused(request, _("That wine does not lie here any more. Nothing was changed."))
        else:
            (_take if takes else _put)(request, one, row, UUID(key))
    except ValueError:
        notices.refused(request, _("That was not understood. Nothing was changed."))
    except REFUSALS as error:
        notices.refused(request, str(error))
    return redirect("location_help", one.pk)


def _take(request: HttpRequest, one: Location, row: CountRow, key: UUID) -> None:
    done = stock.check_out(
        wine=row.wine,
        quantity=1,
        reason=Reason.DRANK,
        actor=actor_of(request),
        pick=Pick(size_ml=row.size_ml, location_id=one.pk, anywhere=False),
        key=key,
    )
    text = _("1 bottle of %(wine)s taken out.") % {"wine": name_of(row.wine)}
    line = done.lines.get()
    if line.row_before is not None:
        slot = {"row": line.row_before, "column": line.column_before}
        text = f"{text} {_('Take the one in row %(row)d, column %(column)d.') % slot}"
    notices.done(request, text)


def _put(request: HttpRequest, one: Location, row: CountRow, key: UUID) -> None:
    done = stock.check_in(
        wine=row.wine,
        quantity=1,
        size_ml=row.size_ml,
        place=stock.Place(one.pk, fills=True, or_loose=True),
        actor=actor_of(request),
        key=key,
    )
    text = _("1 bottle of %(wine)s put in.") % {"wine": name_of(row.wine)}
    notices.done(request, f"{text} {slots_told([done])}".strip())
