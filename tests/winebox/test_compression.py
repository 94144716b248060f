"""Pages travel compressed."""

import gzip
import re

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from winebox.compression import CompressPagesMiddleware

GZIP = {"accept-encoding": "gzip, br"}
TEXT = b"Trockenbeerenauslese " * 100


def sent(response: HttpResponseBase) -> HttpResponseBase:
    def answer(request: HttpRequest) -> HttpResponseBase:
        return response

    compressed = CompressPagesMiddleware(answer)(RequestFactory().get("/", headers=GZIP))
    assert isinstance(compressed, HttpResponseBase)
    return compressed


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_asks(client: Client) -> None:
    response = client.get("/accounts/sign-in/", headers=GZIP)
    assert response["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(response.content)


@pytest.mark.django_db
def test_a_page_is_plain_for_one_that_does_not(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/accounts/sign-in/")


@pytest.mark.parametrize("kind", ["image/jpeg", "application/zip", "application/vnd.ms-excel"])
def test_what_is_no_page_is_sent_as_it_is(kind: str) -> None:
    assert "Content-Encoding" not in sent(HttpResponse(TEXT, content_type=kind))


def test_what_is_sent_in_pieces_is_sent_as_it_is() -> None:
    response = StreamingHttpResponse(iter([TEXT]), content_type="text/html")
    assert "Content-Encoding" not in sent(response)


@pytest.mark.django_db
def test_no_two_pages_show_the_same_csrf_token(client: Client) -> None:
    def token() -> str:
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/accounts/sign-in/").content)
        assert found
        return found[1].decode()

    assert token() != token()
