"""How much a page weighs on the wire, and whether it stands still while it loads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, labelled
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar

pytestmark = [pytest.mark.e2e, pytest.mark.once]

KB = 1024
SHIFTS = """new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) (window.shifts ??= []).push(
    `${entry.value}: ${entry.sources.map((one) => one.node?.outerHTML?.slice(0, 60))}`);
}).observe({ type: "layout-shift", buffered: true });"""


@dataclass
class Wire:
    """What came over the wire: the type of each answer, and the bytes of its body.

    Headers are left out: they are the same 1.3 KB with each answer, which HTTP/2 between the browser and the
    household's proxy sends once.
    """

    known: dict[str, tuple[str, int]] = field(default_factory=dict)
    received: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(body for _type, body in self.received)

    def bodies(self, kind: str) -> int:
        return sum(body for other, body in self.received if other == kind)

    def answered(self, event: dict[str, Any]) -> None:
        response = event["response"]
        is_photo = urlsplit(response["url"]).path.startswith("/labels/")
        self.known[event["requestId"]] = ("Photo" if is_photo else event["type"], response["encodedDataLength"])

    def finished(self, event: dict[str, Any]) -> None:
        kind, headers = self.known[event["requestId"]]
        if kind != "Photo" and event["encodedDataLength"]:
            self.received.append((kind, int(event["encodedDataLength"]) - headers))


@contextmanager
def wire_of(page: Page) -> Iterator[Wire]:
    session, wire = page.context.new_cdp_session(page), Wire()
    session.on("Network.responseReceived", wire.answered)
    session.on("Network.loadingFinished", wire.finished)
    session.send("Network.enable")
    yield wire
    session.detach()


def load(page: Page, path: str) -> Wire:
    with wire_of(page) as wire:
        page.goto(path, wait_until="networkidle")
    return wire


@pytest.mark.parametrize("path", ["/", "/wines/", "/wines/{wine}/", "/wines/add/", "/locations/{rack}/", "/history/"])
def test_a_page_is_light(filled: Cellar, open_browser: Open, path: str) -> None:
    page = open_browser(filled)
    first = load(page, path.format(**filled.ids))
    assert first.total <= 40 * KB, first.received
    assert len(first.received) <= 10, first.received
    assert 0 < first.bodies("Script") <= 25 * KB, first.received
    assert 0 < first.bodies("Stylesheet") <= 10 * KB, first.received
    again = load(page, path.format(**filled.ids))
    assert again.total <= 15 * KB, again.received


def test_fields_that_a_script_hides_are_not_there_before_it_comes(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.route("**/app*.js", lambda route: route.abort())
    page.goto("/wines/{wine}/check-in/".format(**filled.ids))
    expect(labelled(page, "Row")).to_be_hidden()
    page.goto("/wines/{wine}/check-in/?location={rack}".format(**filled.ids))
    expect(labelled(page, "Row")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/wines/?view=cards",
        "/wines/?view=table",
        "/wines/{wine}/",
        "/wines/{wine}/check-in/",
        "/locations/{rack}/",
    ],
)
def test_nothing_moves_while_a_page_loads(filled: Cellar, open_browser: Open, path: str, size: tuple[int, int]) -> None:
    page = open_browser(filled, size=size)
    page.add_init_script(SHIFTS)
    page.goto(path.format(**filled.ids), wait_until="networkidle")
    assert page.evaluate("window.shifts ?? []") == []
