"""What pages show, ready to print: rows, groups and pictures made of the nouns."""

from cellar.contexts.bottles import BottleGroup, WherePart, attach_places, bottle_choices, bottle_groups
from cellar.contexts.counting import CountRow, count_rows, empty_count_row
from cellar.contexts.history import Event, EventPart, events, with_story
from cellar.contexts.racks import Rack, RackRow, Slot, rack
from cellar.contexts.readiness import pace_sentence, urgency
from cellar.contexts.rows import ROW_FIELDS, WineRow, wine_row, wine_rows
from cellar.contexts.without_slot import without_slot

__all__ = [
    "ROW_FIELDS",
    "BottleGroup",
    "CountRow",
    "Event",
    "EventPart",
    "Rack",
    "RackRow",
    "Slot",
    "WherePart",
    "WineRow",
    "attach_places",
    "bottle_choices",
    "bottle_groups",
    "count_rows",
    "empty_count_row",
    "events",
    "pace_sentence",
    "rack",
    "urgency",
    "wine_row",
    "wine_rows",
    "with_story",
    "without_slot",
]
