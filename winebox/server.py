"""The web server: waitress, one process, told how to answer what it refuses itself and how to stop."""

import ctypes
import signal
import sys
import time
import uuid
from collections.abc import Callable
from copy import copy
from typing import Any

from django.conf import settings
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from winebox import logs
from winebox.archive.uploads import body_limit
from winebox.lanes import Lanes
from winebox.middleware import HEADERS, request_log

THREADS = 8
SWITCH_SECONDS = 0.001
# What glibc's malloc.h calls M_ARENA_MAX.
ARENA_MAX = -8
CONNECTIONS = 1000
CHANNEL_SECONDS = 30
# Our cookies and a long search have room in this many times over; a thousand connections of it are 32 MB.
MAX_HEADER_BYTES = 32 * 1024
# How long an answer that is being made may take after the signal to stop.
GRACE_SECONDS = 30
# What a page gets from django-csp and Django's own middleware, for an answer that never reached them.
BARE_HEADERS = HEADERS | {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class RefusalTask(ErrorTask):  # type: ignore[misc]
    """A request that is malformed or too large, refused before the site sees it: with the headers and a log line."""

    def execute(self) -> None:
        logs.begin_request(str(uuid.uuid4()))
        self.response_headers.extend(BARE_HEADERS.items())
        self.response_headers.append(("X-Request-ID", logs.current_request_id()))
        if settings.SECURE_HSTS_SECONDS:
            self.response_headers.append(("Strict-Transport-Security", hsts()))
        super().execute()
        fields = {
            "method": str(getattr(self.request, "command", None) or "-")[:10],
            # What was asked for is not known for sure, so nothing of it is written down.
            "path": "-",
            "status": int(self.status.partition(" ")[0]),
            "duration_ms": 0,
            "user": "-",
        }
        request_log.info(" ".join(f"{name}=%s" for name in fields), *fields.values(), extra={"fields": fields})


def hsts() -> str:
    """Return what Django's own middleware says to browsers that came by HTTPS."""
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        parts.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        parts.append("preload")
    return "; ".join(parts)


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Lets in as much as the address of a request allows; almost always that is what all may send."""

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        limit = body_limit(self.path)
        if limit != settings.MAX_BODY_BYTES:
            self.adj: Any = copy(self.adj)
            self.adj.max_request_body_size = limit


class Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = RefusalTask
    parser_class = Parser


def share_one_heap() -> None:
    """Let all threads take memory from the same place, where the C library can be told so.

    glibc gives each thread a heap of its own, and each of them keeps what its largest page took: 15 MB in all. Threads
    that compute hold the interpreter's lock, so they hardly wait for each other here. Call it before there are any.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(ARENA_MAX, 1)


class Server:
    """Answers requests with an application until it is told to stop."""

    def __init__(self, application: Callable[..., Any], *, host: str, port: int) -> None:
        self._map: dict[int, Any] = {}
        share_one_heap()
        # A page takes the interpreter's lock anew after each question to the database, and would wait this long (5 ms
        # usually) each time while others compute.
        sys.setswitchinterval(SWITCH_SECONDS)
        self._dispatcher = Lanes()
        self._dispatcher.set_thread_count(THREADS)
        create_server(
            application,
            _dispatcher=self._dispatcher,
            map=self._map,
            host=host,
            port=port,
            connection_limit=CONNECTIONS,
            channel_timeout=CHANNEL_SECONDS,
            max_request_header_size=MAX_HEADER_BYTES,
            max_request_body_size=settings.MAX_BODY_BYTES,
            ident=None,
            log_socket_errors=False,
            # select() knows no more than 1024 files.
            asyncore_use_poll=True,
            # Without a proxy of ours, what a client says about addresses is not even looked at.
            clear_untrusted_proxy_headers=not settings.TRUSTED_PROXIES,
        )
        self._listening = [part for part in self._map.values() if isinstance(part, BaseWSGIServer)]
        for part in self._listening:
            part.channel_class = Channel
        self._stopping = False

    @property
    def port(self) -> int:
        return int(self._listening[0].effective_port)

    def run(self) -> None:
        """Answer until SIGTERM or SIGINT; then finish what is being answered and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            self._turn(seconds=1)
        for part in self._listening:
            # Only the listening socket: part.close() would also close what wakes this loop up.
            wasyncore.dispatcher.close(part)
        deadline = time.monotonic() + GRACE_SECONDS
        while self._is_answering() and time.monotonic() < deadline:
            self._turn(seconds=0.1)
        self._dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True
        self._listening[0].pull_trigger()

    def _turn(self, *, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def _is_answering(self) -> bool:
        channels = [channel for part in self._listening for channel in list(part.active_channels.values())]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
