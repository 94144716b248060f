"""Adding, editing, archiving and deleting a wine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cellar import adding, wines
from cellar.adding import Added
from cellar.forms.filling import TEXT, Draft, LabelForm, chip, folded, shown
from cellar.forms.photos import PhotosForm
from cellar.forms.stock import CheckInForm
from cellar.forms.wine import MAIN_FIELDS, MORE_FIELDS, OF_ONE_VINTAGE, WINDOW_FIELDS, There, WineForm
from cellar.labels.reading.findings import Source
from cellar.models import Kind, Wine
from cellar.tree import Tree, load_tree
from cellar.views import begun, reading
from cellar.views.answers import (
    REFUSALS,
    actor_of,
    attempt,
    form_page,
    id_in,
    key_of,
    name_of,
    posted,
    refuse,
    slots_told,
    wine_or_404,
)
from cellar.views.reading import Told
from winebox import notices
from winebox.access import members

SIDES = {
    "front": gettext_lazy("The photo of the front is kept."),
    "back": gettext_lazy("The photo of the back is kept."),
}


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of the page for adding, which are sent together."""

    wine: WineForm
    photos: PhotosForm
    bottles: CheckInForm
    label: LabelForm

    def _all(self) -> tuple[BaseForm, ...]:
        return self.photos, self.wine, self.bottles, self.label

    def are_valid(self) -> bool:
        # A list, so that each of them says what is wrong with it.
        return all([one.is_bound and one.is_valid() for one in self._all()])  # noqa: C419

    def refused(self) -> list[BaseForm]:
        """Return those with errors: one summary says what is wrong in any of them."""
        return [one for one in self._all() if one.errors]


