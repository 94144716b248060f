"""Producer and name are completed while they are typed: from the cellar, and from the catalogue."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browsing import PHONE, labelled, new_context
from tests.e2e.conftest import Open
from tests.e2e.servers import Cellar
from tests.e2e.soundness import SETTLED, sideways, violations

pytestmark = [pytest.mark.e2e, pytest.mark.once]

ASKED = "**/suggest/catalogue/*"
WINE: dict[str, Any] = {
    "number": 1,
    "label": "Casa Perini Ancellotta",
    "detail": "Red · Brazil",
    "fields": {"producer": "Casa Perini", "name": "Ancellotta"},
    "unsure": [],
}


@pytest.fixture
def page(filled: Cellar, open_browser: Open) -> Page:
    page = open_browser(filled)
    page.goto("/wines/add/")
    return page


def options(page: Page) -> Locator:
    return page.locator("[role=listbox]:not([hidden]) > [role=option]")


def wine(page: Page, name: str) -> Locator:
    return options(page).filter(has=page.locator(".wine-name", has_text=re.compile(rf"^{re.escape(name)}$")))


def type_in(page: Page, label: str, text: str) -> Locator:
    """Type, as a person does, and wait for the list."""
    field = labelled(page, label)
    field.press_sequentially(text)
    expect(page.get_by_role("listbox", name=label)).to_be_visible()
    return field


def field_of(page: Page, label: str) -> Locator:
    return page.locator(".field", has=labelled(page, label)).last


# -- With the keyboard


def test_a_wine_is_completed_with_the_keyboard(page: Page) -> None:
    producer = type_in(page, "Producer", "casa perin ancel")
    expect(wine(page, "Casa Perini Ancellotta")).to_contain_text("Red · Brazil")
    producer.press("ArrowDown")
    expect(wine(page, "Casa Perini Ancellotta")).to_have_attribute("aria-selected", "true")
    producer.press("Enter")
    expect(producer).to_have_value("Casa Perini")
    expect(producer).to_be_focused()
    expect(labelled(page, "Name")).to_have_value("Ancellotta")
    expect(labelled(page, "Type")).to_have_value("red")
    expect(labelled(page, "Country")).to_have_value("Brazil")
    expect(labelled(page, "Body")).to_have_value("medium")
    expect(labelled(page, "Acidity")).to_have_value("medium")
    expect(labelled(page, "Goes with")).to_have_value(re.compile("Beef"))
    expect(page.locator("[name=grape_rows_first]").first).to_have_value("Ancellotta")
    expect(field_of(page, "Country")).to_contain_text("From the catalogue: sure")
    expect(field_of(page, "Alcohol, %")).to_contain_text("From the catalogue: please check")
    expect(page.locator("[data-reading-told]")).to_contain_text(
        "Filled in from the catalogue: Producer, Name, Type, Country"
    )
    expect(page).to_have_url(re.compile("/wines/add/$"))


def test_the_keys_move_through_the_list(page: Page) -> None:
    producer = type_in(page, "Producer", "casa")
    last = options(page).count() - 1
    assert last > 1
    pressed = [("ArrowDown", 0), ("ArrowDown", 1), ("End", last), ("ArrowDown", 0), ("ArrowUp", last), ("Home", 0)]
    for key, number in pressed:
        producer.press(key)
        expect(options(page).nth(number)).to_have_attribute("aria-selected", "true")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        expect(producer).to_have_attribute("aria-activedescendant", f"id_producer_list_{number}")
    producer.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(producer).to_have_value("casa")
    expect(producer).not_to_have_attribute("aria-activedescendant", re.compile("."))
    producer.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    producer.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(producer).to_have_value("casa")
    expect(labelled(page, "Name")).to_be_focused()


def test_enter_without_a_choice_keeps_what_was_typed_and_goes_on(page: Page) -> None:
    producer = type_in(page, "Producer", "casa")
    producer.press("Enter")
    expect(labelled(page, "Name")).to_be_focused()
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(producer).to_have_value("casa")
    expect(labelled(page, "Country")).to_have_value("")


def test_enter_goes_from_field_to_field_and_saves_nothing(page: Page) -> None:
    labelled(page, "Producer").fill("Zwiebelt")
    labelled(page, "Shop").press("Enter")
    expect(page.get_by_role("button", name="Check in", exact=True)).to_be_focused()
    expect(labelled(page, "Producer")).to_have_value("Zwiebelt")
    labelled(page, "Vintage").press("Enter")
    expect(labelled(page, "Type")).to_be_focused()
    # What is folded away is passed over.
    labelled(page, "Appellation").press("Enter")
    expect(labelled(page, "Bottles")).to_be_focused()
    page.goto("/wines/?q=zwiebelt")
    expect(page.locator("#results").get_by_role("status")).to_have_text("0 wines")


# -- What is offered


@pytest.mark.parametrize("typed", ["casa perini ancellotta", "CÁSA ancelota", "ancellotta perini"])
def test_accents_order_and_small_errors_are_forgiven(page: Page, typed: str) -> None:
    type_in(page, "Name", typed)
    expect(wine(page, "Casa Perini Ancellotta")).to_be_visible()


def test_what_the_cellar_has_comes_first_and_fills_in_one_field(page: Page) -> None:
    producer = type_in(page, "Producer", "radik")
    expect(options(page).first).to_contain_text("In your cellar")
    options(page).first.click()
    expect(producer).to_have_value("Radikon")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(labelled(page, "Name")).to_have_value("")
    expect(page.locator("datalist#suggestions-1")).to_have_count(0)


def test_only_wines_of_the_producer_that_was_typed_are_offered(page: Page) -> None:
    labelled(page, "Producer").fill("casa perini")
    type_in(page, "Name", "an")
    names = options(page).locator(".wine-name")
    expect(names.first).to_be_visible()
    assert [text for text in names.all_inner_texts() if not text.startswith("Casa Perini")] == []


def test_what_was_typed_stays_and_the_rest_is_filled_in(page: Page) -> None:
    labelled(page, "Country").fill("Brasil")
    labelled(page, "Type").select_option("other")
    type_in(page, "Name", "casa perini ancellotta")
    wine(page, "Casa Perini Ancellotta").click()
    expect(labelled(page, "Name")).to_have_value("Ancellotta")
    expect(labelled(page, "Region")).to_have_value("Serra Gaúcha")
    expect(labelled(page, "Country")).to_have_value("Brasil")
    expect(labelled(page, "Type")).to_have_value("other")
    expect(field_of(page, "Country").locator("[data-mark]")).to_have_count(0)


def test_another_wine_replaces_what_the_first_filled_in_but_nothing_edited(page: Page) -> None:
    producer = type_in(page, "Producer", "casa perini ancellotta")
    wine(page, "Casa Perini Ancellotta").click()
    expect(labelled(page, "Name")).to_have_value("Ancellotta")
    labelled(page, "Region").fill("My valley")
    expect(field_of(page, "Region").locator("[data-mark]")).to_have_count(0)
    producer.fill("")
    type_in(page, "Producer", "perini moscatel")
    wine(page, "Casa Perini Espumante Moscatel").click()
    expect(labelled(page, "Name")).to_have_value("Espumante Moscatel")
    expect(labelled(page, "Type")).to_have_value("sparkling")
    expect(page.locator("[name=grape_rows_first]").first).to_have_value("Muscat/Moscato")
    expect(labelled(page, "Region")).to_have_value("My valley")


def test_what_is_filled_in_where_the_page_is_folded_is_summed_up_until_it_is_edited(page: Page) -> None:
    type_in(page, "Producer", "perini ancellotta")
    wine(page, "Casa Perini Ancellotta").click()
    lines = page.locator("[data-folded] p")
    sure, unsure = lines.nth(0), lines.nth(1)
    expect(sure).to_contain_text(re.compile("Filled in Grapes: Ancellotta · Body: Medium-bodied · Acidity: Medium"))
    expect(unsure).to_contain_text("Please check Alcohol, %: ")
    page.get_by_text("More about the wine").click()
    expect(sure).to_be_hidden()
    labelled(page, "Alcohol, %").fill("12")
    page.get_by_text("More about the wine").click()
    expect(sure).to_be_visible()
    expect(unsure).to_be_hidden()
    field_of(page, "Producer").get_by_role("button", name="Undo").click()
    expect(sure).to_be_hidden()


def test_what_was_filled_in_is_taken_back(page: Page) -> None:
    labelled(page, "Country").fill("Brasil")
    producer = type_in(page, "Producer", "perini ancell")
    wine(page, "Casa Perini Ancellotta").click()
    expect(labelled(page, "Name")).to_have_value("Ancellotta")
    labelled(page, "Region").fill("My valley")
    field_of(page, "Producer").get_by_role("button", name="Undo").click()
    expect(producer).to_have_value("perini ancell")
    expect(producer).to_be_focused()
    expect(labelled(page, "Name")).to_have_value("")
    expect(labelled(page, "Country")).to_have_value("Brasil")
    expect(labelled(page, "Region")).to_have_value("My valley")
    expect(page.locator("[name=grape_rows_first]").first).to_have_value("")
    expect(page.locator("form [data-mark]")).to_have_count(0)
    expect(page.locator("[data-reading-told]")).to_have_text("Taken back.")


def test_a_wine_that_was_completed_is_checked_in(page: Page) -> None:
    type_in(page, "Producer", "perini ancellotta")
    wine(page, "Casa Perini Ancellotta").click()
    labelled(page, "Vintage").fill("next year")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    # The form that was refused still says where its values come from, and completes.
    expect(field_of(page, "Country")).to_contain_text("From the catalogue: sure")
    labelled(page, "Vintage").fill("2016")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("1 × Casa Perini Ancellotta 2016 checked in")


def test_a_form_that_came_without_a_new_page_completes_too(page: Page) -> None:
    page.locator("[data-enter]").evaluate("button => button.removeAttribute('data-enter')")
    labelled(page, "Producer").fill("perini")
    labelled(page, "Producer").evaluate(
        """(input) => { const form = input.form.cloneNode(true);
        form.querySelectorAll(".combobox").forEach((box) => box.replaceWith(Object.assign(
            document.createElement("input"), { name: box.firstChild.name, id: box.firstChild.id })));
        input.form.replaceWith(form);
        form.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: form } })); }"""
    )
    type_in(page, "Producer", "ancellotta")
    expect(wine(page, "Casa Perini Ancellotta")).to_be_visible()


# -- What is asked


def test_one_letter_asks_nothing_and_two_ask_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    producer = labelled(page, "Producer")
    producer.press("c")
    producer.press("ArrowDown")
    type_in(page, "Producer", "a")
    assert len(asked) == 1, asked
    producer.press("Backspace")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert len(asked) == 1, asked


def test_an_answer_that_comes_late_is_passed_over(page: Page) -> None:
    waiting: list[Route] = []

    def answer(route: Route) -> None:
        if "q=casa&" in route.request.url:
            waiting.append(route)
        else:
            route.fulfill(json={"own": [], "wines": [{**WINE, "label": "The later one"}]})

    page.route(ASKED, answer)
    producer = labelled(page, "Producer")
    with page.expect_request(re.compile("q=casa&")):
        producer.press_sequentially("casa")
    type_in(page, "Producer", " perini")
    expect(options(page)).to_have_text([re.compile("The later one")])
    waiting[0].fulfill(json={"own": [], "wines": [{**WINE, "label": "The earlier one"}]})
    producer.press("ArrowDown")
    expect(options(page)).to_have_text([re.compile("The later one")])


def test_an_answer_that_comes_after_the_field_was_left_opens_nothing(page: Page) -> None:
    waiting: list[Route] = []
    page.route(ASKED, lambda route: waiting.append(route))
    with page.expect_request(ASKED):
        labelled(page, "Producer").press_sequentially("casa")
    labelled(page, "Shop").focus()
    waiting[0].fulfill(json={"own": [], "wines": [WINE]})
    labelled(page, "Shop").press("End")
    expect(page.locator("[role=listbox]:not([hidden])")).to_have_count(0)
    expect(labelled(page, "Producer")).to_have_attribute("aria-expanded", "false")


SIGNED_OUT = {"status": 200, "content_type": "text/html", "body": "<!doctype html><title>Sign in</title>"}
TOO_MUCH = {"status": 429, "json": {"own": [], "wines": [WINE]}}


@pytest.mark.parametrize("answer", [None, SIGNED_OUT, TOO_MUCH], ids=["offline", "signed-out", "too-much"])
def test_without_an_answer_the_field_is_just_a_field(
    filled: Cellar, browser: Browser, open_browser: Open, answer: dict[str, Any] | None
) -> None:
    open_browser(filled)  # signs in
    # Not watched: a refusal is what this is about.
    context, _watch = new_context(browser, filled.origin, storage_state=filled.cookies["owner"])
    page = context.new_page()
    page.goto("/wines/add/")
    page.route(ASKED, lambda route: route.fulfill(**answer) if answer else route.abort())
    with page.expect_event("response" if answer else "requestfailed", lambda one: "/suggest/" in one.url):
        labelled(page, "Producer").press_sequentially("casa")
    expect(labelled(page, "Producer")).to_have_value("casa")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.locator("[data-reading-told]")).to_have_text("")
    page.unroute(ASKED)
    type_in(page, "Producer", " perini")
    context.close()


# -- For everybody


def test_the_field_says_what_it_is(page: Page) -> None:
    producer = page.get_by_role("combobox", name="Producer")
    expect(producer).to_have_attribute("aria-autocomplete", "list")
    expect(producer).to_have_attribute("aria-expanded", "false")
    type_in(page, "Producer", "perini")
    expect(producer).to_have_attribute("aria-expanded", "true")
    expect(producer).to_have_attribute("aria-controls", page.get_by_role("listbox").get_attribute("id") or "?")
    expect(page.locator("[data-reading-told]")).to_have_text(f"Suggestions: {options(page).count()}")
    producer.press_sequentially(" xyz")
    expect(producer).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[data-reading-told]")).to_have_text("No suggestions")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_list_is_sound(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    producer = type_in(page, "Producer", "casa")
    producer.press("ArrowDown")
    expect(producer).to_have_attribute("aria-activedescendant", re.compile("."))
    page.evaluate(SETTLED)
    assert violations(page) == []


def test_on_a_phone_the_list_lies_below_the_field_and_options_are_large(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, size=PHONE, has_touch=True, is_mobile=True)
    page.goto("/wines/add/")
    producer = type_in(page, "Producer", "ch")
    field, shown = producer.bounding_box(), page.get_by_role("listbox").bounding_box()
    assert field
    assert shown
    assert field["y"] + field["height"] <= shown["y"]
    assert (shown["x"], shown["width"]) == (field["x"], field["width"])
    assert shown["y"] + shown["height"] <= PHONE[1]
    assert [box for box in options(page).all() if (box.bounding_box() or {"height": 0})["height"] < 44] == []
    assert sideways(page) == []
    options(page).last.tap()
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(producer).not_to_have_value("ch")


def test_without_javascript_a_button_completes_and_enter_saves_nothing(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled, javascript=False)
    page.goto("/wines/add/")
    labelled(page, "Shop").fill("Nicolas")
    labelled(page, "Name").fill("perini ancelota")
    labelled(page, "Name").press("Enter")
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    page.get_by_role("button", name="Complete from the catalogue").last.click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    page.get_by_role("button", name="Casa Perini Ancellotta").click()
    expect(page.get_by_role("heading", name="Filled in from the catalogue")).to_be_visible()
    expect(labelled(page, "Producer")).to_have_value("Casa Perini")
    expect(labelled(page, "Name")).to_have_value("Ancellotta")
    expect(labelled(page, "Shop")).to_have_value("Nicolas")
    assert sideways(page) == []
