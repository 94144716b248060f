"""Light or dark: what a person chose for this browser."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEMES = ("auto", "light", "dark")
COOKIE = "theme"
COOKIE_AGE = timedelta(days=365)


def theme_of(request: HttpRequest) -> str:
    """Return the chosen theme, "auto" where nothing or nonsense was chosen."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else "auto"


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Keep the theme in this browser for a year; anything that is no theme means "auto"."""
    response.set_cookie(
        COOKIE,
        theme if theme in THEMES else "auto",
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
