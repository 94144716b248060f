"""The drawn things and small joints of every page: icons, bottles, places in the menu, undo."""

from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from winebox import numbers
from winebox.notices import undo_url_of

register = template.Library()

WINE_TYPES = frozenset({"red", "white", "rose", "orange", "sparkling", "dessert", "fortified", "other"})


@lru_cache(maxsize=1)
def _sprite() -> str:
    # A list draws a hundred of them, and the address of a static file stays the same while the server runs.
    return static("img/icons.svg")


@lru_cache(maxsize=256)
def _drawing(classes: str, symbol: str) -> SafeString:
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, _sprite(), symbol)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of `static/img/icons.svg`; it says nothing to a screen reader, so a word stands beside it."""
    return _drawing("icon", name)


@register.simple_tag
def bottle(wine_type: str = "", size: str = "") -> SafeString:
    """Draw a bottle in the shape and colour of a wine type; `size` is "" or "large"."""
    known = wine_type if wine_type in WINE_TYPES else "unknown"
    return _drawing(f"bottle {size} type-{known}".replace("  ", " "), f"bottle-{known}")


@register.filter
def type_class(wine_type: str) -> str:
    """Return the CSS class that brings the colour of a wine type."""
    return f"type-{wine_type if wine_type in WINE_TYPES else 'unknown'}"


@register.filter
def is_among(field: BoundField, values: str) -> bool:
    """Say whether a field has one of these values, which stand there with blanks between as in `data-values`."""
    value = field.value()
    return ("" if value is None else str(value)) in values.split(" ")


@register.inclusion_tag("partials/nav_item.html", takes_context=True)
def nav_item(
    context: Context, name: str, label: str, symbol: str, also: str = "", bare: bool = False, query: str = ""
) -> dict[str, Any]:
    """Link to the page named `name`, marked when it or a page in `also` is shown; nothing where there is none.

    `query` is what its address asks for at first, such as "?stock=in".
    """
    try:
        href = reverse(name) + query
    except NoReverseMatch:
        return {}
    match = getattr(context.get("request"), "resolver_match", None)
    shown = match.view_name if match else ""
    current = "page" if shown == name else "true" if shown in also.split() else ""
    return {"href": href, "label": label, "symbol": symbol, "current": current, "bare": bare}


@register.filter
def grouped(number: int) -> str:
    """Return a count with its thousands apart."""
    return numbers.grouped(number)


@register.filter
def undo_url(message: Message) -> str:
    """Return where a message's undo is posted to, or nothing."""
    return undo_url_of(message)


@register.filter
def error_target(field: BoundField) -> str:
    """Return the id of the control a link in the summary of errors leads to."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is a single box to tick, whose label stands beside it."""
    return field.widget_type == "checkbox"
