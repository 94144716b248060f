"""What pages have in common whose address is a secret."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.limits import limit_links
from winebox import letters

View = TypeVar("View", bound=Callable[..., HttpResponse])


def secret_address(view: View) -> View:
    """Mark a page whose address is a secret: looking is a try, nobody keeps a copy, and nobody is told the address."""
    return limit_links(never_cache(_told_to_nobody(view)))


def _told_to_nobody(view: View) -> View:
    """Tell the browser to tell nobody the address of this page, not even our own other pages.

    Only the name of the site is sent on. With "no-referrer" browsers would also hide where a form comes from
    (`Origin: null`), and Django's check against forged requests would refuse it.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return cast(View, kept)


def whole_address(request: HttpRequest, path: str) -> str:
    """Return a whole link to show; the site's own address counts before the one that somebody happens to use."""
    return letters.address_of(path) if settings.SITE_URL else request.build_absolute_uri(path)
