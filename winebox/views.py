"""The pages that are about the server itself."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from winebox.access import anyone
from winebox.databases import is_reachable


@require_safe
@anyone
def health(request: HttpRequest) -> HttpResponse:
    """Answer whether the site works: 200, or 503 when the database is away."""
    if is_reachable():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "unavailable"}, status=503)


@require_safe
@anyone
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
