"""The line to a service that may be slow, endless or lead elsewhere: one deadline for everything, and no redirects."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx2

# An answer has some kilobytes; a megabyte of text on a label is possible, and far more than anybody reads.
MOST_BYTES = 4 * 1024 * 1024


def client(*, deadline: float, timeout: float, hear: Callable[[httpx2.Response], None]) -> httpx2.Client:
    """Return a client for one question, tries and pauses included; `deadline` is by the monotonic clock.

    It goes to the service itself: no redirect is followed, no proxy or password of the environment is used.
    """
    return httpx2.Client(
        transport=_Hurried(deadline),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"response": [hear]},
    )


class _Hurried(httpx2.HTTPTransport):
    """Gives each try only the time that is left."""

    def __init__(self, deadline: float) -> None:
        super().__init__()
        self._deadline = deadline

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        left = self._left(request)
        times = request.extensions.get("timeout", {})
        request.extensions["timeout"] = {name: min(left, seconds or left) for name, seconds in times.items()}
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 (for the type checker)
        response.stream = _Bounded(response.stream, lambda: self._left(request), request)
        return response

    def _left(self, request: httpx2.Request) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpx2.ReadTimeout("The time for an answer is over.", request=request)
        return left


class _Bounded(httpx2.SyncByteStream):
    """The body of an answer, as long as there is time for it and it is not too long."""

    def __init__(self, stream: httpx2.SyncByteStream, check: Callable[[], float], request: httpx2.Request) -> None:
        self._stream, self._check, self._request = stream, check, request

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            self._check()
            size += len(piece)
            if size > MOST_BYTES:
                raise httpx2.DecodingError("The answer is too long.", request=self._request)
            yield piece

    def close(self) -> None:
        self._stream.close()
