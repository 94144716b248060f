"""A person's own name, address and password."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import people, sessions
from accounts.forms import PasswordChangeForm, ProfileForm
from accounts.models import User
from accounts.views.posted import posted
from winebox import notices
from winebox.access import readers


@require_http_methods(["GET", "HEAD", "POST"])
@readers
@sensitive_post_parameters("current_password")
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change who you are."""
    person = cast(User, request.user)
    form = ProfileForm(posted(request), person=person)
    if form.is_valid() and _saved(request, form, person):
        notices.done(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@readers
@sensitive_post_parameters("current_password", "password", "password_again")
def password_change(request: HttpRequest) -> HttpResponse:
    """Change your password; you stay signed in here and nowhere else."""
    person = cast(User, request.user)
    form = PasswordChangeForm(posted(request), person=person)
    if form.is_valid():
        people.change_password(person=person, password=form.cleaned_data["password"], actor=person)
        sessions.keep(request, person=person)
        notices.done(request, _("Your password is changed. All your other devices are signed out."))
        return redirect("profile")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, form: ProfileForm, person: User) -> bool:
    if form.changes_email:
        try:
            people.change_email(person=person, email=form.cleaned_data["email"], actor=person)
        except people.EmailTakenError as error:
            form.add_error("email", str(error))
            return False
        sessions.keep(request, person=person)
    people.rename(person=person, name=form.cleaned_data["name"])
    return True
