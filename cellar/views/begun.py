"""A form for a wine that was begun and left: kept in the session of who typed it, until it is sent or discarded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cellar import adding
from cellar.forms.filling import FILLABLE, TEXT, Draft
from cellar.forms.photos import SIDES
from cellar.views.answers import key_of
from cellar.views.reading import BUTTONS
from winebox import notices
from winebox.access import members

KEY = "begun"
# A session is read with each page, and Django reads no form of more than a thousand fields, not even a kept one.
MOST_LETTERS, MOST_FIELDS = 60_000, 500
NOT_TYPED = ("csrfmiddlewaretoken", *BUTTONS, "existing", "anyway")
# What a form has from the beginning says nothing of whether somebody began.
TYPED = FILLABLE - {"size_ml", TEXT} | {"note", "price", "store", *(f"{side.value}_kept" for side in SIDES)}


def keep(request: HttpRequest, data: QueryDict) -> None:
    """Keep a form that was sent but not saved, so that nobody has to type it again."""
    kept = data.copy()
    for name in NOT_TYPED:
        kept.pop(name, None)
    draft, text = Draft(kept), kept.urlencode()
    fits = len(text) <= MOST_LETTERS and text.count("&") < MOST_FIELDS
    if fits and any(draft.value(name) for name in TYPED):
        request.session[KEY] = {"form": text, "key": kept.get("key", ""), "at": timezone.now().isoformat()}


def form(request: HttpRequest) -> QueryDict | None:
    """Return the form that was kept, as it would be sent."""
    kept = request.session.get(KEY)
    return QueryDict(kept["form"]) if kept else None


def forget(request: HttpRequest, key: UUID) -> None:
    """Forget the form that was saved with this key."""
    if request.session.get(KEY, {}).get("key") == str(key):
        del request.session[KEY]


def offer(request: HttpRequest) -> dict[str, Any] | None:
    """Return what a page says of the form that was kept."""
    data = form(request)
    if data is None:
        return None
    draft = Draft(data)
    return {
        "title": draft.title,
        "vintage": draft.vintage,
        "at": datetime.fromisoformat(request.session[KEY]["at"]),
        "has_photo": any(data.get(f"{side.value}_kept") for side in SIDES),
    }


@require_POST
@members
def wine_keep(request: HttpRequest) -> HttpResponse:
    """Keep a form that is being left; the browser sends it without waiting for an answer."""
    key = key_of(request)
    if key is None or adding.added_with(key) is None:
        keep(request, request.POST)
    return HttpResponse(status=204)


@require_POST
@members
def wine_discard(request: HttpRequest) -> HttpResponse:
    """Throw away what was begun; its photos are cleared away like all that belong to no wine."""
    if request.session.pop(KEY, None):
        notices.told(request, _("What you began is discarded."))
    return redirect("wine_add")
