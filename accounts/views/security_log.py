"""The security log, for the owner."""

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.forms import SecurityLogFilter
from accounts.models import SecurityEvent
from winebox.access import owners

PER_PAGE = 50
# Beyond these, a day is none in every time zone.
EARLIEST, LATEST = date(1970, 1, 1), date(9999, 1, 1)


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
    if since := form.chosen("since"):
        events = events.filter(created_at__gte=_midnight(since))
    if until := form.chosen("until"):
        events = events.filter(created_at__lt=_midnight(until, days=1))
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/security_log.html", {"form": form, "page_obj": page})


def _midnight(day: date, *, days: int = 0) -> datetime:
    """Return when a day begins where the household lives, or the one so many days later."""
    sane = min(max(day, EARLIEST), LATEST)
    return timezone.make_aware(datetime.combine(sane + timedelta(days=days), time.min))
