"""What a page tells after something was done."""

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from winebox import notices


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def page(request: HttpRequest) -> str:
    return render_to_string("partials/messages.html", {"messages": request._messages}, request)  # type: ignore[attr-defined]


def test_what_was_done_is_told(request_: HttpRequest) -> None:
    notices.done(request_, "2 bottles of Barolo checked out.")
    assert "2 bottles of Barolo checked out." in page(request_)


def test_what_is_told_is_escaped(request_: HttpRequest) -> None:
    notices.done(request_, "<script>alert(1)</script>")
    assert "<script>" not in page(request_)


def test_undo_is_a_form_that_posts(request_: HttpRequest) -> None:
    notices.done(request_, "Done.", undo_url="/history/1/undo/")
    html = page(request_)
    assert '<form method="post" action="/history/1/undo/">' in html
    assert "csrfmiddlewaretoken" in html


def test_nothing_to_undo_means_no_form(request_: HttpRequest) -> None:
    notices.done(request_, "Done.")
    assert "<form" not in page(request_)


@pytest.mark.parametrize("url", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_undo_never_leads_to_another_site(url: str, request_: HttpRequest) -> None:
    with pytest.raises(ValueError, match="not a path of this site"):
        notices.done(request_, "Done.", undo_url=url)


@pytest.mark.parametrize(
    ("tell", "level"), [(notices.told, "info"), (notices.warned, "warning"), (notices.refused, "error")]
)
def test_each_kind_of_notice_is_told_apart(tell: object, level: str, request_: HttpRequest) -> None:
    tell(request_, "So it is.")  # type: ignore[operator]
    assert f'class="message {level}"' in page(request_)


def test_undo_survives_the_way_through_a_cookie(request_: HttpRequest) -> None:
    notices.done(request_, "Done.", undo_url="/history/1/undo/")
    storage = CookieStorage(request_)
    message = storage._decode(storage._encode(list(request_._messages)))[0]  # type: ignore[attr-defined]
    assert notices.undo_url_of(message) == "/history/1/undo/"
