"""What a form is bound to."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if that is nothing at all: an empty form that was sent is refused, not shown anew."""
    return request.POST if request.method == "POST" else None
