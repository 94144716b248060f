"""What pages of other rooms show of people."""

from typing import Any
from uuid import UUID

from django import template
from django.template.context import RequestContext

from accounts import helpers

register = template.Library()


@register.inclusion_tag("accounts/partials/helpers.html", takes_context=True)
def helpers_at(context: RequestContext, scope: UUID) -> dict[str, Any]:
    """List who helps at a place and which links to it wait, and offer another one."""
    return {"csrf_token": context.get("csrf_token"), "scope": scope, "links": helpers.links_to(str(scope))}
