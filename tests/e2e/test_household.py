"""Several people, quick taps, and what can be taken back. The tests share a cellar: each changes a wine of its own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, labelled
from tests.e2e.cellars import PASSWORD
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar

pytestmark = [pytest.mark.e2e, pytest.mark.once]

PORT = "Taylor's Quinta de Vargellas"
FOR_READERS = (
    "/",
    "/wines/?view=cards",
    "/wines/?view=table",
    "/wines/{wine}/",
    "/tonight/",
    "/history/",
    "/locations/",
    "/locations/{rack}/",
    "/locations/none/",
)
CHANGES = (
    "main form[method=post] button, main button[formaction], "
    "main a[href*='/edit/'], main a[href*='/add/'], main a[href*='/check-'], main a[href*='/move/']"
)


def history_of(page: Page, name: str) -> list[str]:
    """Return what the history says of a wine, newest first."""
    page.goto(f"/history/?q={name}")
    return page.locator("li.event .what").all_inner_texts()


def test_an_edited_wine_shows_what_was_changed(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto(f"/wines/{filled.ids['plain_wine']}/")
    page.get_by_role("link", name="Edit").click()
    labelled(page, "Region").fill("Friuli-Venezia Giulia")
    page.get_by_text("More about the wine").click()
    labelled(page, "Drink from").fill("2020")
    labelled(page, "Drink until").fill("2090")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("Saved")
    expect(page.locator("main")).to_contain_text("Friuli-Venezia Giulia")
    expect(page.locator("main")).to_contain_text("2020–2090")


def test_somebody_invited_joins_and_drinks_a_bottle(filled: Cellar, open_browser: Open) -> None:
    owner = open_browser(filled)
    owner.goto("/accounts/members/")
    owner.get_by_role("link", name="Invite").click()
    labelled(owner, "E-mail").fill("pia@example.org")
    owner.get_by_label("Member").check()
    owner.get_by_role("button", name="Make the link").click()
    link = labelled(owner, "The link").input_value()

    member = open_browser(filled, "")
    member.goto(link)
    labelled(member, "Name").fill("Pia")
    labelled(member, "Password").fill(PASSWORD)
    labelled(member, "Password, once more").fill(PASSWORD)
    member.get_by_role("button", name="Join").click()
    expect(member.get_by_role("navigation", name="Main pages")).to_be_visible()
    member.goto("/wines/?q=krug")
    member.get_by_role("button", name="Drink Krug").click()
    expect(member.locator("#messages")).to_contain_text("1 bottle of Krug")

    owner.goto("/history/?q=krug")
    newest = owner.locator("li.event").first
    expect(newest).to_contain_text("Drank 1 bottle")
    expect(newest).to_contain_text("Pia")


@pytest.mark.parametrize("path", FOR_READERS)
def test_a_guest_sees_no_button_that_changes_anything(filled: Cellar, open_browser: Open, path: str) -> None:
    guest = open_browser(filled, "guest", size=LAPTOP)
    guest.goto(path.format(**filled.ids))
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    assert guest.locator(CHANGES).all_inner_texts() == []


def test_an_owner_sees_the_buttons_that_a_guest_does_not(filled: Cellar, open_browser: Open) -> None:
    owner = open_browser(filled, size=LAPTOP)
    for path in ("/", "/wines/?view=cards", "/wines/?view=table", "/wines/{wine}/", "/tonight/", "/locations/none/"):
        owner.goto(path.format(**filled.ids))
        assert owner.locator(CHANGES).count() > 0, path


def test_drink_in_the_list_changes_it_at_once_and_undo_takes_it_back(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/")
    page.evaluate("window.isTheSamePage = true")
    card = page.locator("li.wine-card", has_text=PORT)
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
    assert page.evaluate("window.isTheSamePage")


def test_who_drinks_by_the_keyboard_stays_at_the_button_and_goes_on_to_undo(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, size=LAPTOP)
    page.goto("/wines/?q=taylor&view=cards")
    drink = page.get_by_role("button", name="Drink")
    drink.focus()
    # As a keyboard does where a key is held down.
    for _time in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator(".wine-card .count")).to_contain_text("3")
    expect(drink).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.locator("#messages").get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".wine-card .count")).to_contain_text("4")
    expect(page.locator("#messages").get_by_role("button", name="Undo")).to_be_focused()


def test_who_filters_by_the_keyboard_stays_at_the_choice(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, size=LAPTOP)
    page.goto("/wines/")
    labelled(page, "Stock").press("ArrowDown")
    page.wait_for_url("**stock=in**")
    expect(labelled(page, "Stock")).to_be_focused()


def test_a_message_can_be_put_away(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/?q=trockenbeerenauslese")
    page.get_by_role("button", name="One bottle more").click()
    page.get_by_role("button", name="Put this message away").click()
    expect(page.locator("#messages")).to_be_empty()


def test_plus_in_the_list_adds_a_bottle_where_the_others_lie(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/")
    card = page.locator("li.wine-card", has_text="Bandol")
    card.get_by_role("button", name="One bottle more").click()
    expect(card.locator(".count")).to_contain_text("4")
    expect(card.locator(".where")).to_contain_text("Shelf by the door (4)")


@pytest.mark.parametrize(("name", "javascript"), [("Barolo", True), ("Margaux", False)])
def test_a_double_tap_on_drink_drinks_one_bottle(
    filled: Cellar, open_browser: Open, name: str, javascript: bool
) -> None:
    page = open_browser(filled, javascript=javascript)
    page.goto(f"/wines/?q={name}")
    page.get_by_role("button", name="Drink").dblclick()
    expect(page.locator("#messages")).to_contain_text("1 bottle of")
    assert sum(what.startswith("Drank") for what in history_of(page, name)) == 1


def test_a_photo_on_a_form_that_was_refused_is_kept(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/")
    picture = page.screenshot()
    labelled(page, "Photo of the front").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture})
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a producer, a name, or both.")
    expect(page.locator("main")).to_contain_text("The photo of the front is kept.")
    labelled(page, "Producer").fill("Trimbach")
    labelled(page, "Name").fill("Clos Sainte Hune")
    page.get_by_role("button", name="Check in").click()
    expect(page.locator(".wine-head img")).to_be_visible()


def test_a_wine_that_is_there_gets_the_bottles(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("KELLER")
    labelled(page, "Name").fill("von der fels")
    labelled(page, "Vintage").fill("2010")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("You have this wine")
    page.get_by_role("button", name="Add the bottles to it").click()
    page.wait_for_url(re.compile(r"/wines/[0-9a-f-]{36}/"))
    expect(page.locator(".have")).to_contain_text("4 bottles")
