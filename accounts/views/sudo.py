"""Asking for the password again before something dangerous; what was being sent goes on afterwards."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import sessions
from accounts.forms import SudoForm

# What the page that asks adds to the form it keeps.
OURS = ("sudo_password", "sudo_then", "sudo_username", "csrfmiddlewaretoken")


def ask(request: HttpRequest) -> HttpResponseBase | None:
    """Return the page that asks, or None when the request may go on; winebox.access calls this."""
    if sessions.is_confirmed(request):
        return None
    if "sudo_then" not in request.POST:
        return _page(request, SudoForm(), status=200 if request.method in {"GET", "HEAD"} else 422)
    form = SudoForm(request.POST)
    if not form.is_valid() or not _is_right(request, form):
        return _page(request, form, status=422)
    if request.POST["sudo_then"] == "show":
        return redirect(request.get_full_path())
    _take_out_what_is_ours(request)
    return None


def _is_right(request: HttpRequest, form: SudoForm) -> bool:
    if sessions.confirm(request, password=form.cleaned_data["sudo_password"]):
        return True
    form.add_error("sudo_password", _("This is not your password."))
    return False


def _page(request: HttpRequest, form: SudoForm, *, status: int) -> HttpResponse:
    kept = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    # A file cannot be kept in a page, so the form is shown again and it is chosen once more.
    shows = request.method in {"GET", "HEAD"} or request.FILES
    then = "show" if shows else request.POST.get("sudo_then", "send")
    context = {"form": form, "kept": kept, "then": then, "has_file": bool(request.FILES)}
    return render(request, "accounts/sudo.html", context, status=status)


def _take_out_what_is_ours(request: HttpRequest) -> None:
    data = request.POST.copy()
    for name in OURS:
        data.pop(name, None)
    data._mutable = False
    request.POST = data  # type: ignore[assignment]
