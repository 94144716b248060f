"""Signing in and out."""

from math import ceil
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lockout, security, sessions
from accounts.forms import SignInForm
from accounts.limits import limit_attempts
from accounts.models import User
from accounts.views.posted import posted
from winebox import notices
from winebox.access import anyone, readers


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@limit_attempts
@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is."""
    if request.user.is_authenticated:
        return redirect(_where_to(request))
    form = SignInForm(posted(request))
    if form.is_valid():
        person = _authenticated(request, form)
        if person:
            sessions.begin(request, person=person, stay=form.cleaned_data["stay"])
            return redirect(_where_to(request))
    context = {"form": form, "next": _asked_for(request)}
    return render(request, "accounts/sign_in.html", context, status=422 if form.is_bound else 200)


@require_POST
@readers
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.end(request)
    notices.done(request, _("You are signed out."))
    return redirect("sign_in")


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Answer a sign-in after too many failures; django-axes calls this, for unknown accounts just the same."""
    security.record(kind=security.Kind.LOCKED_OUT, request=request, subject=lockout.account_of(request, credentials))
    wait = lockout.seconds_left(request, credentials)
    answer = render(request, "accounts/locked_out.html", {"minutes": ceil(wait / 60)}, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _authenticated(request: HttpRequest, form: SignInForm) -> User | None:
    """Return the person, or say in the form that the two do not match, whichever it was."""
    email = form.cleaned_data["email"]
    person = authenticate(request, email=email, password=form.cleaned_data["password"])
    if isinstance(person, User):
        return person
    form.add_error(
        None,
        _("This e-mail address and this password do not belong together. Check both, or ask the owner of the cellar."),
    )
    # When locked out, the page that says so also records it.
    if not getattr(request, "axes_locked_out", False):
        security.record(kind=security.Kind.SIGN_IN_FAILED, request=request, subject=email)
    return None


def _asked_for(request: HttpRequest) -> str:
    """Return the page of this site that was asked for before signing in, or nothing."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


def _where_to(request: HttpRequest) -> str:
    return _asked_for(request) or resolve_url("home")
