"""What happens to every request: its number and log line, headers, size, session, and who may."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from winebox import errors, logs
from winebox.addresses import client_address
from winebox.archive.uploads import body_limit

GetResponse = Callable[[HttpRequest], HttpResponse]

request_log = logging.getLogger("winebox.request")
log = logging.getLogger("winebox")

# Every sensor and power a page could ask for, switched off; the camera input of a form needs none of them.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "gamepad",
        "geolocation",
        "gyroscope",
        "hid",
        "identity-credentials-get",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "otp-credentials",
        "payment",
        "picture-in-picture",
        "publickey-credentials-create",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    )
)
HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Pages are for the person who asked. Static files and photos say something else, and that stands.
    "Cache-Control": "no-store",
}
# How often a session in use is written, so that reading pages costs no write each.
SLIDE_EVERY_SECONDS = 60


class Middleware:
    """What all of them share."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class RequestLogMiddleware(Middleware):
    """Gives each request a number, and the log one line about it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        logs.begin_request(request.request_id)  # type: ignore[attr-defined]
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = logs.current_request_id()
        fields = {
            "method": request.method,
            "path": logs.loggable_path(request.path, request.resolver_match),
            "status": response.status_code,
            "duration_ms": round((time.monotonic() - started) * 1000),
            "user": getattr(errors.known_user(request), "pk", None) or "-",
        }
        request_log.info(" ".join(f"{name}=%s" for name in fields), *fields.values(), extra={"fields": fields})
        return response


class SecurityHeadersMiddleware(Middleware):
    """Adds the headers that neither Django nor django-csp sets; a view's own value stays."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BodySizeMiddleware(Middleware):
    """Refuses what is larger than any form of ours, before it is read."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length[:20]) > body_limit(request.path):
            return errors.page(request, 413)
        return self.get_response(request)


class SlidingSessionMiddleware(Middleware):
    """Makes a session last from its latest use, not from sign-in, with at most one write a minute."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = errors.known_user(request)
        if user is not None and user.is_authenticated and response.status_code < 500:
            now = int(time.time())
            if now - int(request.session.get("seen", 0)) >= SLIDE_EVERY_SECONDS:
                request.session.was_only_used = not request.session.modified  # type: ignore[attr-defined]
                request.session["seen"] = now
                request.session["seen_from"] = client_address(request)
        return response


class WhoMayMiddleware(Middleware):
    """Refuses a view that does not say who may use it (see `winebox.access`); Django's admin asks for itself."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        if match is not None and "admin" in match.app_names:
            return
        if getattr(view, "who_may", None) is None:
            log.error("The view %s does not say who may use it, so nobody may.", getattr(view, "__qualname__", view))
            raise PermissionDenied


class ErrorPageMiddleware(Middleware):
    """Puts a page where a decorator answered with a bare status."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in errors.BARE and not response.streaming and not response.content:
            return errors.fill(request, response)
        return response
