"""The site with some pages that fail in every way a page can."""

import errno
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST
from django_ratelimit.exceptions import Ratelimited

from winebox import urls
from winebox.access import anyone, members, owners, readers

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def _failing(error: Exception) -> Any:
    @anyone
    def view(request: HttpRequest, code: str = "") -> HttpResponse:
        raise error

    return view


def _fine() -> Any:
    # A function of its own each time: the decorators mark the one they are given.
    def view(request: HttpRequest, code: str = "") -> HttpResponse:
        return HttpResponse("fine")

    return view


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may see this")


@anyone
def tells_its_own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("mine", headers={"Cache-Control": "private, max-age=60"})


@anyone
def reads_the_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    path("fails/400/", _failing(SuspiciousOperation("forged"))),
    path("fails/413/", _failing(RequestDataTooBig("huge"))),
    path("fails/429/", _failing(Ratelimited())),
    path("fails/500/", _failing(RuntimeError("secret detail"))),
    path("fails/500/<str:code>/", _failing(RuntimeError("secret detail"))),
    path("fails/503/", _failing(OperationalError("could not connect to db.internal"))),
    path("fails/507/", _failing(OSError(errno.ENOSPC, "secret path"))),
    path("for/anyone/", anyone(_fine())),
    path("for/readers/", readers(_fine())),
    path("for/members/", members(_fine())),
    path("for/owners/", owners(_fine())),
    path("for/nobody/", unmarked),
    path("only/post/", require_POST(readers(_fine()))),
    path("own/headers/", tells_its_own),
    path("form/", reads_the_form),
    path("secret/<str:code>/", anyone(_fine())),
    *urls.urlpatterns,
]
