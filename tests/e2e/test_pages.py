"""Every page of the site: nothing third-party, nothing the policy forbids, nothing sideways, nothing axe finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect

from tests.e2e.browsing import LAPTOP, labelled
from tests.e2e.conftest import Open, Start
from tests.e2e.servers import Cellar
from tests.e2e.soundness import sideways, wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]

PAGES = {
    "home": "/",
    "tonight": "/tonight/",
    "more": "/more/",
    "wine_list": "/wines/",
    "wine_add": "/wines/add/",
    "wine": "/wines/{wine}/",
    "wine_edit": "/wines/{wine}/edit/",
    "wine_delete": "/wines/{wine_without_history}/delete/",
    "check_in": "/wines/{wine}/check-in/",
    "check_out": "/wines/{wine}/check-out/",
    "open_bottle": "/wines/{wine}/open/",
    "move": "/wines/{wine}/move/",
    "deliver": "/wines/{ordered_wine}/deliver/",
    "cancel": "/wines/{ordered_wine}/cancel/",
    "photo_add": "/wines/{wine}/photos/add/",
    "photo_remove": "/labels/{label}/remove/",
    "note_add": "/wines/{wine}/notes/add/",
    "note_edit": "/notes/{note}/",
    "note_delete": "/notes/{note}/delete/",
    "score_add": "/wines/{wine}/scores/add/",
    "score_remove": "/scores/{score}/remove/",
    "bottle": "/bottles/{bottle}/",
    "history": "/history/",
    "locations": "/locations/",
    "location_add": "/locations/add/",
    "no_place": "/locations/none/",
    "location": "/locations/{rack}/",
    "location_edit": "/locations/{rack}/edit/",
    "location_delete": "/locations/{rack}/delete/",
    "location_count": "/locations/{rack}/count/",
    "collection_delete": "/collection/delete/",
    "backup": "/backup/",
    "catalogue": "/catalogue/?country=France&page=2",
    "label_usage": "/labels/usage/",
    "book": "/book/",
    "inventory": "/inventory/",
    "stats": "/stats/",
    "backup_restore": "/backup/restore/",
    "export": "/export/?stock=in&type=red",
    "location_help": "/locations/{shelf}/help/",
    "helper_invite": "/accounts/helpers/at/{shelf}/",
    "helper_link": "/accounts/helpers/{helper_link}/link/",
    "imports": "/import/",
    "import": "/import/{import}/",
    "import_options": "/import/{import}/options/",
    "import_columns": "/import/{import}/columns/",
    "fill_slot": "/locations/{rack}/slot/?row=1&column=8",
    "profile": "/accounts/profile/",
    "password_change": "/accounts/password/",
    "second_factor": "/accounts/second-factor/",
    "second_factor_set_up": "/accounts/second-factor/set-up/",
    "recovery_codes": "/accounts/second-factor/codes/",
    "devices": "/accounts/devices/",
    "members": "/accounts/members/",
    "member": "/accounts/members/{member}/",
    "member_reset_link": "/accounts/members/{member}/reset/link/",
    "invite": "/accounts/invite/",
    "invitation_link": "/accounts/invite/{invitation}/link/",
    "security_log": "/accounts/security-log/",
}
PAGES_OF_STRANGERS = {
    "sign_in": "/accounts/sign-in/",
    "invitation": "/accounts/invitation/{invitation_token}/",
    "reset_ask": "/accounts/reset/",
    "help_here": "/accounts/help/{helper_token}/",
    "sign_in_code": "/accounts/sign-in/code/",
    "reset_sent": "/accounts/reset/sent/",
    "reset": "/accounts/reset/{reset_token}/",
    "email_confirm": "/accounts/email/{email_token}/",
    "setup_owner": "/setup/no-such-code/",
}
# The same pages in another state.
MORE_PAGES = {
    "a table": "/wines/?view=table",
    "filters": "/wines/?view=cards&stock=in&ready=now&type=red&q=m&sort=ready",
    "nothing found": "/wines/?view=cards&q=nothing+of+the+kind",
    "a long name": "/wines/{long_wine}/",
    "moving a long name": "/wines/{long_wine}/move/",
    "a name without an end": "/wines/{endless_wine}/",
    "moving a name without an end": "/wines/{endless_wine}/move/",
    "a place without an end": "/locations/{endless_place}/",
    "a list without an end": "/wines/?view=cards&q=pfirsichweinberg",
    "a wine without photos": "/wines/{plain_wine}/",
    "a shelf": "/locations/{shelf}/",
    "a filtered history": "/history/?kind=move",
    "a page that is not there": "/nowhere/",
}
NOT_PAGES = {
    "wine_archive", "wine_restore", "drink", "plus", "undo", "give_slots", "sign_out", "theme",
    "member_deactivate", "member_reactivate", "member_unlock", "member_sign_out", "member_reset",
    "device_end", "devices_end", "second_factor_start",
    "second_factor_off", "recovery_codes_new", "second_factor_required", "member_second_factor_off",
    "helper_revoke", "helper_end",
    "invitation_resend", "invitation_revoke",  # these are buttons
    "backup_make", "backup_send",
    "backup_confirm",  # needs a backup that was uploaded: looked at in e2e/test_backup.py
    "wine_read",  # a button: the form that it fills in is looked at in e2e/test_reading.py
    "wine_keep", "wine_discard",  # buttons, too: looked at in e2e/test_begun.py
    "import_columns_ask", "import_step", "import_apply", "import_other_drinks", "import_drop", "import_undo",  # buttons
    "import_report",  # a file
    "label", "kept_photo", "suggest", "complete_wine", "health", "robots", "security_txt", "csp_report",
}  # fmt: skip


def names_of_pages(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern.name
        elif pattern.namespace != "admin":
            yield from names_of_pages(pattern)


def test_no_page_is_forgotten_here() -> None:
    assert set(names_of_pages(get_resolver("winebox.urls"))) == {*PAGES, *PAGES_OF_STRANGERS, *NOT_PAGES}


@pytest.mark.parametrize("name", [*PAGES, *MORE_PAGES])
def test_a_page_is_sound(filled: Cellar, open_browser: Open, name: str) -> None:
    page = open_browser(filled)
    page.goto({**PAGES, **MORE_PAGES}[name].format(**filled.ids))
    assert wrong_on(page) == []


def test_a_message_about_a_name_without_an_end_fits(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto(f"/wines/{filled.ids['endless_wine']}/check-out/")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("status")).to_contain_text("checked out")
    assert sideways(page) == []


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_photo_of_the_inventory_is_not_squeezed(
    filled: Cellar, open_browser: Open, media: Literal["screen", "print"]
) -> None:
    page = open_browser(filled, size=LAPTOP)
    page.emulate_media(media=media)
    page.goto("/inventory/")
    box = page.locator(".paper img").first.bounding_box()
    assert box is not None
    assert box["width"] >= 40


def test_who_gives_a_bottle_away_is_asked_to_whom_and_who_drinks_it_is_not(filled: Cellar, open_browser: Open) -> None:
    page = open_browser(filled)
    page.goto(f"/wines/{filled.ids['wine']}/check-out/")
    asked = page.get_by_label("To whom"), page.get_by_label("Revenue")
    assert [field.is_visible() for field in asked] == [False, False]
    labelled(page, "Why").select_option("gift")
    assert [field.is_visible() for field in asked] == [True, False]
    labelled(page, "Why").select_option("sold")
    assert [field.is_visible() for field in asked] == [True, True]


@pytest.mark.parametrize("name", PAGES_OF_STRANGERS)
def test_a_page_for_strangers_is_sound(filled: Cellar, open_browser: Open, name: str) -> None:
    page = open_browser(filled, "")
    page.goto(PAGES_OF_STRANGERS[name].format(**filled.ids))
    assert wrong_on(page) == []


def test_the_set_up_page_is_sound(start: Start, open_browser: Open) -> None:
    cellar = start("new")
    page = open_browser(cellar, "")
    page.goto(next(word for word in cellar.site.printed().split() if "/setup/" in word))
    expect(page.get_by_role("button", name="Create the owner")).to_be_visible()
    assert wrong_on(page) == []


def _refused_wine(page: Page, ids: dict[str, str]) -> None:
    page.goto("/wines/add/")
    labelled(page, "Vintage").fill("next year")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _wine_that_is_there(page: Page, ids: dict[str, str]) -> None:
    page.goto("/wines/add/")
    labelled(page, "Producer").fill("Krug")
    labelled(page, "Name").fill("Grande Cuvée")
    labelled(page, "Vintage").fill("NV")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("alert")).to_contain_text("You have this wine")


def _differences(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/locations/{ids['shelf']}/count/")
    page.get_by_label("Radikon").fill("9")
    page.get_by_role("button", name="Show the differences").click()
    expect(page.get_by_role("button", name="Save the stock-take")).to_be_visible()


def _sheet_of_filters(page: Page, ids: dict[str, str]) -> None:
    page.goto("/wines/")
    page.locator("details.sheet summary").click()


def _everything_open(page: Page, ids: dict[str, str]) -> None:
    page.goto(f"/wines/{ids['wine']}/edit/")
    page.get_by_text("More about the wine").click()


def _message_with_undo(page: Page, ids: dict[str, str]) -> None:
    page.goto("/wines/?q=krug")
    page.get_by_role("button", name="One bottle more").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


STEPS = [_refused_wine, _wine_that_is_there, _differences, _sheet_of_filters, _everything_open, _message_with_undo]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__.strip("_"))
def test_a_page_is_sound_after(
    filled: Cellar, open_browser: Open, step: Callable[[Page, dict[str, str]], None]
) -> None:
    page = open_browser(filled)
    step(page, filled.ids)
    assert wrong_on(page) == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/cellar/wine/", "/admin/accounts/user/"])
def test_the_admin_keeps_to_the_policy(filled: Cellar, open_browser: Open, path: str) -> None:
    page = open_browser(filled, size=LAPTOP)
    page.goto(path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
