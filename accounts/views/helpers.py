"""Helpers: making a link for one place, using it, and ending it."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access_links, sessions
from accounts import helpers as verbs
from accounts.access_links import Purpose
from accounts.forms import HelperForm
from accounts.models import AccessLink, Role, User
from accounts.views import shown_once
from accounts.views.secret_links import secret_address, whole_address
from winebox import notices
from winebox.access import anyone, members
from winebox.answers import posted

LINK_COOKIE = "helper_link"


@require_http_methods(["GET", "HEAD", "POST"])
@members
def helper_invite(request: HttpRequest, scope: UUID) -> HttpResponse:
    """Make a link for somebody who helps at this place."""
    form = HelperForm(posted(request))
    if form.is_valid():
        actor = cast(User, request.user)
        link, token = verbs.invite(scope=str(scope), name=form.cleaned_data["name"], actor=actor)
        page = reverse("helper_link", args=[link.pk])
        return shown_once.hand_over(redirect(page), name=LINK_COOKIE, secret=token, path=page)
    context = {"form": form, "back": _page_of(str(scope))}
    return render(request, "accounts/helper_invite.html", context, status=422 if form.is_bound else 200)


@require_safe
@members
@never_cache
def helper_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Show that link, once."""
    link = get_object_or_404(AccessLink, pk=link_id, purpose=Purpose.HELPER)
    token = shown_once.handed_over(request, name=LINK_COOKIE)
    url = whole_address(request, verbs.path_of(token)) if token else ""
    response = render(request, "accounts/helper_link.html", {"link": link, "url": url, "back": _page_of(link.scope)})
    return shown_once.forget(response, request, name=LINK_COOKIE)


@require_POST
@members
def helper_revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Withdraw a link that nobody has used yet."""
    link = get_object_or_404(AccessLink, pk=link_id, purpose=Purpose.HELPER)
    verbs.revoke(link=link, actor=cast(User, request.user))
    notices.done(request, _("The link for %(name)s is withdrawn.") % {"name": link.name})
    return redirect(_page_of(link.scope))


@require_POST
@members
def helper_end(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Send a helper home."""
    helper = get_object_or_404(User, pk=user_id, role=Role.HELPER)
    verbs.end(helper=helper, actor=cast(User, request.user))
    notices.done(request, _("%(name)s is signed out and helps no more.") % {"name": helper})
    return redirect(_page_of(helper.scope))


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@secret_address
def help_here(request: HttpRequest, token: str) -> HttpResponse:
    """Begin to help with the link."""
    try:
        link = access_links.find(token, purpose=Purpose.HELPER)
        if request.method == "POST":
            helper = verbs.accept(token=token)
            sessions.begin(request, person=helper)
            return redirect(settings.HELPER_PAGE, helper.scope)
    except access_links.LinkError as error:
        return render(request, "accounts/link_closed.html", {"reason": str(error)}, status=404)
    return render(request, "accounts/help_here.html", {"link": link})


def _page_of(scope: str) -> str:
    return reverse(settings.SCOPE_PAGE, args=[scope])
