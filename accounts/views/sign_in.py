"""Signing in and out."""

from math import ceil
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lockout, second_factor, security, sessions, setup
from accounts.forms import CodeForm, RecoveryCodeForm, SignInForm
from accounts.limits import limit_attempts
from accounts.models import User
from winebox import notices
from winebox.access import anyone, signed_in
from winebox.answers import is_ours, posted


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
            return _one_step_further(request, person, stay=form.cleaned_data["stay"])
    context = {"form": form, "next": _asked_for(request), "is_owned": setup.is_owned()}
    return render(request, "accounts/sign_in.html", context, status=422 if form.is_bound else 200)


def _one_step_further(request: HttpRequest, person: User, *, stay: bool) -> HttpResponse:
    """Begin the session, or ask for the second factor first."""
    target = _where_to(request)
    if second_factor.is_on(person):
        sessions.hold(request, person=person, stay=stay, next=target)
        return redirect("sign_in_code")
    sessions.begin(request, person=person, stay=stay)
    return redirect(target)


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@limit_attempts
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor."""
    pending = sessions.held(request)
    if pending is None:
        return redirect("sign_in")
    on_paper = "recovery" in request.GET
    form = (RecoveryCodeForm if on_paper else CodeForm)(posted(request))
    if form.is_valid():
        try:
            is_right = second_factor.check(person=pending.person, typed=form.cleaned_data["code"])
        except second_factor.TooManyCodesError as error:
            return _wait(request, error.seconds)
        if is_right:
            sessions.begin(request, person=pending.person, stay=pending.stay)
            return redirect(pending.next)
        form.add_error("code", _("This code is wrong, or it was used already. Wait for the next one."))
    context = {"form": form, "on_paper": on_paper}
    return render(request, "accounts/sign_in_code.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.end(request)
    notices.done(request, _("You are signed out."))
    return redirect("sign_in")


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Answer a sign-in after too many failures; django-axes calls this, for unknown accounts just the same."""
    security.record(kind=security.Kind.LOCKED_OUT, request=request, subject=lockout.account_of(request, credentials))
    return _wait(request, lockout.seconds_left(request, credentials))


def _wait(request: HttpRequest, wait: int) -> HttpResponse:
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
    return target if is_ours(request, target) and target.startswith("/") else ""


def _where_to(request: HttpRequest) -> str:
    return _asked_for(request) or resolve_url("home")
