"""The people of the household, as its owner sees them."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lockout, people, second_factor
from accounts.forms import RoleForm
from accounts.models import Invitation, Role, User
from winebox import letters, notices
from winebox.access import owners, sudo, sudo_to_change
from winebox.answers import posted


@require_safe
@owners
def members(request: HttpRequest) -> HttpResponse:
    """List everybody, and the invitations that wait."""
    # Helpers come and go; those who are gone are in the history and in the security log.
    household = list(User.objects.exclude(role=Role.HELPER, is_active=False).order_by("-is_active", "name", "email"))
    context = {
        "people": household,
        "locked": lockout.locked_accounts(household),
        "invitations": Invitation.objects.waiting(),
        "mail_is_configured": letters.is_configured(),
        "second_factor_required": second_factor.is_required(),
    }
    return render(request, "accounts/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@owners
@sudo_to_change
def member(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show one person and change their role."""
    person = get_object_or_404(User, pk=user_id)
    if request.method == "POST" and person.role == Role.HELPER:
        raise Http404
    form = RoleForm(posted(request), initial={"role": person.role})
    if form.is_valid():
        try:
            people.change_role(person=person, role=form.cleaned_data["role"], actor=_actor(request))
        except people.LastOwnerError as error:
            form.add_error("role", str(error))
        else:
            notices.done(request, _("%(name)s is now: %(role)s.") % {"name": person, "role": person.get_role_display()})
            # Who has just given up being owner may not see the members any more.
            return redirect("member", person.pk) if person != request.user or person.is_owner else redirect("profile")
    return _page(request, person, form, status=422 if form.is_bound else 200)


@require_POST
@owners
@sudo
def member_deactivate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Lock a person out, at once and everywhere."""
    person = get_object_or_404(User, pk=user_id)
    try:
        people.deactivate(person=person, actor=_actor(request))
    except people.LastOwnerError as error:
        form = RoleForm(initial={"role": person.role})
        return _page(request, person, form, status=422, refusal=str(error))
    notices.done(request, _("%(name)s cannot sign in any more and is signed out everywhere.") % {"name": person})
    return redirect("member", person.pk)


@require_POST
@owners
@sudo
def member_reactivate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Let a person in again."""
    person = get_object_or_404(User, pk=user_id)
    people.reactivate(person=person, actor=_actor(request))
    notices.done(request, _("%(name)s can sign in again.") % {"name": person})
    return redirect("member", person.pk)


@require_POST
@owners
def member_unlock(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Let a person try again after too many failed sign-ins."""
    person = get_object_or_404(User, pk=user_id)
    people.unlock(person=person, actor=_actor(request))
    notices.done(request, _("%(name)s can try to sign in again.") % {"name": person})
    return redirect("member", person.pk)


@require_POST
@owners
def member_sign_out(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """End all sessions of a person."""
    person = get_object_or_404(User, pk=user_id)
    people.sign_out_everywhere(person=person, actor=_actor(request))
    notices.done(request, _("%(name)s is signed out on every device.") % {"name": person})
    return redirect("member", person.pk)


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(request: HttpRequest, person: User, form: RoleForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "refusal": refusal,
        "is_locked": person.email in lockout.locked_accounts([person]),
        "is_self": person == request.user,
        "has_second_factor": second_factor.is_on(person),
    }
    return render(request, "accounts/member.html", context, status=status)
