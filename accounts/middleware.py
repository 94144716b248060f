"""What surrounds each request on behalf of people."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_ratelimit.exceptions import Ratelimited

from accounts import security


class SecurityLogMiddleware:
    """Lets the security log know the address and the id of the request in which something happened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with security.during(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record that somebody was refused; too much at once is a refusal of another kind."""
        if isinstance(exception, PermissionDenied) and not isinstance(exception, Ratelimited):
            security.permission_refused(request)
