"""Photos: handed out to people who are signed in, added, replaced, removed."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cellar import wines
from cellar.forms.fields import read_kept
from cellar.forms.photos import PhotoForm
from cellar.labels.serve import photo_response
from cellar.labels.store import PhotoMissing
from cellar.models import Label
from cellar.views.answers import form_page, posted, wine_or_404
from winebox import notices
from winebox.access import members, readers


@require_safe
@readers
def label(request: HttpRequest, label_id: UUID, variant: str) -> HttpResponseBase:
    photo = get_object_or_404(Label, pk=label_id)
    try:
        return photo_response(photo.name, variant)
    except PhotoMissing:
        raise Http404(_("The photo is not in the store.")) from None


@require_safe
@members
def kept_photo(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show a photo that was uploaded with a form that is not finished yet."""
    kept = read_kept(token)
    if kept is None:
        raise Http404
    try:
        return photo_response(kept.name, "small")
    except PhotoMissing:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@members
def photo_add(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine = wine_or_404(wine_id)
    form = PhotoForm(posted(request), request.FILES or None)
    if not form.is_valid():
        return form_page(request, "cellar/photo_add.html", {"wine": wine, "form": form}, form)
    wines.add_label(wine=wine, **form.cleaned_data)
    notices.done(request, _("Photo saved."))
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def photo_remove(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """Ask whether a photo is to go, since nothing brings it back, and then remove it."""
    photo = get_object_or_404(Label.objects.select_related("wine"), pk=label_id)
    if request.method != "POST":
        return render(request, "cellar/remove.html", {"label": photo, "wine": photo.wine})
    wines.remove_label(label=photo)
    notices.done(request, _("Photo removed."))
    return redirect("wine", photo.wine_id)
