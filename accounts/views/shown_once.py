"""A secret that a page shows once: it travels there in the browser of who made it, and the server keeps its hash."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SECONDS = 300


def hand_over(response: HttpResponse, *, name: str, secret: str, path: str) -> HttpResponse:
    """Give the browser the secret for the page at this path alone."""
    response.set_signed_cookie(
        name,
        secret,
        salt=path,
        max_age=SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def handed_over(request: HttpRequest, *, name: str) -> str:
    """Return the secret that this page is to show, or nothing when it was shown."""
    return str(request.get_signed_cookie(name, "", salt=request.path, max_age=SECONDS))


def forget(response: HttpResponse, request: HttpRequest, *, name: str) -> HttpResponse:
    """Take the secret back, now that it was shown."""
    if name in request.COOKIES:
        response.delete_cookie(name, path=request.path)
    return response
