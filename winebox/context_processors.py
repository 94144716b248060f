"""What every template knows about how the site looks."""

from django.http import HttpRequest

from winebox.appearance import theme_of


def appearance(request: HttpRequest) -> dict[str, str]:
    """Give templates the theme the person chose: "light", "dark", or "auto" for what the system says."""
    return {"theme": theme_of(request)}