def _wine_form_context(form: WineForm) -> dict[str, Any]:
    return {
        "form": form,
        "main_fields": [form[name] for name in MAIN_FIELDS],
        "more_fields": [form[name] for name in MORE_FIELDS],
        "window_fields": [form[name] for name in WINDOW_FIELDS],
        "more_open": any(name in form.errors for name in (*MORE_FIELDS, *WINDOW_FIELDS)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_add(request: HttpRequest) -> HttpResponse:
    """Add a wine with its photos and its first bottles; a wine that is there gets the bottles instead."""
    if reading.READ in request.POST:
        return redirect("wine_read", preserve_request=True)
    return _sent_before(request) or _wine_add(request)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_read(request: HttpRequest) -> HttpResponse:
    """Fill the form for a wine in. It is that page, at an address of its own: a reading has threads of its own."""
    return _sent_before(request) or _wine_add(request)


def _wine_add(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    if kept := _asked_to_go_on(request):
        return _gone_on_page(request, kept, tree)
    draft = reading.draft_of(request.POST)
    photos = PhotosForm(posted(request), request.FILES or None)
    if reading.is_asked(request):
        return _filled_page(request, draft, photos, tree, reading.fill(request, draft, photos, tree))
    listed = id_in(request, "catalogue") if request.method != "POST" else None
    if listed and (told := reading.from_listed(listed, draft, tree)):
        return _filled_page(request, draft, photos, tree, told)
    slot = {name: request.GET[name] for name in ("location", "row", "column") if name in request.GET}
    bottles = CheckInForm(posted(request), tree=tree, none_allowed=True, initial=slot)
    forms = _Forms(_wine_form(request), photos, bottles, LabelForm(posted(request)))
    # Before anybody looks at a field: it keeps what it says then.
    draft.mark(forms.wine)
    draft.mark(forms.bottles)
    there = There()
    if forms.are_valid():
        there = forms.wine.there()
        existing = there.chosen(request.POST.get("existing", ""))
        if existing or "anyway" in request.POST or not there:
            added = _add(request, forms, _text_of(forms, draft), existing)
            if added is not None:
                begun.forget(request, str(bottles.cleaned_data["key"]))
                return _added(request, added, is_new=existing is None)
    # The same form, sent twice at once: what stands in the way of this one may be what the other one has just made.
    return _sent_before(request) or _add_page(request, draft, forms, there)


def _asked_to_go_on(request: HttpRequest) -> QueryDict | None:
    return begun.form(request, request.GET["begun"]) if request.method != "POST" and "begun" in request.GET else None


def _gone_on_page(request: HttpRequest, kept: QueryDict, tree: Tree) -> HttpResponse:
    """Show the form as it was left, with its photos."""
    photos = PhotosForm(kept)
    photos.is_valid()
    draft = reading.draft_of(kept)
    return _filled_page(request, draft, photos, tree, reading.gone_on(draft))


def _wine_form(request: HttpRequest) -> WineForm:
    """Return an empty form, or one that begins with what another vintage of the wine has on its label."""
    like = id_in(request, "like")
    wine = Wine.objects.filter(pk=like).first() if like else None
    return WineForm(posted(request), wine=wine, initial=dict.fromkeys(OF_ONE_VINTAGE))


def _sent_before(request: HttpRequest) -> HttpResponse | None:
    """Return where a form leads that was sent once more: to what it made the first time."""
    key = key_of(request)
    added = adding.added_with(key) if key else None
    if key is None or added is None:
        return None
    begun.forget(request, str(key))
    text = _("%(wine)s was saved already; nothing was added a second time.")
    notices.told(request, text % {"wine": name_of(added.wine)})
    return redirect("wine", added.wine.pk)


def _text_of(forms: _Forms, draft: Draft) -> str:
    """Return what is kept as the text of the first photo: not what was read from another one in its place before."""
    first = next(iter(forms.photos.kept()), "")
    is_of_another = bool(forms.photos.cleaned_data.get(first)) and TEXT in draft.filled
    return "" if is_of_another else str(forms.label.cleaned_data[TEXT])


def _add(request: HttpRequest, forms: _Forms, text: str, existing: Wine | None) -> Added | None:
    """Do what the page for adding asks for; None, with the reason in the form, where it cannot be done."""
    try:
        return adding.add(
            key=forms.bottles.cleaned_data["key"],
            facts=forms.wine.facts(),
            photos=forms.photos.kept(),
            bottles=forms.bottles.facts(),
            actor=actor_of(request),
            existing=existing,
            text=text,
        )
    except REFUSALS as error:
        refuse(forms.bottles, error)
        return None


def _added(request: HttpRequest, added: Added, *, is_new: bool) -> HttpResponse:
    wine, transaction = added.wine, added.transaction
    if transaction is not None:
        ordered, checked_in = _("%(n)d × %(wine)s ordered."), _("%(n)d × %(wine)s checked in.")
        text = ordered if transaction.kind == Kind.ORDER else checked_in
        undo_url = reverse("undo", args=[transaction.action])
        told = text % {"n": transaction.quantity, "wine": name_of(wine)}
        notices.done(request, f"{told} {slots_told([transaction])}".strip(), undo_url=undo_url)
    elif is_new:
        notices.done(request, _("%(wine)s added.") % {"wine": name_of(wine)})
    else:
        notices.told(request, _("%(wine)s was there already; no bottle was added.") % {"wine": name_of(wine)})
    return redirect("wine", wine.pk)


def _filled_page(request: HttpRequest, draft: Draft, photos: PhotosForm, tree: Tree, told: Told) -> HttpResponse:
    """Show the form as it was filled in, before anybody looks whether it can be saved."""
    draft.remember()
    sent = WineForm(draft.data)
    there = sent.there() if sent.is_valid() else There()
    bottles = shown(CheckInForm, draft, tree=tree, none_allowed=True)
    forms = _Forms(shown(WineForm, draft), photos, bottles, shown(LabelForm, draft))
    return _add_page(request, draft, forms, there, told)


def _add_page(
    request: HttpRequest, draft: Draft, forms: _Forms, there: There, told: Told | None = None
) -> HttpResponse:
    if forms.photos.is_bound:
        forms.photos.remember()
    sides = _sides(forms.photos)
    if request.method == "POST":
        begun.keep(request, _with_photos(draft, sides))
    context = _wine_form_context(forms.wine) | {
        "folded": folded(forms.wine, draft, (*WINDOW_FIELDS, *MORE_FIELDS)),
        "refused": forms.refused(),
        "sides": sides,
        "bottles": forms.bottles,
        "label": forms.label,
        "chips": [chip(Source.CATALOGUE, is_sure=is_sure) for is_sure in (True, False)],
        "same": there.same,
        "vintages": there.vintages,
        "begun": begun.offers(request) if request.method != "POST" and told is None else [],
        # Where the form goes when it is checked in; nothing is this page itself, with what its address says.
        "action": "" if request.path == reverse("wine_add") else reverse("wine_add"),
        **reading.context(draft, there.same, told),
    }
    status = told.status if told else 422 if forms.wine.is_bound else 200
    response = render(request, "cellar/wine_add.html", context, status=status)
    if told and told.seconds:
        response["Retry-After"] = str(told.seconds)
    return response


def _sides(photos: PhotosForm) -> list[dict[str, Any]]:
    """Return the two photos as the page shows them: the field, and the photo that is kept."""
    return [
        {"field": photos[side], "kept": photos[f"{side}_kept"], "token": photos[f"{side}_kept"].value(), "said": said}
        for side, said in SIDES.items()
    ]


def _with_photos(draft: Draft, sides: list[dict[str, Any]]) -> QueryDict:
    data = draft.data.copy()
    for side in sides:
        data[side["kept"].name] = side["token"] or ""
    return data


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_edit(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wine_or_404(wine_id)
    form = WineForm(posted(request), wine=one)
    if attempt(form, wines.edit_wine, wine=one) is None:
        return form_page(request, "cellar/wine_edit.html", _wine_form_context(form) | {"wine": one}, form)
    notices.done(request, _("Saved."))
    return redirect("wine", one.pk)


@require_POST
@members
def wine_archive(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wine_or_404(wine_id)
    try:
        wines.archive_wine(wine=one)
    except REFUSALS as error:
        notices.refused(request, str(error))
    else:
        text = _("%(wine)s is archived; the filter “archived” shows it.") % {"wine": name_of(one)}
        notices.done(request, text, undo_url=reverse("wine_restore", args=[one.pk]))
    return redirect("wine", one.pk)


@require_POST
@members
def wine_restore(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wines.restore_wine(wine=wine_or_404(wine_id))
    notices.done(request, _("%(wine)s is back in the list.") % {"wine": name_of(one)})
    return redirect("wine", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def wine_delete(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    one = wine_or_404(wine_id)
    if request.method != "POST":
        context = {
            "wine": one,
            "has_history": one.has_history or one.notes.exists(),
            "may_archive": not (one.archived_at or one.count_present or one.count_on_order),
        }
        return render(request, "cellar/wine_delete.html", context)
    try:
        wines.delete_wine(wine=one)
    except REFUSALS as error:
        notices.refused(request, str(error))
        return redirect("wine", one.pk)
    notices.done(request, _("%(wine)s is deleted.") % {"wine": name_of(one)})
    return redirect("wine_list")
