"""One bottle: where it lies, what happened to it, its note and barcode."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cellar import contexts
from cellar.models import PRESENT, Bottle, State, Transaction
from cellar.search import reindex
from cellar.tree import load_tree
from cellar.views.answers import form_page, posted
from winebox import notices
from winebox.access import members

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Bottle]
else:
    ModelForm = forms.ModelForm


class BottleForm(ModelForm):
    """What belongs to the bottle itself, outside the ledger."""

    class Meta:
        model = Bottle
        fields: ClassVar[list[str]] = ["note", "barcode"]


@require_http_methods(["GET", "HEAD", "POST"])
@members
def bottle(request: HttpRequest, bottle_id: UUID) -> HttpResponse:
    one = get_object_or_404(Bottle.objects.select_related("wine").exclude(state=State.VOID), pk=bottle_id)
    form = BottleForm(posted(request), instance=one)
    if form.is_valid():
        Bottle.objects.filter(pk=one.pk).update(**form.cleaned_data)
        reindex([one.wine_id])
        notices.done(request, _("Saved."))
        return redirect("bottle", one.pk)
    tree = load_tree()
    history = Transaction.objects.filter(lines__bottle=one).select_related("actor", "undone_by").newest_first()
    context = {
        "bottle": one,
        "wine": one.wine,
        "where": tree.slot_label(one.location_id, one.row, one.column) if one.state in PRESENT else "",
        "is_present": one.state in PRESENT,
        "is_full": one.state == State.IN_CELLAR,
        "events": contexts.events(list(history), tree, name_wines=False),
        "form": form,
    }
    return form_page(request, "cellar/bottle.html", context, form)
