"""Forms for a wine that were begun and left: kept in the session of who typed them, until sent or discarded."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from typing import Any

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

KEY = "begun_wines"
# A session is read with each page, and Django reads no form of more than a thousand fields, not even a kept one.
MOST_LETTERS, MOST_FIELDS, MOST_FORMS = 60_000, 500, 3
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
        key = kept.get("key", "")
        one = {"form": text, "key": key, "at": timezone.now().isoformat()}
        request.session[KEY] = _that_fit([one, *_others(request, key)])


def _kept(request: HttpRequest) -> list[dict[str, str]]:
    """Return what is kept, the newest first."""
    kept: list[dict[str, str]] = request.session.get(KEY, [])
    return kept


def _others(request: HttpRequest, key: str) -> list[dict[str, str]]:
    return [one for one in _kept(request) if one["key"] != key]


def _that_fit(forms: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the newest that fit together."""
    letters = accumulate(len(one["form"]) for one in forms)
    return [one for one, so_far in zip(forms, letters, strict=True) if so_far <= MOST_LETTERS][:MOST_FORMS]


def form(request: HttpRequest, key: str) -> QueryDict | None:
    """Return the form that was kept with this key, as it would be sent."""
    return next((QueryDict(one["form"]) for one in _kept(request) if one["key"] == key), None)


def forget(request: HttpRequest, key: str) -> bool:
    """Forget the form with this key; say whether there was one."""
    others = _others(request, key)
    is_kept = len(others) < len(_kept(request))
    if is_kept:
        request.session[KEY] = others
    return is_kept


def offers(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what a page says of the forms that are kept, the newest first."""
    return [_offer(one) for one in _kept(request)]


def _offer(one: dict[str, str]) -> dict[str, Any]:
    data = QueryDict(one["form"])
    draft = Draft(data)
    return {
        "key": one["key"],
        "title": draft.title,
        "vintage": draft.vintage,
        "at": datetime.fromisoformat(one["at"]),
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
    """Throw away a form that was begun; its photos are cleared away like all that belong to no wine."""
    if forget(request, request.POST.get("key", "")):
        notices.told(request, _("What you began is discarded."))
    return redirect("wine_add")
