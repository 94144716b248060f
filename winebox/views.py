"""The pages that are about the server itself."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from winebox.access import anyone
from winebox.answers import is_ours
from winebox.appearance import remember_theme
from winebox.databases import is_reachable

# Who reads it later than this asks again; RFC 9116 wants less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


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


@require_safe
@anyone
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whom to tell of a hole (RFC 9116), if the household wants that to be known."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now() + SECURITY_TXT_LASTS
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires:%Y-%m-%dT00:00:00Z}"]
    if settings.SITE_URL:
        lines.append(f"Canonical: {settings.SITE_URL}{request.path}")
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


@require_POST
@anyone
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or "as the system says" for this browser, and go back."""
    url = request.POST.get("next", "")
    response = HttpResponseRedirect(url if is_ours(request, url) else "/")
    remember_theme(response, request.POST.get("theme", ""))
    return response
