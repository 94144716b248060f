"""Point the camera at a label: the form is filled in, corrected and checked in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cellar.labels.tesseracts import drawn_label
from tests.e2e.browsing import labelled
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar
from tests.e2e.soundness import wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once, pytest.mark.needs_tesseract]

LABEL: Any = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": drawn_label()}
WALL: Any = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": drawn_label(())}


def read(page: Page, photo: Any = LABEL) -> None:
    labelled(page, "Photo of the front").set_input_files(photo)
    page.get_by_role("button", name="Read label").click()
    expect(page.locator("[data-told]")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_label_is_read_corrected_and_checked_in(filled: Cellar, open_browser: Open, javascript: bool) -> None:
    page = open_browser(filled, "owner", javascript=javascript)
    vintage = "2018" if javascript else "2017"
    page.goto("/wines/add/")
    labelled(page, "Shop").fill("Nicolas")
    labelled(page, "Vintage").fill(vintage)
    read(page)
    expect(labelled(page, "Producer")).to_have_value("Kettmeir")
    expect(labelled(page, "Vintage")).to_have_value(vintage)
    expect(labelled(page, "Shop")).to_have_value("Nicolas")
    expect(page.locator(".field", has=labelled(page, "Producer"))).to_contain_text("From the catalogue: sure")
    labelled(page, "Name").fill("Müller Thurgau Athesis")
    labelled(page, "Bottles").fill("6")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text(f"6 × Kettmeir Müller Thurgau Athesis {vintage} checked in")
    expect(page.locator(".wine-head img")).to_be_visible()

    # The same bottle once more: it is there, so the bottles go to it.
    page.goto("/wines/add/")
    labelled(page, "Vintage").fill(vintage)
    labelled(page, "Name").fill("Müller Thurgau Athesis")
    read(page)
    expect(page.get_by_role("heading", name="You have this wine")).to_be_visible()
    page.get_by_role("button", name="Add the bottles to it").click()
    expect(page.locator("#messages")).to_contain_text(f"1 × Kettmeir Müller Thurgau Athesis {vintage} checked in")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_another_wine_is_chosen(filled: Cellar, open_browser: Open, javascript: bool) -> None:
    page = open_browser(filled, "owner", javascript=javascript)
    page.goto("/wines/add/")
    read(page)
    page.get_by_text("Not this wine? See others").click()
    other = page.locator("li:has(button[name=choose])").nth(1)
    producer = re.sub(r"\s+", " ", other.locator(".wine-name").inner_text()).split()[0]
    other.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Filled in from the catalogue")).to_be_visible()
    expect(labelled(page, "Producer")).to_have_value(re.compile(f"^{re.escape(producer)}"))
    expect(page.get_by_text("The photo of the front is kept.")).to_be_visible()


def test_the_page_stays_and_says_what_happens(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/?like=")
    read(page)
    expect(page).to_have_url(re.compile(r"/wines/add/\?like=$"))
    expect(page.locator("[data-told]")).to_be_focused()
    expect(page.locator("[data-reading-told]")).to_contain_text("The label was read")
    # What app.js hangs on fields is there in the form that came as well.
    expect(page.get_by_role("button", name="More", exact=True)).to_be_visible()
    # A value that somebody edits no longer comes from where it says.
    field = page.locator(".field", has=labelled(page, "Producer"))
    expect(field.locator("[data-mark]")).to_have_count(1)
    labelled(page, "Producer").press_sequentially("x")
    expect(field.locator("[data-mark]")).to_have_count(0)


def test_a_reading_can_be_cancelled(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    asked: list[Route] = []
    page.route("**/wines/add/read/", lambda route: asked.append(route))
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("Vietti")
    labelled(page, "Photo of the front").set_input_files(LABEL)
    page.get_by_role("button", name="Read label").click()
    expect(page.locator("main progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-said]")).to_contain_text("Cancelled. Nothing was filled in; the photo is still chosen.")
    expect(page.locator("main progress")).to_be_hidden()
    expect(labelled(page, "Producer")).to_have_value("Vietti")
    assert len(asked) == 1
    expect(page.get_by_role("button", name="Read label")).to_be_focused()


def test_on_a_phone_a_photo_is_taken_or_chosen(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, has_touch=True, is_mobile=True)
    page.goto("/wines/add/")
    front = labelled(page, "Photo of the front")
    expect(front).to_have_attribute("capture", "environment")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a photo taken before").click()
    chooser.value.set_files(LABEL)
    expect(front).not_to_have_attribute("capture", "environment")
    expect(page.locator("canvas.preview")).to_be_visible()


def test_the_form_does_not_move_down_when_its_script_arrives(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, has_touch=True, is_mobile=True)
    page.route("**/reading*.js", lambda route: route.abort())
    page.goto("/wines/add/")
    expect(page.get_by_role("button", name="Choose a photo taken before")).to_be_visible()


def test_without_javascript_no_button_offers_to_choose(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, has_touch=True, is_mobile=True, javascript=False)
    page.goto("/wines/add/")
    expect(page.locator("[data-choose-photo]")).to_be_hidden()


def test_without_a_connection_nothing_is_lost(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("Vietti")
    labelled(page, "Photo of the front").set_input_files(LABEL)
    page.route("**/wines/add/read/", lambda route: route.abort())
    page.get_by_role("button", name="Read label").click()
    expect(page.locator("[data-said]")).to_contain_text("Nothing you typed is lost")
    expect(labelled(page, "Producer")).to_have_value("Vietti")


def test_a_photo_of_a_wall_leaves_the_form_to_the_person(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/")
    read(page, WALL)
    expect(page.get_by_role("heading", name="The label was not read")).to_be_visible()
    expect(page.locator("[data-told]")).to_contain_text("Nothing readable was found on this photo.")
    labelled(page, "Producer").fill("Vietti")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("#messages")).to_contain_text("1 × Vietti checked in")


def test_the_filled_form_is_sound_at_any_size_light_and_dark(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/")
    read(page)
    assert wrong_on(page) == []
