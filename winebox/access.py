"""Who may use a view: every view answers with one of these decorators, or it is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from winebox.limits import limit_changes

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Answer = Literal["anyone", "signed_in", "readers", "helpers", "members", "owners"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def _marked(view: Callable[..., Any], answer: Answer) -> Any:
    view.who_may = answer  # type: ignore[attr-defined]
    return view


def anyone(view: View[P]) -> View[P]:
    """Let everybody in, signed in or not."""
    return cast(View[P], _marked(login_not_required(view), "anyone"))


def signed_in(view: View[P]) -> View[P]:
    """Let in everybody who is signed in, helpers too; what the view changes is that person's own."""
    return cast(View[P], _marked(limit_changes(view), "signed_in"))


def readers(view: View[P]) -> View[P]:
    """Let in everybody who may see the whole cellar; what the view changes is that person's own."""
    limited = limit_changes(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if _confined_to(request) is not None:
            raise PermissionDenied
        return limited(request, *args, **kwargs)

    return cast(View[P], _marked(guarded, "readers"))


def helpers(view: View[P]) -> View[P]:
    """Let in who may change the cellar, and who helps at the one place that the address names (`location_id`)."""
    limited = limit_changes(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        helps_here = _confined_to(request) == str(kwargs.get("location_id") or "nowhere")
        if not helps_here and not getattr(request.user, "may_change", False):
            raise PermissionDenied
        return limited(request, *args, **kwargs)

    return cast(View[P], _marked(guarded, "helpers"))


def _confined_to(request: HttpRequest) -> str | None:
    return cast(str | None, getattr(request.user, "confined_to", None))


def _only(view: View[P], answer: Answer, attribute: str) -> View[P]:
    limited = limit_changes(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not getattr(request.user, attribute, False):
            raise PermissionDenied
        return limited(request, *args, **kwargs)

    return cast(View[P], _marked(guarded, answer))


def members(view: View[P]) -> View[P]:
    """Let in who may change the cellar: owners and members."""
    return _only(view, "members", "may_change")


def owners(view: View[P]) -> View[P]:
    """Let in the owner."""
    return _only(view, "owners", "is_owner")


def sudo(view: View[P]) -> View[P]:
    """Ask for the password again before this page is shown or does anything, unless it was given half an hour ago.

    Stands below the decorator that says who may. What was being sent is kept, and goes on once the password is right.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        question = ask_again(request)
        return question if question is not None else view(request, *args, **kwargs)

    return cast(View[P], asked)


def sudo_to_change(view: View[P]) -> View[P]:
    """The same for a page that anybody who may see it may look at: only what it does asks for the password."""
    guarded = sudo(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return (view if request.method in SAFE_METHODS else guarded)(request, *args, **kwargs)

    return cast(View[P], asked)


def ask_again(request: HttpRequest) -> HttpResponseBase | None:
    """Return the page that asks for the password again, or None where it was given."""
    return cast(HttpResponseBase | None, import_string(settings.SUDO)(request))
