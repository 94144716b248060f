"""Tasting notes, and what critics say."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cellar import wines
from cellar.forms.notes import NoteForm, ScoreForm
from cellar.models import Score, TastingNote
from cellar.views.answers import actor_of, attempt, form_page, posted, wine_or_404
from winebox import notices
from winebox.access import members


def _note_of(request: HttpRequest, note_id: UUID) -> TastingNote:
    """Return a note that this person may change: their own, and any for the owner."""
    note = get_object_or_404(TastingNote.objects.select_related("wine"), pk=note_id)
    if note.author_id != request.user.pk and not getattr(request.user, "is_owner", False):
        raise PermissionDenied
    return note


@require_http_methods(["GET", "HEAD", "POST"])
@members
def note_add(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine = wine_or_404(wine_id)
    form = NoteForm(posted(request))
    key = form.cleaned_data["key"] if form.is_valid() else None
    if attempt(form, wines.add_note, wine=wine, author=actor_of(request), key=key) is None:
        return form_page(request, "cellar/note_form.html", {"wine": wine, "form": form}, form)
    notices.done(request, _("Note saved."))
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def note_edit(request: HttpRequest, note_id: UUID) -> HttpResponse:
    note = _note_of(request, note_id)
    form = NoteForm(posted(request), note=note)
    if attempt(form, wines.edit_note, note=note) is None:
        return form_page(request, "cellar/note_form.html", {"wine": note.wine, "form": form, "note": note}, form)
    notices.done(request, _("Note saved."))
    return redirect("wine", note.wine_id)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def note_delete(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Ask whether a note is to go, since nothing brings it back, and then delete it."""
    note = _note_of(request, note_id)
    if request.method != "POST":
        return render(request, "cellar/remove.html", {"note": note, "wine": note.wine})
    wines.delete_note(note=note)
    notices.done(request, _("Note deleted."))
    return redirect("wine", note.wine_id)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def score_add(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine = wine_or_404(wine_id)
    form = ScoreForm(posted(request))
    if attempt(form, wines.add_score, wine=wine) is None:
        return form_page(request, "cellar/score_form.html", {"wine": wine, "form": form}, form)
    notices.done(request, _("Score saved."))
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def score_remove(request: HttpRequest, score_id: UUID) -> HttpResponse:
    score = get_object_or_404(Score.objects.select_related("wine"), pk=score_id)
    if request.method != "POST":
        return render(request, "cellar/remove.html", {"score": score, "wine": score.wine})
    wines.remove_score(score=score)
    notices.done(request, _("Score removed."))
    return redirect("wine", score.wine_id)
