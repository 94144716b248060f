"""The security log, for the owner."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms import SecurityLogFilter
from accounts.models import SecurityEvent
from winebox.access import owners

PER_PAGE = 50


@require_safe
@owners
def security_log(request: HttpRequest) -> HttpResponse:
    """List what concerned security, the newest first."""
    form = SecurityLogFilter(request.GET)
    events = SecurityEvent.objects.select_related("actor")
    if kind := form.chosen("kind"):
        events = events.filter(kind=kind)
    if person := form.chosen("person"):
        events = events.about(person)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/security_log.html", {"form": form, "page_obj": page})
