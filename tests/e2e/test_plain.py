"""The same site where JavaScript does not run: every page is there, and everything can be done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, labelled, sign_in
from tests.e2e.cellars import PASSWORD, PEOPLE, label_file
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar
from tests.e2e.soundness import dead_ends, sideways
from tests.e2e.test_pages import MORE_PAGES, PAGES

pytestmark = [pytest.mark.e2e, pytest.mark.once]


@pytest.fixture
def page(filled: Cellar, open_browser: Open) -> Page:
    return open_browser(filled, javascript=False)


def test_every_page_is_there(filled: Cellar, page: Page) -> None:
    wrong = []
    for path in {**PAGES, **MORE_PAGES}.values():
        page.goto(path.format(**filled.ids))
        if page.locator("h1:visible").count() != 1:
            wrong.append(f"{path}: no h1")
        for width, height in (LAPTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{path} at {width} px: {one}" for one in (*sideways(page), *dead_ends(page))]
    assert wrong == []


def test_signing_in_and_out(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, "", javascript=False)
    sign_in(page, PEOPLE["member"], PASSWORD)
    page.goto("/more/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto("/wines/")
    expect(page).to_have_url(re.compile("/accounts/sign-in/"))


def test_a_wine_is_added_with_its_photo(page: Page) -> None:
    page.goto("/wines/add/")
    labelled(page, "Photo of the front").set_input_files(
        {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": label_file("#5b1024")}
    )
    labelled(page, "Producer").fill("Envínate")
    labelled(page, "Name").fill("Táganan")
    labelled(page, "Bottles").fill("6")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text("6 × Envínate Táganan checked in")
    expect(page.locator(".wine-head img")).to_be_visible()


def test_a_bottle_is_checked_out_and_that_is_taken_back(filled: Cellar, page: Page) -> None:
    page.goto(f"/wines/{filled.ids['wine']}/")
    page.get_by_role("link", name="Drink").click()
    labelled(page, "Note").fill("Violets.")
    page.get_by_role("button", name="Check out").click()
    expect(page.locator(".have")).to_contain_text("5 bottles")
    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator(".have")).to_contain_text("6 bottles")


def test_bottles_are_moved(filled: Cellar, page: Page) -> None:
    page.goto(f"/wines/{filled.ids['plain_wine']}/")
    page.get_by_role("link", name="Move").click()
    labelled(page, "Bottles").fill("2")
    labelled(page, "To").select_option("Fridge")
    page.get_by_role("button", name="Move").click()
    expect(page.locator("#messages")).to_contain_text("2 bottles of Radikon")
    expect(page.locator("main")).to_contain_text("Fridge")


def test_enter_does_not_put_into_a_rack_without_a_slot_what_does_not_fit(filled: Cellar, page: Page) -> None:
    page.goto(f"/wines/{filled.ids['plain_wine']}/check-in/")
    labelled(page, "Bottles").fill("1000")
    labelled(page, "Place").select_option(filled.ids["rack"])
    for _time in range(2):
        labelled(page, "Bottles").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Only \d+ slots of Rack B are free"))
    expect(page.get_by_role("button", name="Put the rest there without a slot")).to_be_visible()


def test_a_place_is_counted(filled: Cellar, page: Page) -> None:
    page.goto(f"/locations/{filled.ids['shelf']}/count/")
    page.get_by_label("Domaine Tempier").fill("2")
    page.get_by_role("button", name="Show the differences").click()
    page.get_by_role("button", name="Save the stock-take").click()
    expect(page.locator("#messages")).to_contain_text("1 bottle put right")
    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Taken back")


def test_the_list_is_searched_with_enter(page: Page) -> None:
    page.goto("/wines/")
    page.get_by_role("searchbox").fill("grande cuvee")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#results h2")).to_have_text(re.compile("Krug Grande Cuvée"))


def test_the_list_is_filtered_with_a_button(page: Page) -> None:
    page.goto("/wines/")
    page.locator("details.sheet summary").click()
    labelled(page, "Type").select_option("Orange")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#results h2")).to_have_text(re.compile("Radikon"))


def test_the_list_is_sorted_with_a_button(page: Page) -> None:
    page.goto("/wines/?stock=in&view=cards")
    labelled(page, "Sort by").select_option("oldest vintage")
    page.get_by_role("button", name="Sort").click()
    expect(page.locator("#results h2").first).to_have_text(re.compile("Quinta de Vargellas"))


def test_drink_in_the_list_comes_back_to_the_list(page: Page) -> None:
    page.goto("/wines/?q=von+der+fels")
    page.get_by_role("button", name="Drink").click()
    expect(page).to_have_url(re.compile(r"/wines/\?q=von"))
    expect(page.locator("#messages")).to_contain_text("1 bottle of Keller")
