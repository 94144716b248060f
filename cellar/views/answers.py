"""What the views of the cellar share: trying a verb, answering with a form, going back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from cellar.ledger import StockError
from cellar.models import Wine
from cellar.places import PlaceError
from cellar.wines import WineError

Result = TypeVar("Result")
REFUSALS = (StockError, WineError, PlaceError)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, or None where the form is only to be shown."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.BaseForm, verb: Callable[..., Result], **known: Any) -> Result | None:
    """Call the verb with what the form says; what it refuses becomes an error of the form, and the result is None."""
    if not form.is_valid():
        return None
    try:
        return verb(**known, **form.facts())  # type: ignore[attr-defined]
    except REFUSALS as error:
        form.add_error(None, str(error))
        return None


def form_page(
    request: HttpRequest, template: str, context: dict[str, Any], *forms_shown: forms.BaseForm
) -> HttpResponse:
    """Show a page with forms: 422 when one of them was refused, with what was typed."""
    refused = any(form.is_bound and form.errors for form in forms_shown)
    return render(request, template, context, status=422 if refused else 200)


def back_to(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """Go back to the page a form was sent from, if that is one of ours."""
    for url in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return HttpResponseRedirect(url)
    return HttpResponseRedirect(default)


def wine_or_404(wine_id: UUID) -> Wine:
    try:
        return Wine.objects.select_related("cover").get(pk=wine_id)
    except Wine.DoesNotExist:
        raise Http404 from None


def key_of(request: HttpRequest) -> UUID | None:
    """Return the key a small form was sent with, if it is one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
