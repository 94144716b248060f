"""What a line of any of CellarTracker's tables says about the wine."""

from __future__ import annotations

import html

from django.utils.translation import gettext as _

from cellar.imports.formats.cellartracker import columns
from cellar.imports.formats.knowledge import names, scores
from cellar.imports.formats.knowledge.reading import LENGTHS, Reading
from cellar.imports.rows import Note

OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """Return a cell as it was meant: letters outside Windows-1252 arrive as `&#259;`, and notes hold stray objects."""
    return html.unescape(text).replace(OBJECT, "").strip() if "&" in text or OBJECT in text else text


def read_wine(reading: Reading) -> None:
    """Note what is on the label."""
    row = reading.row
    reading.fact("cellartracker_id", "iWine")
    _name(reading)
    reading.vintage("Vintage")
    reading.kind("Type", "Color", "Category")
    _place(reading)
    reading.fact("vineyard", "Vineyard")
    reading.grapes("Varietal" if reading.text("Varietal") else "MasterVarietal")
    reading.years(drink_from="BeginConsume", drink_until="EndConsume")
    reading.ean("UPC" if reading.text("UPC") else "UPCCode")
    designation = reading.text("Designation")
    if designation and designation.casefold() not in row.wine.get("name", "").casefold():
        reading.own_field("Designation", "Designation")


def _name(reading: Reading) -> None:
    row, shown = reading.row, " ".join(reading.text("Wine").split())
    producer = reading.fact("producer", "Producer")
    if not producer:
        sorting = " ".join(reading.text("SortWine").split())
        guess = names.producer_by_sorting(shown, sorting) or names.producer_by_prefix(shown)
        producer = guess[: LENGTHS["producer"]]
        row.say("producer", producer)
    row.say("name", reading.cut("Wine", names.without_producer(shown, producer), LENGTHS["name"]))


def _place(reading: Reading) -> None:
    country = reading.fact("country", "Country")
    reading.fact("region", "Region")
    reading.fact("sub_region", "SubRegion")
    reading.fact("appellation", "Appellation")
    levels = [level.strip() for level in reading.text("Locale").split(",") if level.strip()]
    if country:
        _appellation_of(reading, levels)
        return
    if len(levels) > 4:
        reading.leave(_("It names more than country, region, sub-region and appellation."), "Locale")
    if not 1 <= len(levels) <= 4:
        return
    # Of three levels the last is the appellation: "Italy, Piedmont, Barolo".
    fields = {
        1: ("country",),
        2: ("country", "region"),
        3: ("country", "region", "appellation"),
        4: ("country", "region", "sub_region", "appellation"),
    }[len(levels)]
    for field, level in zip(fields, levels, strict=True):
        if level.casefold() not in columns.BLANK and field not in reading.row.wine:
            reading.row.say(field, reading.cut("Locale", level, LENGTHS[field]))


def _appellation_of(reading: Reading, levels: list[str]) -> None:
    """Note the appellation that only the locale says, in a table without a column for it."""
    row = reading.row
    said = {row.wine.get(field, "").casefold() for field in ("country", "region", "sub_region")}
    if "Appellation" in reading.line.positions or not levels or levels[-1].casefold() in said:
        return
    if levels[-1].casefold() not in columns.BLANK:
        row.say("appellation", reading.cut("Locale", levels[-1], LENGTHS["appellation"]))


def read_scores(reading: Reading) -> None:
    """Note the critics' scores, and the community's average under its own name: it is nobody's own rating."""
    for code in columns.CRITICS:
        if reading.line.get(code):
            reading.score(code, scores.critic(code))
    for column in columns.COMMUNITY:
        average = reading.number(column)
        if average is not None and 50 <= average <= 100:
            reading.row.scores.append(scores.community("CellarTracker", average, "100"))
            break
        if average:
            reading.row.skip(column, reading.text(column), _("CellarTracker's averages are from 50 to 100."))


def read_own_rating(reading: Reading) -> None:
    """Note the person's own score, which is of 100 points."""
    column = "MY" if reading.text("MY") else "PScore"
    rating, scale = reading.rating(column, "100")
    if rating is not None:
        reading.row.notes.append(Note(rating=rating, scale=scale))
