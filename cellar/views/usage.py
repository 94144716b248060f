"""What Claude was asked, and what it cost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cellar.contexts import usage
from winebox.access import owners


@require_safe
@owners
def label_usage(request: HttpRequest) -> HttpResponse:
    """Show how often labels were sent away, today and by month."""
    return render(request, "cellar/label_usage.html", usage.page())
