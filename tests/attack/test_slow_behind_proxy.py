"""Slow clients before the proxies of `deploy/`: they take nothing from others, and are sent away."""

import selectors
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.deploy.proxies import NAME, NAMES, Proxy, free_proxy, running
from tests.engines import free_port
from tests.winebox.process import KEY, environment, manage, serving

pytestmark = [
    pytest.mark.attack,
    pytest.mark.once,
    pytest.mark.needs_servers,
    pytest.mark.xdist_group("serve"),
]

SLOW = 100
# Both are told ten seconds for the headers.
PATIENCE_SECONDS = 15


@contextmanager
def slow_clients(proxy: Proxy) -> Iterator[list[ssl.SSLSocket]]:
    """Connect a hundred times, send half of the headers, and wait."""
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    with ExitStack() as opened:
        clients = []
        for _ in range(SLOW):
            plain = socket.create_connection(("127.0.0.1", proxy.https_port), timeout=10)
            client = opened.enter_context(context.wrap_socket(plain, server_hostname=NAME))
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            clients.append(client)
        yield clients


def sent_away(clients: list[ssl.SSLSocket]) -> int:
    """Return how many were answered or closed by now."""
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
        return sum(_is_over(key.fileobj) for key, _events in selector.select(timeout=0))


def _is_over(client: object) -> bool:
    assert isinstance(client, ssl.SSLSocket)
    client.settimeout(0)
    try:
        client.recv(65536)
    except (TimeoutError, ssl.SSLWantReadError):
        # Only a ticket of TLS came.
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize("name", NAMES)
def test_a_proxy_answers_others_and_sends_slow_clients_away(name: str, tmp_path: Path) -> None:
    proxy = free_proxy(name, tmp_path / name)
    env = environment(tmp_path, SECRET_KEY=KEY, SITE_URL=proxy.url)
    assert manage("setup", env=env).returncode == 0
    with (
        serving(tmp_path, env, port=free_port()) as site,
        running(proxy, upstream=site.address),
        slow_clients(proxy) as clients,
    ):
        took = []
        for _ in range(20):
            started = time.monotonic()
            assert proxy.get("/accounts/sign-in/")[0].status == 200
            took.append(time.monotonic() - started)
        assert sent_away(clients) == 0, "they were sent away at once, so nothing was shown"
        print(f"{name}: slowest {max(took) * 1000:.0f} ms")
        assert max(took) < 1
        time.sleep(PATIENCE_SECONDS)
        assert sent_away(clients) == SLOW
