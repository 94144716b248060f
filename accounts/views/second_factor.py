"""The second factor of a person: switching it on and off, and the codes on paper."""

import re
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import qr, sessions
from accounts import second_factor as verbs
from accounts.forms import CodeForm
from accounts.models import RecoveryCode, User
from accounts.views import shown_once
from winebox import notices
from winebox.access import owners, readers, sudo
from winebox.answers import posted

CODES_COOKIE = "recovery_codes"


@require_safe
@readers
def second_factor(request: HttpRequest) -> HttpResponse:
    """Say whether it is on, and offer what can be done."""
    person = cast(User, request.user)
    context = {
        "is_on": verbs.is_on(person),
        "is_required": verbs.is_required(),
        "codes_left": RecoveryCode.objects.filter(person=person, used_at=None).count(),
    }
    return render(request, "accounts/second_factor.html", context)


@require_POST
@readers
@sudo
def second_factor_start(request: HttpRequest) -> HttpResponse:
    """Make a secret for the app."""
    verbs.start(person=cast(User, request.user))
    return redirect("second_factor_set_up")


@require_http_methods(["GET", "HEAD", "POST"])
@readers
@sudo
@never_cache
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a QR code, until the app has shown a code."""
    person = cast(User, request.user)
    factor = verbs.being_set_up(person)
    if factor is None:
        return redirect("second_factor")
    form = CodeForm(posted(request))
    if form.is_valid():
        codes = verbs.switch_on(person=person, code=form.cleaned_data["code"])
        if codes is not None:
            sessions.keep(request, person=person)
            request.session.pop(sessions.MUST_ENROL, None)
            return _handed_over(codes)
        form.add_error("code", _("This is not the code that the app should show now. Is the clock of the phone right?"))
    context = {
        "form": form,
        "address": verbs.address_for_app(factor),
        "qr": qr.picture(verbs.address_for_app(factor)),
        "secret": " ".join(re.findall("....", factor.secret)),
    }
    return render(request, "accounts/second_factor_set_up.html", context, status=422 if form.is_bound else 200)


@require_safe
@readers
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes, once."""
    codes = shown_once.handed_over(request, name=CODES_COOKIE).split()
    response = render(request, "accounts/recovery_codes.html", {"codes": codes})
    return shown_once.forget(response, request, name=CODES_COOKIE)


@require_POST
@readers
@sudo
def recovery_codes_new(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes."""
    person = cast(User, request.user)
    if not verbs.is_on(person):
        return redirect("second_factor")
    return _handed_over(verbs.new_recovery_codes(person=person))


@require_POST
@readers
@sudo
def second_factor_off(request: HttpRequest) -> HttpResponse:
    """Go back to the password alone."""
    person = cast(User, request.user)
    if verbs.is_required():
        notices.refused(request, _("The owner of the cellar wants everybody to have one. Nothing was changed."))
        return redirect("second_factor")
    verbs.switch_off(person=person, actor=person)
    sessions.keep(request, person=person)
    notices.done(request, _("Your second factor is off. All your other devices are signed out."))
    return redirect("second_factor")


@require_POST
@owners
@sudo
def member_second_factor_off(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Help somebody who lost the phone and the paper."""
    person = get_object_or_404(User, pk=user_id)
    verbs.switch_off(person=person, actor=cast(User, request.user))
    if person == request.user:
        sessions.keep(request, person=person)
    notices.done(request, _("%(name)s signs in with the password alone again.") % {"name": person})
    return redirect("member", person.pk)


@require_POST
@owners
@sudo
def second_factor_required(request: HttpRequest) -> HttpResponse:
    """Decide whether everybody needs one."""
    person = cast(User, request.user)
    required = request.POST.get("required") == "yes"
    if required and not verbs.is_on(person):
        notices.refused(request, _("Switch on your own second factor first. Nothing was changed."))
        return redirect("second_factor")
    verbs.require(required=required, actor=person)
    text = _("Everybody needs a second factor now.") if required else _("A second factor is for everybody to choose.")
    notices.done(request, text)
    return redirect("members")


def _handed_over(codes: list[str]) -> HttpResponse:
    page = reverse("recovery_codes")
    return shown_once.hand_over(redirect(page), name=CODES_COOKIE, secret=" ".join(codes), path=page)
