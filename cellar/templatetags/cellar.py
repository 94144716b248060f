"""Small things that the templates of the cellar need."""

import uuid

from django import template

register = template.Library()


@register.simple_tag
def new_key() -> str:
    """Return a fresh key, so that a form has one effect however often it is sent."""
    return str(uuid.uuid4())


@register.filter
def absolute(number: int) -> int:
    return abs(number)
