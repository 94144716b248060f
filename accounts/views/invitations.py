"""Inviting people, and being invited."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations, mails, sessions
from accounts.forms import AcceptForm, InviteForm
from accounts.invitations import Invited
from accounts.limits import limit_invitations
from accounts.models import Invitation, User
from accounts.people import EmailTakenError
from accounts.views import shown_once
from accounts.views.secret_links import secret_address, whole_address
from winebox import letters, notices
from winebox.access import anyone, owners, sudo, sudo_to_change
from winebox.answers import posted
from winebox.letters import Delivery

LINK_COOKIE = "invitation_link"


@require_http_methods(["GET", "HEAD", "POST"])
@owners
@limit_invitations
@sudo_to_change
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a new person by e-mail address and role."""
    form = InviteForm(posted(request))
    if form.is_valid():
        try:
            invited = invitations.invite(
                email=form.cleaned_data["email"], role=form.cleaned_data["role"], actor=cast(User, request.user)
            )
        except EmailTakenError as error:
            form.add_error("email", str(error))
        else:
            return _handed_over(request, invited)
    context = {"form": form, "mail_is_configured": letters.is_configured()}
    return render(request, "accounts/invite.html", context, status=422 if form.is_bound else 200)


@require_safe
@owners
@never_cache
def invitation_link(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Show the link of a new invitation, once."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    token = shown_once.handed_over(request, name=LINK_COOKIE)
    context = {"invitation": invitation, "url": _url(request, token) if token else ""}
    return shown_once.forget(render(request, "accounts/invitation_link.html", context), request, name=LINK_COOKIE)


@require_POST
@owners
@limit_invitations
@sudo
def invitation_resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Give an invitation a new link."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    try:
        invited = invitations.resend(invitation=invitation, actor=cast(User, request.user))
    except invitations.InvitationError:
        notices.refused(request, _("This invitation was used or withdrawn in the meantime."))
        return redirect("members")
    return _handed_over(request, invited)


@require_POST
@owners
def invitation_revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    invitations.revoke(invitation=invitation, actor=cast(User, request.user))
    notices.done(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("members")


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@secret_address
@sensitive_post_parameters("password", "password_again")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join the household with the link of an invitation."""
    try:
        invitation = invitations.find(token)
        form = AcceptForm(posted(request), email=invitation.email)
        if form.is_valid():
            person = invitations.accept(
                token=token, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
            )
            sessions.begin(request, person=person)
            return redirect("home")
    except invitations.InvitationError as error:
        return render(request, "accounts/invitation_closed.html", {"reason": str(error)}, status=404)
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/invitation.html", context, status=422 if form.is_bound else 200)


def _handed_over(request: HttpRequest, invited: Invited) -> HttpResponse:
    """Mail the link if that is possible, and show it on the next page either way."""
    invitation = invited.invitation
    _tell(request, invitation, mails.send_invitation(invitation=invitation, url=_url(request, invited.token)))
    page = reverse("invitation_link", args=[invitation.pk])
    return shown_once.hand_over(redirect(page), name=LINK_COOKIE, secret=invited.token, path=page)


def _tell(request: HttpRequest, invitation: Invitation, delivery: Delivery) -> None:
    if delivery is Delivery.SENT:
        notices.done(request, _("The link was mailed to %(email)s.") % {"email": invitation.email})
    elif delivery is Delivery.NOT_CONFIGURED:
        notices.told(request, _("Not mailed: no mail is configured. Pass the link on yourself."))
    else:
        notices.warned(
            request,
            _("Not mailed: the mail service did not take the letter. The link works; pass it on yourself."),
        )


def _url(request: HttpRequest, token: str) -> str:
    return whole_address(request, reverse("invitation", args=[token]))
