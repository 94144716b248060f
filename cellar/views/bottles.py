"""One bottle: where it lies, what happened to it, its note and barcode."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cellar import contexts, wines
from cellar.forms.stock import BottleForm
from cellar.models import PRESENT, Bottle, State, Transaction
from cellar.tree import load_tree
from cellar.views.answers import attempt, form_page, posted
from winebox import notices
from winebox.access import members


@require_http_methods(["GET", "HEAD", "POST"])
@members
def bottle(request: HttpRequest, bottle_id: UUID) -> HttpResponse:
    one = get_object_or_404(Bottle.objects.select_related("wine").exclude(state=State.VOID), pk=bottle_id)
    form = BottleForm(posted(request), bottle=one)
    if attempt(form, wines.describe_bottle, bottle=one) is not None:
        notices.done(request, _("Saved."))
        return redirect("bottle", one.pk)
    tree = load_tree()
    steps = list(one.lines.values_list("transaction_id", flat=True))
    history = contexts.with_story(Transaction.objects.filter(pk__in=steps).newest_first())
    context = {
        "bottle": one,
        "wine": one.wine,
        "where": tree.slot_label(one.location_id, one.row, one.column) if one.state in PRESENT else "",
        "is_present": one.state in PRESENT,
        "is_full": one.state == State.IN_CELLAR,
        "events": contexts.events(history, tree, name_wines=False),
        "form": form,
    }
    return form_page(request, "cellar/bottle.html", context, form)
