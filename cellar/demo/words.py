"""What the people of the demo call things and write down."""

from __future__ import annotations

import random

STORES = (
    "Weinhandlung am Markt", "Millésime & Fils", "The Cork Room", "Enoteca San Marco", "Vinothek Rebstock",
    "Corner supermarket", "At the estate", "Autumn auction", "Bottega del Vino", "Cave du Port",
)  # fmt: skip
RECIPIENTS = ("Anna", "Grandfather", "Lena and Tom", "Our neighbours", "Marco", "The choir", "Sophie", "Uncle Karl")
OCCASIONS = ("Sunday lunch", "Birthday", "Christmas Eve", "Friends for dinner", "An ordinary Tuesday", "Summer evening")
PURCHASE_NOTES = ("Tasted before buying", "Recommended by the shop", "Last of the shelf", "A case, shared with friends")
MOVE_NOTES = ("To chill for the weekend", "For Saturday", "Guests are coming")
DRINK_NOTES = (
    "With the roast",
    "With friends",
    "Half of it left for tomorrow",
    "Better than last time",
    "A little early",
)

_OPENINGS = {
    "red": ("Dark cherry and cedar", "Plum, liquorice, smoke", "Red currant and dried herbs", "Blackberry and tobacco"),
    "white": ("Lemon zest and wet stone", "Ripe pear, almond", "White peach, some honey", "Green apple and chalk"),
    "rose": ("Wild strawberry", "Pink grapefruit and thyme", "Raspberry and cream"),
    "sparkling": ("Brioche and green apple", "Fine bubbles, citrus and toast", "Hazelnut, lemon curd"),
    "dessert": ("Apricot jam and saffron", "Candied orange", "Honey, quince and ginger"),
    "fortified": ("Walnut and dried fig", "Black cherry liqueur", "Salted almonds and caramel"),
    "other": ("Raisins and warm wood", "Clear and strong"),
}  # fmt: skip
_BODIES = {
    "Very full-bodied": "massive, needs food",
    "Full-bodied": "full and long",
    "Medium-bodied": "balanced, everything in its place",
    "Light-bodied": "light on its feet",
    "Very light-bodied": "hardly there, but charming",
}
_VERDICTS = (
    "Buy again.", "Needs another two years.", "At its peak.", "A bit tired already.", "Opened up after an hour.",
    "Everybody liked it.", "Good, not more.", "The best bottle of the month.",
)  # fmt: skip


def tasting_text(rng: random.Random, wine_type: str, body: str) -> str:
    """Return what somebody wrote about a bottle."""
    opening = rng.choice(_OPENINGS.get(wine_type, _OPENINGS["other"]))
    return f"{opening}; {_BODIES.get(body, 'well made')}. {rng.choice(_VERDICTS)}"
