"""A real server, a real browser: what the tests of pages share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import chromium, confirm, new_context, sign_in
from tests.e2e.cellars import PASSWORD, PEOPLE
from tests.e2e.servers import Cellar, prepare, running


# The browser lasts for this package only: while Playwright runs, Django refuses its database to this thread, and the
# tests after these need it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def folder_of_cellars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cellars"
    folder.mkdir(exist_ok=True)
    return folder


class Start(Protocol):
    """Start a server with a cellar of `tests.e2e.cellars`, or "new" with one that nobody has entered yet."""

    def __call__(self, kind: str, /) -> Cellar: ...


def _starter(stack: ExitStack, cellars: Path, new_folder: Callable[[str], Path]) -> Start:
    def start(kind: str, /) -> Cellar:
        return stack.enter_context(running(prepare(kind, cellars), new_folder(kind)))

    return start


@pytest.fixture
def start(folder_of_cellars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Servers for this test alone, which may change what is in them."""
    with ExitStack() as stack:
        yield _starter(stack, folder_of_cellars, tmp_path_factory.mktemp)


@pytest.fixture(scope="module")
def filled(folder_of_cellars: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cellar]:
    """A cellar with something of everything, which the tests of a module share: each changes another wine, or none."""
    with ExitStack() as stack:
        yield _starter(stack, folder_of_cellars, tmp_path_factory.mktemp)("filled")


class Open(Protocol):
    """Open a browser at a cellar: that of a person who is signed in, or with "" of a stranger; options: new_context."""

    def __call__(self, cellar: Cellar, person: str = "owner", /, **options: Any) -> Page: ...


@pytest.fixture
def open_browser(browser: Browser) -> Iterator[Open]:
    """Open browsers that fail the test when something goes wrong in them."""
    troubles: list[list[str]] = []
    with ExitStack() as stack:

        def open_at(cellar: Cellar, person: str = "owner", /, cookies: Any = None, **options: Any) -> Page:
            if person and person not in cellar.cookies:
                cellar.cookies[person] = _cookies_of(browser, cellar, person)
            cookies = cookies or cellar.cookies.get(person)
            context, watch = new_context(browser, cellar.origin, storage_state=cookies, **options)
            stack.callback(context.close)
            troubles.append(watch.troubles)
            return context.new_page()

        yield open_at
    told = [trouble for part in troubles for trouble in part]
    assert not told, "in the browser:\n" + "\n".join(told)


def _cookies_of(browser: Browser, cellar: Cellar, person: str) -> Any:
    context, watch = new_context(browser, cellar.origin)
    page = context.new_page()
    sign_in(page, PEOPLE[person], PASSWORD)
    if person == "owner":
        confirm(page, "/admin/", PASSWORD)
    state = context.storage_state()
    context.close()
    assert not watch.troubles, watch.troubles
    return state
