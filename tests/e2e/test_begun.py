"""Leaving the form for a wine before it is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.browsing import labelled
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar
from tests.e2e.soundness import wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]

LOOKS = 20


def dialogs_of(page: Page) -> list[str]:
    """Answer yes to whatever the browser asks, and return the list of it."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked


def test_what_was_typed_survives_leaving_the_page(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    asked = dialogs_of(page)
    page.goto("/wines/add/")
    labelled(page, "Producer").click()
    labelled(page, "Producer").press_sequentially("Massolino")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    assert asked == ["beforeunload"]

    begun = page.get_by_role("heading", name="You began to add a wine")
    # What is sent in leaving may arrive after the next page was asked for.
    for _look in range(LOOKS):
        page.goto("/")
        if begun.is_visible():
            break
    expect(begun).to_be_visible()
    assert wrong_on(page) == []
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_role("heading", name="Here is what you began")).to_be_visible()
    expect(labelled(page, "Producer")).to_have_value("Massolino")

    page.goto("/wines/add/")
    expect(page.get_by_text("Massolino")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#messages")).to_contain_text("What you began is discarded.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_another_wine_is_added_while_one_is_begun(filled: Cellar, open_browser: Open, javascript: bool) -> None:
    page = open_browser(filled, javascript=javascript)
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("Mascarello")
    labelled(page, "Vintage").fill("1066")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet")
    dialogs_of(page)
    page.goto("/wines/add/")
    expect(page.get_by_role("heading", name="You began to add a wine")).to_be_visible()
    expect(page.get_by_role("heading", name="Or add another wine")).to_be_visible()
    producer = "Sandrone" if javascript else "Burlotto"
    labelled(page, "Producer").fill(producer)
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text(f"1 × {producer} checked in")
    page.goto("/wines/add/")
    expect(page.get_by_text("Mascarello 1066")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("heading", name="You began to add a wine")).to_have_count(0)


def test_nobody_is_asked_who_typed_nothing_or_checks_in(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    asked = dialogs_of(page)
    page.goto("/wines/add/")
    page.get_by_role("heading", level=1).click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.goto("/wines/add/")
    labelled(page, "Producer").press_sequentially("Cavallotto")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text("1 × Cavallotto checked in")
    assert asked == []
