"""A real browser, and an eye on everything that must not happen in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]

# A page may take its time where two tests share a slow machine; what is there is found at once all the same.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

PHONE = (390, 844)
TABLET = (768, 1024)
LAPTOP = (1440, 900)

# Told to the console, which is watched, rather than kept in the page, which may be left by then.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (e) =>
  console.error(`content security policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What went wrong in a browser context: its `troubles` are empty when all is well."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self.troubles: list[str] = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda failure: self.troubles.append(f"uncaught: {failure.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # The browser also writes down each answer that is no success; of those, _answered knows more.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource:"):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "about:")):
            self.troubles.append(f"a request to another origin: {request.url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.troubles.append(f"{response.status} from {response.url}")


def new_context(
    browser: Browser, origin: str, *, size: tuple[int, int] = PHONE, javascript: bool = True, **options: Any
) -> tuple[BrowserContext, Watch]:
    """Open a browser of somebody: with cookies of their own, and watched."""
    width, height = size
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": height},
        java_script_enabled=javascript,
        locale="en-GB",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context, Watch(context, origin)


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/sign-in/")
    labelled(page, "E-mail").fill(email)
    labelled(page, "Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/sign-in/" not in url)


def confirm(page: Page, path: str, password: str) -> None:
    """Open a page that asks for the password again, and give it; it is not asked again for half an hour."""
    page.goto(path)
    labelled(page, "Your password").fill(password)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(path)


def labelled(page: Page, label: str) -> Locator:
    """Return the field with this label, whether or not it is marked as required."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).first
