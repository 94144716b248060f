"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# What is kept for a connection without an address, as one over a Unix socket; limits then count all of these together.
UNKNOWN = "::"


def client_address(request: HttpRequest) -> str:
    """Return the client's address: the connection's, or the one the outermost trusted proxy saw.

    Each proxy appends the address it was called from, so with n proxies of ours the n-th from the right is the client,
    and whatever stands left of it was sent by the client itself.
    """
    connection = str(request.META.get("REMOTE_ADDR") or "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return _address(hops[-settings.TRUSTED_PROXIES]) or _address(connection) or UNKNOWN
    return _address(connection) or UNKNOWN


def _address(text: str) -> str:
    """Return an address in its one written form, without port or zone, or nothing when it is none."""
    bare = text.removeprefix("[").partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
