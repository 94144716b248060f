"""The security log: what concerns who may do what, once as a row and once as a log line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.http import HttpRequest

from accounts.models import SecurityEvent, User
from winebox import logs
from winebox.addresses import client_address

Kind = SecurityEvent.Kind

logger = logging.getLogger("winebox.security")

_current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)


@contextmanager
def during(request: HttpRequest) -> Iterator[None]:
    """Let everything recorded inside know its request, so that the verbs need not pass it around."""
    token = _current_request.set(request)
    try:
        yield
    finally:
        _current_request.reset(token)


def record(
    *,
    kind: Kind,
    request: HttpRequest | None = None,
    actor: User | None = None,
    subject: User | str = "",
    detail: str = "",
) -> SecurityEvent:
    """Add a line to the security log; `subject` is the person it happened to, or what it concerned."""
    request = request or _current_request.get()
    person = subject if isinstance(subject, User) else None
    event = SecurityEvent.objects.create(
        kind=kind,
        actor=actor or _person_of(request),
        person=person,
        subject=_one_line(person.email if person else str(subject), 254),
        address=client_address(request) if request else None,
        request_id=str(getattr(request, "request_id", "")),
        detail=_one_line(detail, 300),
    )
    _log(event)
    return event


def note(*, kind: str, detail: str = "") -> None:
    """Record what the person of this request did in another part of the house."""
    record(kind=Kind(kind), detail=detail)


def newest(kind: str) -> datetime | None:
    """Return when this happened last."""
    found = SecurityEvent.objects.filter(kind=Kind(kind)).order_by("-created_at")
    return found.values_list("created_at", flat=True).first()


def address_of_request() -> str:
    """Return where the request comes from that is being answered, or nothing outside of one."""
    request = _current_request.get()
    return client_address(request) if request else ""


def _log(event: SecurityEvent) -> None:
    fields = {
        "event": str(event.kind),
        "actor": event.actor.email if event.actor else "-",
        "subject": event.subject or "-",
        "address": event.address or "-",
        "detail": event.detail or "-",
    }
    logger.info(" ".join(f"{name}=%r" for name in fields), *fields.values(), extra={"fields": fields})


def permission_refused(request: HttpRequest) -> None:
    """Record that a signed-in person asked for what is not theirs."""
    if _person_of(request):
        path = logs.loggable_path(request.path, request.resolver_match)
        record(kind=Kind.PERMISSION_REFUSED, request=request, subject=f"{request.method} {path}")


def _person_of(request: HttpRequest | None) -> User | None:
    person = getattr(request, "user", None)
    return person if isinstance(person, User) else None


def _one_line(text: str, length: int) -> str:
    """Return the text without line breaks and control characters, which could forge a line of the log."""
    return "".join(character if character.isprintable() else " " for character in text)[:length]
