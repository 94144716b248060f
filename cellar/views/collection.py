"""Deleting the whole collection: the owner, the password again, the name typed, a backup offered first."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cellar import emptying
from cellar.forms.collection import DeleteCollectionForm
from cellar.models import Bottle, Transaction, Wine
from cellar.views.answers import form_page, posted
from winebox import notices, security_log
from winebox.access import owners, sudo
from winebox.archive import age


@require_http_methods(["GET", "HEAD", "POST"])
@owners
@sudo
def collection_delete(request: HttpRequest) -> HttpResponse:
    name = settings.SITE_HOST or "WineBox"
    form = DeleteCollectionForm(posted(request), name=name)
    if form.is_valid():
        n = emptying.delete_collection()
        security_log.note("collection_deleted", detail=f"{n} bottles")
        text = ngettext("The collection is deleted: %(n)d bottle.", "The collection is deleted: %(n)d bottles.", n)
        notices.done(request, text % {"n": n})
        return redirect("home")
    context = {
        "form": form,
        "name": name,
        "last_backup": age.last_backup(),
        "facts": [
            (_("Wines"), Wine.objects.count()),
            (_("Bottles in the cellar"), Bottle.objects.present().count()),
            (_("Steps of the history"), Transaction.objects.count()),
        ],
    }
    return form_page(request, "cellar/collection_delete.html", context, form)
