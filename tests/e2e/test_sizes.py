"""Pages with nothing, little, and much to show, with long words, and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, TABLET
from tests.e2e.conftest import Open, Start
from tests.e2e.servers import Cellar
from tests.e2e.soundness import sideways, wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]

PAGES = ("/", "/wines/?view=cards", "/wines/?view=table", "/tonight/", "/history/", "/locations/")
A4 = (718, 1016)  # in CSS pixels, without the margins


def too_wide(page: Page) -> list[str]:
    """Return what is too wide on the pages that list something, at any width."""
    found = []
    for path in PAGES:
        page.goto(path)
        for width, height in (PHONE, TABLET, LAPTOP):
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{path} at {width} px: {one}" for one in sideways(page)]
    return found


def test_an_empty_cellar_is_sound_and_says_what_to_do(start: Start, open_browser: Open) -> None:
    page = open_browser(start("empty"))
    wrong = []
    for path in ("/", "/wines/", "/tonight/", "/history/", "/locations/"):
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.goto(path)
        assert page.locator("main a.button, header a.button").count() > 0, path
        wrong += [f"{path} {one}" for one in wrong_on(page)]
    assert wrong == []


def test_three_wines_fit(start: Start, open_browser: Open) -> None:
    assert too_wide(open_browser(start("three"))) == []


def test_many_wines_fit_and_are_paged(start: Start, open_browser: Open) -> None:
    page = open_browser(start("many"))
    assert too_wide(page) == []
    page.goto("/wines/?sort=-vintage")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("nav.pages")).to_contain_text("Page 2 of 3")
    expect(page).to_have_url(re.compile("sort=-vintage"))
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert wrong_on(page) == []


@pytest.mark.parametrize("width", [390, 768, 1024, 1280, 1440])
def test_the_buttons_of_the_table_are_in_sight_at_every_width(filled: Cellar, open_browser: Open, width: int) -> None:
    page = open_browser(filled, size=(width, 900))
    page.goto("/wines/?view=table")
    assert page.locator(".table-wrap").evaluate("wrap => wrap.scrollWidth - wrap.clientWidth") <= 0
    where = page.locator(".wine-table .c-where").first
    assert where.is_visible() is (width > PHONE[0])


@pytest.mark.parametrize("path", ["/", "/wines/?view=table", "/wines/{wine}/", "/locations/{rack}/", "/history/"])
def test_paper_gets_the_content_alone_dark_on_light(filled: Cellar, open_browser: Open, path: str) -> None:
    page = open_browser(filled, size=A4, color_scheme="dark")
    page.goto(path.format(**filled.ids))
    page.emulate_media(media="print")
    for left_out in ("nav.bottom", "nav.side", "button", ".button", "input", "select", "details.sheet"):
        assert page.locator(f"{left_out}:visible").count() == 0, left_out
    expect(page.locator("h1")).to_be_visible()
    assert sideways(page) == []
    ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert ink == "rgb(43, 26, 23)"


def test_a_printed_list_says_where_the_bottles_lie(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, size=A4)
    page.goto("/wines/?view=table")
    page.emulate_media(media="print")
    expect(page.get_by_role("columnheader", name="Where")).to_be_visible()
    expect(page.get_by_role("cell", name="Shelf by the door (3)")).to_be_visible()
