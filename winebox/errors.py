"""The pages that say what went wrong, what it means and what to do; they tell nothing but the request's number."""

import sys
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_ratelimit.exceptions import Ratelimited

from winebox.databases import cannot_store, is_away
from winebox.logs import current_request_id
from winebox.photo_store import PhotoStoreAway

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.utils.functional import _StrPromise

# Where nobody knows better: a database that is away may be back by then.
RETRY_AFTER_SECONDS = 60
# Statuses that Django's decorators answer with and without any text.
BARE = frozenset({405})


@dataclass(frozen=True)
class Message:
    title: "_StrPromise"
    text: "_StrPromise"


MESSAGES = {
    400: Message(
        gettext_lazy("That request cannot be understood"),
        gettext_lazy("Nothing was changed. Go back, load the page again and try once more."),
    ),
    403: Message(
        gettext_lazy("You may not do this"),
        gettext_lazy("Nothing was changed. If you need it, ask the owner of this cellar."),
    ),
    404: Message(
        gettext_lazy("There is nothing here"),
        gettext_lazy("The address may be mistyped, or what was here is gone."),
    ),
    405: Message(
        gettext_lazy("This page cannot be opened this way"),
        gettext_lazy("Nothing was changed. Go back and use the buttons of the page."),
    ),
    413: Message(
        gettext_lazy("That is too large"),
        gettext_lazy("Nothing was saved. Choose a smaller photo or file and try again."),
    ),
    429: Message(
        gettext_lazy("Too much at once"),
        gettext_lazy("Nothing was changed. Wait a minute and try again."),
    ),
    500: Message(
        gettext_lazy("Something went wrong here"),
        gettext_lazy("It is not your fault. What was being saved was not saved, or was saved as a whole."),
    ),
    503: Message(
        gettext_lazy("The cellar cannot be reached right now"),
        gettext_lazy("The database does not answer. What is stored is safe; try again in a minute."),
    ),
    507: Message(
        gettext_lazy("There is no room to save this"),
        gettext_lazy(
            "The disk of the server is full, or can only be read. Nothing was saved; what is stored is safe. "
            "Keep what you typed, make room on the server and try again."
        ),
    ),
}


def known_user(request: HttpRequest) -> "AbstractBaseUser | Any | None":
    """Return who is asking if that was already looked up: an error page must not need the database for it."""
    return vars(request).get("_cached_user")


def page(request: HttpRequest, status: int, *, text: str = "") -> HttpResponse:
    """Return the page for a status, within the site's frame for those who are signed in."""
    message = MESSAGES[status]
    context = {"status": status, "error_title": message.title, "error_text": text or message.text}
    return HttpResponse(_render(request, status, context), status=status)


def _render(request: HttpRequest, status: int, context: dict[str, Any]) -> str:
    in_frame = status < 500 and _is_signed_in(request)
    context |= {"layout": "base.html" if in_frame else "errors/plain.html", "request_id": current_request_id()}
    try:
        return render_to_string("errors/error.html", context, request if in_frame else None)
    except Exception:  # noqa: BLE001  (nothing may keep an error from being shown: not even what failed while showing it)
        return format_html(
            '<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1><p>{text}</p><p>{number}</p></html>',
            title=context["error_title"],
            text=context["error_text"],
            number=context["request_id"],
        )


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    try:
        return bool(user and user.is_authenticated)
    except DatabaseError:
        return False


def fill(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the page for a bare answer, which keeps its headers (such as Allow)."""
    filled = page(request, response.status_code)
    for name, value in response.headers.items():
        if name.lower() not in {"content-type", "content-length"}:
            filled[name] = value
    return filled


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not isinstance(exception, Ratelimited):
        return page(request, 403)
    seconds = int(getattr(exception, "seconds", RETRY_AFTER_SECONDS))
    text = _("Nothing was changed. Wait %(minutes)d minutes and try again.") % {"minutes": ceil(seconds / 60)}
    response = page(request, 429, text=text if seconds > RETRY_AFTER_SECONDS else "")
    response["Retry-After"] = str(seconds)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    if isinstance(error, PhotoStoreAway):
        text = _("The service that keeps the photos does not answer. The photo was not saved or shown; all else works.")
        response = page(request, 503, text=text)
    elif cannot_store(error):
        response = page(request, 507)
    elif is_away(error):
        response = page(request, 503)
    else:
        return page(request, 500)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        text=_("The page was open for too long, or cookies are switched off. Nothing was changed: load it again."),
    )
