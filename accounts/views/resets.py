"""A forgotten password: asking for a link, the link, and the link that the owner hands over."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access_links, resets
from accounts.access_links import Purpose
from accounts.forms import ResetAskForm, ResetForm
from accounts.limits import limit_attempts, limit_resets
from accounts.models import Role, User
from accounts.views import shown_once
from accounts.views.secret_links import secret_address, whole_address
from winebox import letters, notices
from winebox.access import anyone, owners, sudo
from winebox.answers import posted

LINK_COOKIE = "reset_link"


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@limit_attempts
@limit_resets
@never_cache
def reset_ask(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and say the same whether somebody has it or not."""
    form = ResetAskForm(posted(request))
    if form.is_valid() and letters.is_configured():
        resets.ask(email=form.cleaned_data["email"])
        return redirect("reset_sent")
    context = {"form": form, "mail_is_configured": letters.is_configured()}
    return render(request, "accounts/reset_ask.html", context, status=422 if form.is_bound else 200)


@require_safe
@anyone
def reset_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens now."""
    return render(request, "accounts/reset_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@secret_address
@sensitive_post_parameters("password", "password_again")
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password with the link; who has a second factor is still asked for it."""
    try:
        link = access_links.find(token, purpose=Purpose.RESET)
        form = ResetForm(posted(request), person=cast(User, link.person))
        if form.is_valid():
            resets.reset(token=token, password=form.cleaned_data["password"])
            text = _("Your password is changed, and every device is signed out. Sign in with the new one.")
            notices.done(request, text)
            return redirect("sign_in")
    except access_links.LinkError as error:
        return render(request, "accounts/link_closed.html", {"reason": str(error)}, status=404)
    return render(request, "accounts/reset.html", {"form": form, "link": link}, status=422 if form.is_bound else 200)


@require_POST
@owners
@sudo
def member_reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Make a link for somebody who forgot the password and gets no mail."""
    person = get_object_or_404(User.objects.exclude(role=Role.HELPER), pk=user_id, is_active=True)
    token = resets.make(person=person, actor=cast(User, request.user))
    page = reverse("member_reset_link", args=[person.pk])
    return shown_once.hand_over(redirect(page), name=LINK_COOKIE, secret=token, path=page)


@require_safe
@owners
@never_cache
def member_reset_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show that link, once."""
    person = get_object_or_404(User, pk=user_id)
    token = shown_once.handed_over(request, name=LINK_COOKIE)
    url = whole_address(request, resets.path_of(token)) if token else ""
    response = render(request, "accounts/member_reset_link.html", {"person": person, "url": url})
    return shown_once.forget(response, request, name=LINK_COOKIE)
