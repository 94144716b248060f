"""Mail services for tests, all of them real: one that takes letters, one that never answers, and Amazon's interface."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.request import Request, urlopen

import boto3
from aiosmtpd.controller import Controller
from moto.server import ThreadedMotoServer

from tests.engines import free_port

READY_SECONDS = 60


@dataclass
class PostOffice:
    """An SMTP server that keeps what it takes, or refuses all of it."""

    port: int
    refuses: bool = False
    envelopes: list[list[str]] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "550 Not from here"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.envelopes.append(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def smtp(*, refuses: bool = False) -> Iterator[PostOffice]:
    office = PostOffice(free_port(), refuses=refuses)
    controller = Controller(office, hostname="127.0.0.1", port=office.port, ready_timeout=READY_SECONDS)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on the port that is returned, accept, and say nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield int(listening.getsockname()[1])


@contextmanager
def amazon_ses(sender: str) -> Iterator[Any]:
    """Speak Amazon's protocol over HTTP and know one sender; return a client and the address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "sesv2", region_name="eu-west-1", endpoint_url=endpoint, aws_access_key_id="A", aws_secret_access_key="B"
    )
    try:
        # All servers of a process share one memory.
        urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")).close()
        client.create_email_identity(EmailIdentity=sender)
        yield endpoint
    finally:
        client.close()
        server.stop()


def wait_for_couriers() -> None:
    """Wait until every letter that is on its way has arrived or failed."""
    for thread in threading.enumerate():
        if thread.name == "courier":
            thread.join()
