"""Several people, quick taps, and what can be taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, labelled
from tests.e2e.cellars import PASSWORD
from tests.e2e.conftest import Open, Start
from tests.e2e.servers import Cellar

pytestmark = [pytest.mark.e2e, pytest.mark.once]

LAST = "Taylor's Quinta de Vargellas"


@pytest.fixture
def cellar(start: Start) -> Cellar:
    return start("filled")


def test_an_edited_wine_shows_what_was_changed(cellar: Cellar, open_browser: Open) -> None:
    page = open_browser(cellar)
    page.goto(f"/wines/{cellar.ids['plain_wine']}/")
    page.get_by_role("link", name="Edit").click()
    labelled(page, "Region").fill("Friuli-Venezia Giulia")
    page.get_by_text("More about the wine").click()
    labelled(page, "Drink from").fill("2020")
    labelled(page, "Drink until").fill("2090")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.locator("main")).to_contain_text("Friuli-Venezia Giulia")
    expect(page.locator("main")).to_contain_text("2020–2090")


def test_somebody_invited_joins_and_drinks_a_bottle(cellar: Cellar, open_browser: Open) -> None:
    owner = open_browser(cellar)
    owner.goto("/accounts/members/")
    owner.get_by_role("link", name="Invite").click()
    labelled(owner, "E-mail").fill("pia@example.org")
    owner.get_by_label("Member").check()
    owner.get_by_role("button", name="Make the link").click()
    link = labelled(owner, "The link").input_value()

    member = open_browser(cellar, "")
    member.goto(link)
    labelled(member, "Name").fill("Pia")
    labelled(member, "Password").fill(PASSWORD)
    labelled(member, "Password, once more").fill(PASSWORD)
    member.get_by_role("button", name="Join").click()
    member.goto("/wines/")
    member.get_by_role("button", name=f"Drink {LAST}").click()
    expect(member.get_by_role("status").first).to_contain_text("1 bottle of Taylor's")

    owner.goto("/history/")
    newest = owner.locator("li.event").first
    expect(newest).to_contain_text("Drank 1 bottle")
    expect(newest).to_contain_text("Pia")


@pytest.mark.parametrize("path", ["/", "/wines/", "/wines/?view=table", "/wines/{wine}/", "/tonight/", "/history/",
                                  "/locations/", "/locations/{rack}/", "/locations/none/"])  # fmt: skip
def test_a_guest_sees_the_page_without_a_button_that_changes_anything(
    filled: Cellar, open_browser: Open, path: str
) -> None:
    guest = open_browser(filled, "guest", size=LAPTOP)
    guest.goto(path.format(**filled.ids))
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    changing = guest.locator(
        "main form[method=post], main a[href*='/edit/'], main a[href*='/add/'], main a[href*='/check-']"
    )
    assert [one.evaluate("e => e.outerHTML") for one in changing.all()] == []


def test_drink_in_the_list_changes_it_at_once_and_undo_takes_it_back(cellar: Cellar, open_browser: Open) -> None:
    page = open_browser(cellar, size=PHONE)
    page.goto("/wines/")
    card = page.locator("li.wine-card", has_text=LAST)
    page.evaluate("window.sameDocument = true")
    expect(card.locator(".count")).to_contain_text("4")
    card.get_by_role("button", name="Drink").click()
    expect(card.locator(".count")).to_contain_text("3")
    message = page.locator("#messages")
    expect(message).to_contain_text("1 bottle of Taylor's")
    undo = message.get_by_role("button", name="Undo")
    # The thumb is far down the list: what was done, and the way back, are where the eyes are.
    expect(undo).to_be_in_viewport(ratio=1)
    undo.click()
    expect(card.locator(".count")).to_contain_text("4")


def test_plus_in_the_list_adds_a_bottle_where_the_others_lie(cellar: Cellar, open_browser: Open) -> None:
    page = open_browser(cellar)
    page.goto("/wines/")
    card = page.locator("li.wine-card", has_text="Bandol")
    card.get_by_role("button", name="One bottle more").click()
    expect(card.locator(".count")).to_contain_text("4")
    expect(card.locator(".where")).to_contain_text("Shelf by the door (4)")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_tap_on_drink_drinks_one_bottle(cellar: Cellar, open_browser: Open, javascript: bool) -> None:
    page = open_browser(cellar, javascript=javascript)
    page.goto("/wines/")
    page.get_by_role("button", name=f"Drink {LAST}").dblclick()
    expect(page.locator("#messages")).to_contain_text("1 bottle of Taylor's")
    page.goto("/history/")
    expect(page.locator("li.event").first).to_contain_text("Drank 1 bottle")
    expect(page.locator("li.event").nth(1)).not_to_contain_text("Drank")


def test_a_photo_on_a_form_that_was_refused_is_kept(cellar: Cellar, open_browser: Open) -> None:
    page = open_browser(cellar)
    page.goto("/wines/add/")
    picture = page.screenshot()
    labelled(page, "Photo of the front").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a producer, a name, or both.")
    expect(page.locator("main")).to_contain_text("This photo is kept")
    labelled(page, "Producer").fill("Trimbach")
    labelled(page, "Name").fill("Clos Sainte Hune")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator(".wine-head img")).to_be_visible()


def test_a_wine_that_is_there_gets_the_bottles(cellar: Cellar, open_browser: Open) -> None:
    page = open_browser(cellar)
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("chateau margaux")
    labelled(page, "Name").fill("GRAND VIN")
    labelled(page, "Vintage").fill("2005")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("You have this wine")
    page.get_by_role("button", name="Add the bottles to it").click()
    page.wait_for_url(re.compile(cellar.ids["wine"]))
    expect(page.locator(".have")).to_contain_text("7 bottles")
