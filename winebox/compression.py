"""Pages travel compressed; a list of fifty wines is a tenth of its size then."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# Photos, archives and spreadsheets are compressed already, and files are sent in pieces as they are read.
COMPRESSED = ("text/html", "application/json")


class CompressPagesMiddleware(GZipMiddleware):
    """Compresses pages for browsers that ask for it.

    What an attacker could guess from the length of a compressed page (BREACH) is hidden: the CSRF token looks
    different in each answer, and Django adds a random number of bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
