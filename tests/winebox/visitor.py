"""Somebody with a browser at a server that really runs, reduced to cookies and forms."""

import re
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.winebox.process import Site

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.location = ""

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection: HTTPConnection = self.site.connect()
        headers = self.headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        page = response.read().decode()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        self.location = response.headers.get("Location", "")
        connection.close()
        return response.status, page

    def get(self, path: str) -> tuple[int, str]:
        return self.request("GET", path)

    def send(self, path: str, *, page: str = "", **fields: str) -> tuple[int, str]:
        """Fill in the form of a page (the one it is sent to, unless another is named) and send it."""
        _status, form = self.get(page or path)
        token = TOKEN.findall(form)[0]
        return self.request("POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}))
