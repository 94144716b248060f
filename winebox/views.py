"""The pages that are about the server itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from winebox.access import anyone
from winebox.appearance import remember_theme
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


@require_POST
@anyone
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or "as the system says" for this browser, and go back."""
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(url if safe else "/")
    remember_theme(response, request.POST.get("theme", ""))
    return response
