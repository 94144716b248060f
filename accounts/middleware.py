"""What surrounds each request on behalf of people."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_ratelimit.exceptions import Ratelimited

from accounts import devices, security


class PeopleMiddleware:
    """Lets the security log know the request in which something happened, and gives new devices their cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with security.during(request):
            response = self.get_response(request)
        devices.remember(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record that somebody was refused; too much at once is a refusal of another kind."""
        if isinstance(exception, PermissionDenied) and not isinstance(exception, Ratelimited):
            security.permission_refused(request)
