"""In which encoding a request is read: the one of our pages."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

BOUNDARY = re.compile(r';\s*(boundary=(?:"[^"]+"|[^";\s]+))', re.IGNORECASE)


def in_utf_8(application: Application) -> Application:
    """Return the application as one that reads every request as UTF-8, whatever the request says of itself.

    Django takes the encoding that a request names before it could answer with an error page, and Python knows
    encodings in which nothing can be read.
    """

    def reading(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = without_encoding(environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return reading


def without_encoding(content_type: str) -> str:
    """Return the type and, of a form with files, the boundary of its parts."""
    kind = content_type.partition(";")[0].strip()
    boundary = BOUNDARY.search(content_type)
    return f"{kind}; {boundary[1]}" if boundary else kind
