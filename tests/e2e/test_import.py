"""A spreadsheet that is brought in: recognised, corrected, mapped by hand, planned, taken over, undone"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open, Start
from tests.e2e.soundness import wrong_on

pytestmark = [pytest.mark.e2e, pytest.mark.once]

SHEET = """Producer,Wine,Vintage,Type,Quantity,Purchase Date,Gebiet
Giacomo Prova,Barolo,2016,Red,3,03/04/2020,Langhe
Weingut Muster,Riesling,2019,White,2,05/06/2021,Mosel
,,2018,Red,4,01/02/2020,Nowhere
"""


def title(page: Page, text: str) -> None:
    """Wait until the page of that heading is there."""
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


def bring(page: Page) -> None:
    """Go from the upload to the columns, with the order of dates corrected on the way."""
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(
        {"name": "my cellar.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.get_by_role("button", name="Read the files").click()
    title(page, "What was recognised")
    expect(page.get_by_text("commas", exact=True)).to_be_visible()
    page.locator("select[name=date_order]").select_option("mdy")
    page.get_by_role("button", name="On to the columns").click()
    title(page, "What the columns mean")


def map_by_hand(page: Page) -> None:
    """Say what the column means that has a name of its own."""
    page.get_by_label("Gebiet").select_option("region")
    page.get_by_role("button", name="Show the plan").click()


def test_a_spreadsheet_comes_over_and_goes_again(start: Start, open_browser: Open, tmp_path: Path) -> None:
    page = open_browser(start("filled"))
    bring(page)
    assert wrong_on(page) == []
    map_by_hand(page)
    title(page, "The plan")
    expect(page.get_by_text("2 of 3 rows are read, 1 is left out.")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert wrong_on(page) == []

    page.get_by_role("link", name=re.compile("^skipped 1")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("4")
    page.get_by_role("button", name="Take it over").click()
    title(page, "The report")
    expect(page.locator("#messages")).to_contain_text("What came over is in the cellar now")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report").click()
    report = tmp_path / "report.csv"
    download.value.save_as(report)
    assert "Giacomo Prova Barolo 2016" in report.read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="Giacomo Prova Barolo 2016").click()
    title(page, "Barolo")
    expect(page.get_by_text("Langhe").first).to_be_visible()
    # The third of April, had the order of the dates not been corrected.
    expect(page.locator("main")).to_contain_text(re.compile(r"(4 Mar\w* |Mar\w* 4, )2020"))

    page.goto("/import/")
    page.get_by_role("link", name="my cellar.csv").click()
    title(page, "The report")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
    page.goto("/wines/?q=prova")
    expect(page.get_by_role("link", name=re.compile("Barolo"))).to_have_count(0)


def test_without_a_script_a_small_file_comes_over_without_a_step_between(start: Start, open_browser: Open) -> None:
    page = open_browser(start("filled"), javascript=False)
    bring(page)
    map_by_hand(page)
    title(page, "The plan")
    page.get_by_role("button", name="Take it over").click()
    title(page, "The report")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("The import was undone.")).to_be_visible()
