"""Many connections that stay: some never finish their headers, some never finish their body."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

HEADERS = b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /accounts/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
PAUSE_SECONDS = 1.0


class Crowd:
    """Open connections that send a byte a second each, from one thread."""

    def __init__(self, address: str, *, headers: int, bodies: int) -> None:
        host, port = address.split(":")
        self.connections = [_begin(host, int(port), start) for start in [HEADERS] * headers + [BODY] * bodies]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def _drip(self) -> None:
        while not self._stopping.wait(PAUSE_SECONDS):
            for connection in self.connections:
                try:
                    connection.send(b"x")
                except OSError:
                    continue

    def still_there(self) -> int:
        """Return how many have neither been answered nor closed."""
        with selectors.DefaultSelector() as selector:
            for connection in self.connections:
                selector.register(connection, selectors.EVENT_READ)
            return len(self.connections) - len(selector.select(timeout=0))

    def leave(self) -> None:
        self._stopping.set()
        self._thread.join()
        for connection in self.connections:
            connection.close()


def _begin(host: str, port: int, start: bytes) -> socket.socket:
    connection = socket.create_connection((host, port), timeout=10)
    connection.sendall(start)
    connection.setblocking(False)
    return connection


@contextmanager
def crowd(address: str, *, headers: int, bodies: int) -> Iterator[Crowd]:
    there = Crowd(address, headers=headers, bodies=bodies)
    # Each has sent a byte more than its beginning.
    time.sleep(2 * PAUSE_SECONDS)
    try:
        yield there
    finally:
        there.leave()
