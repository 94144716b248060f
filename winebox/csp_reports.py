"""What browsers report: that a page wanted something the content security policy forbids."""

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from winebox import errors, logs
from winebox.access import anyone
from winebox.limits import limited

logger = logging.getLogger("winebox.csp")

LARGEST_BYTES = 16 * 1024
LONGEST_LIST = 5


@csrf_exempt
@require_POST
@anyone
@limited(group="reports", key="ip", rate="30/m", method="POST")
def csp_report(request: HttpRequest) -> HttpResponse:
    """Write into the log what a browser refused. Anybody may send anything here, so nothing else comes of it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
        return errors.page(request, 413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise SuspiciousOperation("not a report") from None
    for report in list(_reports(sent))[:LONGEST_LIST]:
        fields = {
            "directive": _text(report, "effective-directive", "violated-directive", "effectiveDirective"),
            "blocked": _origin(_text(report, "blocked-uri", "blockedURL")),
            "page": _page(_text(report, "document-uri", "documentURL")),
        }
        logger.warning(" ".join(f"{name}=%r" for name in fields), *fields.values(), extra={"fields": fields})
    return HttpResponse(status=204)


def _reports(sent: Any) -> Iterator[dict[str, Any]]:
    """Yield what was reported, in the older form (one, named csp-report) or the newer (a list of any kind)."""
    for one in sent if isinstance(sent, list) else [sent]:
        inner = one.get("csp-report") or one.get("body") if isinstance(one, dict) else None
        if isinstance(inner, dict):
            yield inner


def _text(report: dict[str, Any], *names: str) -> str:
    found = next((report[name] for name in names if name in report), "-")
    return str(found)[:200]


def _origin(url: str) -> str:
    """Return where the forbidden thing lies, without its path, which may be somebody's secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "-"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else parts.scheme or url[:40]


def _page(url: str) -> str:
    """Return the path of the page, if it is one of ours, without query and secrets."""
    try:
        path = urlsplit(url).path
        return logs.loggable_path(path, resolve(path))
    except (ValueError, Resolver404):
        return "-"
