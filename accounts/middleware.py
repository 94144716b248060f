"""What surrounds each request on behalf of people."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_ratelimit.exceptions import Ratelimited

from accounts import devices, security
from accounts.sessions import MUST_ENROL

# What is open to somebody who has to set up a second factor first.
ENROLLING = frozenset({"second_factor", "second_factor_start", "second_factor_set_up", "recovery_codes", "sign_out"})


class PeopleMiddleware:
    """Lets the security log know the request in which something happened, and gives new devices their cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with security.during(request):
            response = self.get_response(request)
        devices.remember(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead who has to set up a second factor there, and to nothing else."""
        match = request.resolver_match
        if getattr(view, "who_may", "") == "anyone" or (match and match.url_name in ENROLLING):
            return None
        return redirect("second_factor") if request.session.get(MUST_ENROL) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record that somebody was refused; too much at once is a refusal of another kind."""
        if isinstance(exception, PermissionDenied) and not isinstance(exception, Ratelimited):
            security.permission_refused(request)
