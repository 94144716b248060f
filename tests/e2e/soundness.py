"""What every page must have, whatever it is about: each function returns what is wrong, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.e2e.browsing import LAPTOP, PHONE, TABLET

# Evaluated by the browser's debugger, which the content security policy does not bind.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LOOKS = 50
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
TARGETS = (
    "button, .button, select, textarea, summary, a.chip, nav.bottom a, nav.side li a, .switch a, .rack a,"
    "input:not([type=hidden], [type=checkbox], [type=radio])"
)

TOO_SMALL = """(selector) => [...document.querySelectorAll(selector)].flatMap((target) => {
  if (!target.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) return [];
  const { width, height } = target.getBoundingClientRect();
  const name = target.getAttribute("aria-label") ?? target.textContent.trim().slice(0, 30);
  return width > 43.5 && height > 43.5 ? [] : [`${target.localName} "${name}" ${width} × ${height}`];
})"""

# What reaches over the right edge, to tell more than that something does.
TOO_WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
  .slice(-3).map((part) => part.outerHTML.slice(0, 80))"""

SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => done()))))"""

COVERED = """() => {
  scrollTo(0, document.documentElement.scrollHeight);
  const bar = document.querySelector("nav.bottom");
  const last = [...document.querySelectorAll("main > *")].filter((part) => part.checkVisibility()).at(-1);
  const hidden = bar && last && last.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
  scrollTo(0, 0);
  return hidden ? [last.outerHTML.slice(0, 80)] : [];
}"""


def wrong_on(page: Page) -> list[str]:
    """Look at a page that is open in light, and return what is wrong with it at any size, light or dark.

    After a click that leads elsewhere, first expect something of the page it leads to: this one cannot know whether
    the page it sees is the old one.
    """
    page.wait_for_load_state("load")
    wrong = [] if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
    for size in (TABLET, PHONE, LAPTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        wrong += _at(size, "sideways", sideways(page))
        if size != TABLET:
            wrong += _at(size, "light", at_rest(page, lambda: violations(page, **EVERYTHING)))
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            wrong += _at(size, "dark", at_rest(page, lambda: violations(page, **CONTRAST)))
            page.emulate_media(color_scheme="light")
            page.evaluate(SETTLED)
        if size == PHONE:
            wrong += _at(size, "too small for a thumb", page.evaluate(TOO_SMALL, TARGETS))
            wrong += _at(size, "under the bottom bar", page.evaluate(COVERED))
    return wrong


def sideways(page: Page) -> list[str]:
    """Return what makes the page scroll to the side, once it has come to rest after a change of size."""
    return at_rest(page, lambda: page.evaluate(TOO_WIDE))


def at_rest(page: Page, look: Callable[[], list[str]]) -> list[str]:
    """Return what is still wrong when the page has come to rest.

    A busy Chromium places what is in a <details>, and pictures from another file, a few frames after a change of
    size, and gives a link its new colour a few frames after a change from light to dark.
    """
    for _look in range(LOOKS):
        found = look()
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def dead_ends(page: Page) -> list[str]:
    """Return the buttons that can be seen but do nothing where JavaScript does not run."""
    buttons = page.locator("button[type=button]:visible").all()
    return [f"does nothing: {button.get_attribute('aria-label') or button.inner_text()}" for button in buttons]


def _at(size: tuple[int, int], what: str, found: Sequence[str]) -> list[str]:
    return [f"{size[0]} px, {what}: {one}" for one in found]


def violations(page: Page, **options: Any) -> list[str]:
    """Return what axe finds."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run(document, options)", {**options, "resultTypes": ["violations"]})
    return [
        f"{one['id']} ({one['help']}): {node['html'][:120]} {node.get('failureSummary', '')[:200]!r}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
