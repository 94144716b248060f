"""A household's first evening with its cellar, on a phone, with ten real bottles."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import labelled
from tests.e2e.conftest import Open, Start
from tests.winebox.process import manage

pytestmark = [pytest.mark.e2e, pytest.mark.once, pytest.mark.needs_shared_data]

TYPES = {"Red": "Red", "White": "White", "Rosé": "Rosé", "Sparkling": "Sparkling", "Dessert": "Dessert",
         "Dessert/Port": "Fortified"}  # fmt: skip
CHOSEN = ("111478", "140262", "160277", "105748", "138765", "103667", "102645", "114973", "163876", "103433")
RACK, SHELF, FRIDGE = "Cellar · Rack A", "Cellar · Shelf by the stairs", "Fridge"


@dataclass(frozen=True)
class Bought:
    """Six bottles of a wine: what stands on the label, where they go, and what one cost."""

    producer: str
    name: str
    vintage: str
    type: str
    country: str
    region: str
    grape: str
    photo: Path
    place: str
    price: int

    @property
    def full_name(self) -> str:
        return f"{self.producer} {self.name}"


def bought(folder: Path) -> list[Bought]:
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = {row["WineID"]: row for row in csv.DictReader(file)}
    places = [RACK] * 3 + [SHELF] * 4 + [FRIDGE] * 3
    return [
        Bought(
            producer=row["WineryName"],
            name=row["WineName"],
            vintage=re.findall(r"\d{4}", row["Vintages"])[3],
            type=TYPES[row["Type"]],
            country=row["Country"],
            region=row["RegionName"],
            grape=re.findall(r"'([^']+)'", row["Grapes"])[0],
            photo=folder / f"{wine_id}.jpeg",
            place=place,
            price=9 + 4 * number,
        )
        for number, (wine_id, place) in enumerate(zip(CHOSEN, places, strict=True))
        for row in [rows[wine_id]]
    ]


def become_the_owner(page: Page, printed: str) -> None:
    link = re.search(r"http://\S+(/setup/\S+)", printed)
    assert link, printed
    page.goto(link[1])
    labelled(page, "Name").fill("Olivia")
    labelled(page, "E-mail").fill("olivia@example.org")
    labelled(page, "Password").fill("a long evening in the cellar")
    labelled(page, "Password, once more").fill("a long evening in the cellar")
    page.get_by_role("button", name="Create the owner").click()
    expect(page.get_by_role("link", name="Add the first wine")).to_be_visible()


def add_place(page: Page, name: str, kind: str, *, inside: str = "", rows: int = 0, columns: int = 0) -> None:
    page.goto("/locations/")
    page.locator("header").get_by_role("link", name="Add").click()
    labelled(page, "Name").fill(name)
    labelled(page, "Kind").select_option(kind)
    if inside:
        labelled(page, "Inside of").select_option(inside)
    if rows:
        labelled(page, "Rows").fill(str(rows))
        labelled(page, "Columns").fill(str(columns))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def add_with_photo(page: Page, wine: Bought) -> None:
    page.get_by_role("navigation", name="Main pages").get_by_role("link", name="Add").click()
    labelled(page, "Photo of the front").set_input_files(wine.photo)
    expect(page.locator("canvas.preview")).to_be_visible()
    labelled(page, "Producer").fill(wine.producer)
    labelled(page, "Name").fill(wine.name)
    labelled(page, "Vintage").fill(wine.vintage)
    labelled(page, "Type").select_option(wine.type)
    labelled(page, "Country").fill(wine.country)
    labelled(page, "Region").fill(wine.region)
    page.get_by_text("More about the wine").click()
    labelled(page, "Grape").fill(wine.grape)
    for _ in range(5):
        page.get_by_role("button", name="More", exact=True).click()
    labelled(page, "Place").select_option(wine.place)
    labelled(page, "Price a bottle").fill(f"{wine.price},50")
    labelled(page, "Shop").fill("The shop at the corner")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("status")).to_contain_text(f"6 × {wine.full_name}")
    photo = page.locator(".wine-head img")
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def open_wine(page: Page, wine: Bought) -> None:
    page.goto("/wines/")
    page.get_by_role("link", name=re.compile(f"^{re.escape(wine.full_name)}")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(wine.name)


def find_while_typing(page: Page, words: str, wine: Bought) -> None:
    page.goto("/wines/")
    expect(page.locator("#results")).to_contain_text("10 wines")
    page.get_by_role("searchbox").press_sequentially(words)
    expect(page.locator("#results")).to_contain_text("1 wine")
    expect(page.locator("#results h2")).to_contain_text(wine.full_name)
    expect(page).to_have_url(re.compile("q="))


def find_by_enter(page: Page, words: str, wine: Bought) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#results")).to_contain_text("1 wine")
    expect(page.locator("#results h2")).to_contain_text(wine.full_name)


def move_two(page: Page, wine: Bought, to: str) -> None:
    open_wine(page, wine)
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_role("button", name="More", exact=True).click()
    labelled(page, "To").select_option(to)
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status")).to_contain_text(f"2 bottles of {wine.full_name}")


def drink_one(page: Page, wine: Bought, note: str) -> None:
    open_wine(page, wine)
    page.get_by_role("link", name="Drink", exact=True).click()
    labelled(page, "Note").fill(note)
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("status")).to_contain_text(f"1 bottle of {wine.full_name}")


def count_with_one_missing(page: Page, place: str, wine: Bought) -> None:
    page.goto("/locations/")
    page.get_by_role("link", name=place).click()
    page.get_by_role("link", name="Stock-take").click()
    field = page.get_by_label(re.compile(re.escape(wine.full_name)))
    expect(field).to_have_value("6")
    field.fill("5")
    page.get_by_role("button", name="Show the differences").click()
    expect(page.get_by_role("listitem").filter(has_text=wine.name)).to_contain_text("1 missing")
    page.get_by_role("button", name="Save the stock-take").click()
    expect(page.get_by_role("status")).to_contain_text("1 bottle put right")


def undo_from_the_message(page: Page) -> None:
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")


def the_history_tells(page: Page, *steps: tuple[str, str]) -> None:
    """Check that the newest steps are these, each with who and when."""
    page.goto("/history/")
    events = page.locator("li.event")
    today = f"{date.today():%-d %b %Y}"
    for event, (what, detail) in zip(events.all(), steps, strict=False):
        expect(event).to_contain_text(what)
        expect(event).to_contain_text(detail)
        expect(event).to_contain_text("Olivia")
        expect(event).to_contain_text(today)


def the_dashboard_says(page: Page, *figures: tuple[str, str, int]) -> None:
    """Check the figures of the first page, and how many wines the list behind each has."""
    for label, figure, wines in figures:
        page.goto("/")
        tile = page.locator("a.tile", has_text=label)
        expect(tile.locator("strong")).to_have_text(figure)
        tile.click()
        expect(page.locator("#results")).to_contain_text(f"{wines} wine" if wines else "Nothing matches")


def test_a_household_keeps_its_cellar(start: Start, open_browser: Open, shared_data: Path) -> None:
    cellar = start("new")
    page = open_browser(cellar, "")
    wines = bought(shared_data / "labels")
    sauternes, mueller, fino, shelved = wines[0], wines[1], wines[2], wines[4]

    become_the_owner(page, cellar.site.printed())
    add_place(page, "Cellar", "Cellar")
    add_place(page, "Rack A", "Rack", inside="Cellar", rows=6, columns=8)
    add_place(page, "Shelf by the stairs", "Shelf", inside="Cellar")
    add_place(page, "Fridge", "Fridge")
    for wine in wines:
        add_with_photo(page, wine)

    find_while_typing(page, "chateau suduiraut classe", sauternes)
    cookies = page.context.storage_state()
    without_javascript = open_browser(cellar, "", javascript=False, cookies=cookies)
    find_by_enter(without_javascript, "muller thurgau kettmeir", mueller)
    find_by_enter(without_javascript, "ELECTRICO albala", fino)

    move_two(page, sauternes, FRIDGE)
    expect(page.locator("section", has_text="Where").first).to_contain_text("Fridge")
    drink_one(page, fino, "Salted almonds, the last sun.")
    count_with_one_missing(page, "Shelf by the stairs", shelved)
    undo_from_the_message(page)

    the_history_tells(
        page,
        ("Took back", shelved.full_name),
        ("missing", shelved.full_name),
        ("Drank 1 bottle", "Salted almonds, the last sun."),
        ("Moved 2 bottles", "Fridge"),
        *(("Checked in 6 bottles", wine.full_name) for wine in reversed(wines)),
    )
    total = sum(6 * (wine.price * 100 + 50) for wine in wines) - (fino.price * 100 + 50)
    the_dashboard_says(
        page,
        ("In the cellar", "59", 10),
        ("Ready to drink", "0", 0),
        ("On order", "0", 0),
        ("Paid for it", f"€{(total + 50) // 100:,}", 10),
    )
    checked = manage("check_ledger", env=cellar.env)
    assert checked.returncode == 0, checked.stderr
