"""CellarTracker's tables of tasting notes and of lists (wishes)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.imports import cells
from cellar.imports.formats.knowledge.reading import Reading
from cellar.imports.rows import Note

TEXT, OCCASION = 5000, 120
WISHLIST = "wishlist"


def read_note(reading: Reading) -> None:
    """Note what the person wrote about the wine; the community's score beside it is not theirs."""
    text = reading.text("TastingNotes")
    if reading.read("Defective", cells.read_yes):
        text = "\n".join(part for part in (text, _("The bottle was defective.")) if part)
    rating, scale = reading.rating("Rating", "100")
    where = [reading.text("EventTitle"), reading.text("EventLocation")]
    note = Note(
        text=reading.cut("TastingNotes", text, TEXT),
        tasted_on=reading.day("TastingDate"),
        rating=rating,
        scale=scale,
        occasion=reading.cut("EventTitle", ", ".join(part for part in where if part), OCCASION),
    )
    if note.text or note.rating is not None:
        reading.row.notes.append(note)
    else:
        reading.row.used -= {"TastingDate", "EventTitle"}
        reason = _("There is no tasting note and no rating in this row.")
        reading.leave(reason, "TastingDate", "EventTitle", "EventLocation")


def read_tag(reading: Reading) -> None:
    """Note that a wine is wished for, or on which other list it is."""
    name = reading.text("ListName")
    if fold(name).strip("*") == WISHLIST:
        reading.row.wine["wishlist"] = True
    elif name:
        reading.own_field("List", "ListName")
    reading.own_field("List note", "WinesNotes")
    price, currency = reading.money("MaxPrice", "MaxPriceCurrency")
    if price is not None:
        reading.say_own("Maximum price", f"{reading.text('MaxPrice')} {currency}", "MaxPrice")
