"""A server on this machine that speaks Anthropic's Messages API, and answers as a test wants it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-ant-api03-nobody-must-ever-read-this-0123456789"

# What stands on the label that most tests read.
LABEL: dict[str, Any] = {
    "producer": {"value": "Kettmeir", "confidence": 0.97},
    "name": {"value": "Müller Thurgau", "confidence": 0.9},
    "vintage": {"value": "2019", "confidence": 0.9},
    "type": {"value": "white", "confidence": 0.8},
    "sweetness": {"value": "dry", "confidence": 0.5},
    "country": {"value": "Italia", "confidence": 0.9},
    "region": {"value": "", "confidence": 0},
    "sub_region": {"value": "", "confidence": 0},
    "appellation": {"value": "Alto Adige", "confidence": 0.9},
    "vineyard": {"value": "", "confidence": 0},
    "classification": {"value": "DOC", "confidence": 0.9},
    "alcohol": {"value": "12.5", "confidence": 0.9},
    "size": {"value": "750", "confidence": 0.9},
    "drink_from": {"value": "2020", "confidence": 0.8},
    "drink_until": {"value": "2024", "confidence": 0.8},
    "producer_type": {"value": "estate", "confidence": 0.6},
    "grapes": {"grapes": [{"name": "Müller-Thurgau", "percent": 100}], "confidence": 0.9},
    "text": "KETTMEIR\nMüller Thurgau\nAlto Adige DOC\n2019",
}


@dataclass
class Reply:
    """One answer: its status, headers and body; `hang` sends nothing at all, `close_early` half of it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    close_early: bool = False


def said(content: Any, *, stop_reason: str = "end_turn", model: str = "claude-sonnet-5-5") -> Reply:
    """Return the answer that carries this text, or this value as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    message = {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 3000, "output_tokens": 500},
    }
    return Reply(body=json.dumps(message).encode(), headers={"Content-Type": "application/json"})


def refused(status: int, **headers: str) -> Reply:
    error = {"type": "error", "error": {"type": "api_error", "message": f"no, and your key is {KEY}"}}
    return Reply(status, json.dumps(error).encode(), {"Content-Type": "application/json", **headers})


def labelled(**changed: Any) -> Reply:
    """Return the answer about the usual label, with some of it changed."""
    return said(LABEL | changed)


class Service(ThreadingHTTPServer):
    """Gives its replies one after the other, and the last one again; remembers what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = [labelled()]
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = json.loads(self.rfile.read(length) or b"{}")
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, sent))
        reply = self.server.next_reply()
        if reply.hang:
            self.server.over.wait(10)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) // 2] if reply.close_early else reply.body)
        self.close_connection = True

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.over.set()
        service.shutdown()
        service.server_close()
