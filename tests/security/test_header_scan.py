"""The scan of headers, over HTTPS as in production: on what is bad first, then on WineBox."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.accounts.factories import make_owner, signed_in
from tests.security.addresses import fill, filled
from tests.security.header_scan import FAULTS, scan

pytestmark = pytest.mark.django_db

BAD = {
    "Content-Security-Policy": "default-src * 'unsafe-inline'",
    "Set-Cookie": "sessionid=1; Path=/",
    "Access-Control-Allow-Origin": "*",
    "Referrer-Policy": "unsafe-url",
    "Server": "Apache/2.2.3",
}


def test_the_scan_finds_every_fault_where_it_is() -> None:
    assert {*scan(BAD), *scan({})} == {fault for fault, _points, _is_there in FAULTS}


def test_no_page_loses_a_point(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    owner = make_owner()
    rows, client = fill(owner), signed_in(owner)
    for path in [*filled(rows), "/nowhere/"]:
        for browser in (client, Client()):
            response = browser.get(path, secure=True)
            b"".join(response)
            cookies = [morsel.OutputString() for name, morsel in response.cookies.items() if name in SECRET_COOKIES]
            for cookie in cookies or [""]:
                assert scan({**response.headers, **({"Set-Cookie": cookie} if cookie else {})}) == {}, path


SECRET_COOKIES = ("sessionid", "csrftoken")
