"""How pages look in this browser: what a person chose, such as light or dark."""

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
    """Keep the theme in this browser; anything that is no theme means "auto"."""
    remember(response, name=COOKIE, choice=theme if theme in THEMES else "auto")


def remember(response: HttpResponse, *, name: str, choice: str) -> None:
    """Keep a choice in this browser for a year."""
    response.set_cookie(
        name,
        choice,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
