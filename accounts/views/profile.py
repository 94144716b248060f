"""A person's own name, address and password."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import access_links, people, sessions, verification
from accounts.access_links import Purpose
from accounts.forms import PasswordChangeForm, ProfileForm
from accounts.models import User
from accounts.views.secret_links import secret_address
from winebox import letters, notices
from winebox.access import anyone, readers
from winebox.answers import posted
from winebox.letters import Delivery


@require_http_methods(["GET", "HEAD", "POST"])
@readers
@sensitive_post_parameters("current_password")
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change who you are."""
    person = cast(User, request.user)
    form = ProfileForm(posted(request), person=person, is_right=_is_right_for(request))
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
    form = PasswordChangeForm(posted(request), person=person, is_right=_is_right_for(request))
    if form.is_valid():
        people.change_password(person=person, password=form.cleaned_data["password"], actor=person)
        sessions.keep(request, person=person)
        notices.done(request, _("Your password is changed. All your other devices are signed out."))
        return redirect("profile")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.is_bound else 200)


def _is_right_for(request: HttpRequest) -> Callable[[str], bool]:
    """Return what checks the password of this person; too many wrong ones lock the account, here as at sign-in."""
    return lambda typed: sessions.confirm(request, password=typed)


def _saved(request: HttpRequest, form: ProfileForm, person: User) -> bool:
    if form.changes_email:
        try:
            _change_email(request, person, form.cleaned_data["email"])
        except people.EmailTakenError as error:
            form.add_error("email", str(error))
            return False
    people.rename(person=person, name=form.cleaned_data["name"])
    return True


def _change_email(request: HttpRequest, person: User, email: str) -> None:
    """Ask at the new address whether it is right; where no mail is configured, the password was proof enough."""
    if not letters.is_configured():
        people.change_email(person=person, email=email, actor=person)
        sessions.keep(request, person=person)
    elif verification.ask(person=person, email=email) is Delivery.SENT:
        text = _("A link was mailed to %(email)s. You sign in with that address once you have opened it.")
        notices.told(request, text % {"email": email})
    else:
        text = _("Your address is still %(email)s: the mail service did not take the letter to the new one. Try later.")
        notices.warned(request, text % {"email": person.email})


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@secret_address
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Take over the new address that a letter was sent to."""
    try:
        link = access_links.find(token, purpose=Purpose.EMAIL)
        if request.method == "POST":
            return _email_confirmed(request, verification.confirm(token=token))
    except access_links.LinkError as error:
        return render(request, "accounts/link_closed.html", {"reason": str(error)}, status=404)
    except people.EmailTakenError as error:
        return render(request, "accounts/link_closed.html", {"reason": str(error)}, status=422)
    return render(request, "accounts/email_confirm.html", {"link": link})


def _email_confirmed(request: HttpRequest, person: User) -> HttpResponse:
    if request.user == person:
        sessions.keep(request, person=person)
    text = _("From now on you sign in with %(email)s. All other devices are signed out.")
    notices.done(request, text % {"email": person.email})
    return redirect("profile" if request.user == person else "sign_in")
