"""Where a person is signed in."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices as verbs
from accounts import people, sessions
from accounts.models import User
from winebox import notices
from winebox.access import readers


@require_safe
@readers
def devices(request: HttpRequest) -> HttpResponse:
    """List the devices with a session that is alive."""
    rows = verbs.signed_in(cast(User, request.user), here=request.session.session_key)
    return render(request, "accounts/devices.html", {"rows": rows})


@require_POST
@readers
def device_end(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Sign out one device."""
    person = cast(User, request.user)
    device = get_object_or_404(person.devices, pk=device_id)
    is_this = device.session_key == request.session.session_key
    verbs.end(device=device, actor=person)
    if is_this:
        sessions.end(request)
        return redirect("sign_in")
    notices.done(request, _("%(browser)s is signed out.") % {"browser": device.browser})
    return redirect("devices")


@require_POST
@readers
def devices_end(request: HttpRequest) -> HttpResponse:
    """Sign out every device but this one."""
    person = cast(User, request.user)
    people.sign_out_everywhere(person=person, actor=person)
    sessions.keep(request, person=person)
    notices.done(request, _("All your other devices are signed out."))
    return redirect("devices")
