"""What the views of the cellar share: trying a verb, answering with a form, going back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.ledger import StockError
from cellar.models import Transaction, TransactionLine, Wine
from cellar.places import PlaceError
from cellar.tree import load_tree, slots_label
from cellar.wines import WineError
from winebox.answers import is_ours
from winebox.answers import posted as posted

Result = TypeVar("Result")
REFUSALS = (StockError, WineError, PlaceError)
MAX_PAGE = 100_000
# A message travels in a cookie, where a longer name would not fit.
LONGEST_NAME = 100


def actor_of(request: HttpRequest) -> AbstractBaseUser:
    """Return who is signed in; the decorators of `winebox.access` let in nobody else."""
    return cast(AbstractBaseUser, request.user)


def may_change(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "may_change", False))


def is_confined(request: HttpRequest) -> bool:
    """Whether it is a helper, who sees one place and nothing else."""
    return getattr(request.user, "confined_to", None) is not None


def page_of_place(request: HttpRequest, location_id: UUID) -> str:
    """Return the address of a place, as the person who asks may see it."""
    return reverse("location_help" if is_confined(request) else "location", args=[location_id])


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the list alone; a page that the browser restores is wanted whole."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(max(int(text), 1), MAX_PAGE) if text.isdecimal() and len(text) < 9 else 1


def attempt(form: forms.BaseForm, verb: Callable[..., Result], **known: Any) -> Result | None:
    """Call the verb with what the form says; what it refuses becomes an error of the form, and the result is None."""
    if not form.is_valid():
        return None
    try:
        return verb(**known, **form.facts())  # type: ignore[attr-defined]
    except REFUSALS as error:
        refuse(form, error)
        return None


def refuse(form: forms.BaseForm, error: Exception) -> None:
    """Make what a verb refused an error of the form, beside the field that it is about where there is one."""
    field, code = getattr(error, "field", None), getattr(error, "code", None)
    form.add_error(field if field in form.fields else None, ValidationError(str(error), code=code))


def form_page(
    request: HttpRequest, template: str, context: dict[str, Any], *forms_shown: forms.BaseForm
) -> HttpResponse:
    """Show a page with forms: 422 when one of them was refused, with what was typed."""
    refused = any(form.is_bound and form.errors for form in forms_shown)
    return render(request, template, context, status=422 if refused else 200)


def back_to(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """Go back to the page a form was sent from, if that is one of ours."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if is_ours(request, url):
            return HttpResponseRedirect(url)
    return HttpResponseRedirect(default)


def wine_or_404(wine_id: UUID) -> Wine:
    try:
        return Wine.objects.select_related("cover").get(pk=wine_id)
    except Wine.DoesNotExist:
        raise Http404 from None


def id_in(request: HttpRequest, name: str) -> UUID | None:
    """Return the id that a parameter of the address names, if it is one."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def key_of(request: HttpRequest) -> UUID | None:
    """Return the key a small form was sent with, if it is one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def name_of(wine: Wine) -> str:
    """Return a wine's name for a message."""
    return Truncator(wine.full_name).chars(LONGEST_NAME)


def slots_told(transactions: Sequence[Transaction]) -> str:
    """Return, for a message, into which slots of a rack bottles went: "Rack B: row 1, column 3–6; 2 without a slot."

    Nothing where none went into one.
    """
    lines = TransactionLine.objects.filter(transaction__in=[one.pk for one in transactions]).order_by()
    went = list(lines.values_list("location_after_id", "row_after", "column_after"))
    slots = [(row, column) for _place, row, column in went if row and column]
    if not slots:
        return ""
    parts = [slots_label(slots)]
    if loose := len(went) - len(slots):
        parts.append(ngettext("%(n)d without a slot", "%(n)d without a slot", loose) % {"n": loose})
    rack = load_tree().short_label(next(place for place, row, _column in went if row))
    return _("%(place)s: %(slots)s.") % {"place": rack, "slots": "; ".join(parts)}
