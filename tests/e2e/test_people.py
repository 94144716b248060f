"""Second factor and helpers in a real browser: the pages that only a way through them shows."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from accounts.second_factor import code_at
from tests.e2e.browsing import labelled
from tests.e2e.cellars import PASSWORD, PEOPLE
from tests.e2e.conftest import Open, Start
from tests.e2e.soundness import wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]


def fresh_code(secret: str, used: set[int]) -> str:
    """Return a code that was not used yet and is accepted now and for thirty seconds more."""
    step = max([int(time.time()) // 30, *(before + 1 for before in used)])
    used.add(step)
    return code_at(secret, step)


def sign_in_to_the_second_step(page: Page, email: str) -> None:
    page.goto("/accounts/sign-in/")
    labelled(page, "E-mail").fill(email)
    labelled(page, "Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_second_factor_is_set_up_and_used(start: Start, open_browser: Open, javascript: bool) -> None:
    cellar, used = start("empty"), set[int]()
    page = open_browser(cellar, "member", javascript=javascript)
    page.goto("/accounts/second-factor/")
    page.get_by_role("button", name="Set it up").click()
    labelled(page, "Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("code").inner_text().replace(" ", "")
    labelled(page, "Code").fill(fresh_code(secret, used))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator("ol code")).to_have_count(10)
    codes = page.locator("ol code").all_inner_texts()
    if javascript:
        assert wrong_on(page) == []

    other = open_browser(cellar, "", javascript=javascript)
    sign_in_to_the_second_step(other, PEOPLE["member"])
    if javascript:
        assert wrong_on(other) == []
    labelled(other, "Code").fill(fresh_code(secret, used))
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{cellar.origin}/")

    third = open_browser(cellar, "", javascript=javascript)
    sign_in_to_the_second_step(third, PEOPLE["member"])
    third.get_by_role("link", name="use a recovery code").click()
    labelled(third, "Recovery code").fill(codes[0].lower())
    third.get_by_role("button", name="Sign in").click()
    third.wait_for_url(f"{cellar.origin}/")


def test_a_helper_takes_a_bottle_from_the_one_place(start: Start, open_browser: Open) -> None:
    cellar = start("filled")
    page = open_browser(cellar, "")
    page.goto(f"/accounts/help/{cellar.ids['helper_token']}/")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Shelf by the door")).to_be_visible()
    assert wrong_on(page) == []
    page.get_by_role("button", name="Take out one bottle of Domaine Tempier").click()
    expect(page.locator("#messages")).to_contain_text("taken out")
    page.get_by_role("link", name="Stock-take").click()
    expect(page.get_by_role("heading", name="Stock-take")).to_be_visible()
    assert wrong_on(page) == []
    page.goto("/wines/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You may not do this")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Shelf by the door")
