"""What the views of every room share: what a form is bound to, and where somebody may be led back to."""

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

# Django refuses to redirect to a longer address.
LONGEST_ADDRESS = 2000


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if that is nothing at all: an empty form that was sent is refused, not shown anew."""
    return request.POST if request.method == "POST" else None


def is_ours(request: HttpRequest, url: str) -> bool:
    """Return whether an address that came with a request is one of this site's pages."""
    # Beside what Django looks at: an address in another scheme, and a relative one, are none of our pages.
    return (
        len(url) <= LONGEST_ADDRESS
        and url.startswith(("/", "http://", "https://"))
        and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    )
