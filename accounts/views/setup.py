"""The first visit: somebody becomes the owner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sessions, setup
from accounts.forms import OwnerForm
from accounts.people import EmailTakenError
from accounts.views.secret_links import secret_address
from winebox.access import anyone
from winebox.answers import posted


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
@secret_address
@sensitive_post_parameters("password", "password_again")
def setup_owner(request: HttpRequest, code: str) -> HttpResponse:
    """Create the first owner by the link that the server printed."""
    if not setup.is_open(code):
        return _closed(request)
    form = OwnerForm(posted(request))
    if form.is_valid():
        try:
            owner = setup.create_first_owner(
                code=code,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
            )
        except setup.SetupClosedError:
            return _closed(request)
        except EmailTakenError as error:
            form.add_error("email", str(error))
        else:
            sessions.begin(request, person=owner)
            return redirect("home")
    return render(request, "accounts/setup.html", {"form": form}, status=422 if form.is_bound else 200)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/setup_closed.html", status=404)
