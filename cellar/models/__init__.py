"""The nouns of a cellar, one file each."""

from cellar.models.bottle import PRESENT, Bottle, State
from cellar.models.label import Label, LabelKind
from cellar.models.location import Location, LocationKind
from cellar.models.note import Scale, TastingNote
from cellar.models.transaction import AppendOnlyError, Kind, Reason, Transaction, TransactionLine
from cellar.models.wine import Colour, Grape, PriceTier, ProducerType, Sweetness, Wine, WineType

__all__ = [
    "PRESENT",
    "AppendOnlyError",
    "Bottle",
    "Colour",
    "Grape",
    "Kind",
    "Label",
    "LabelKind",
    "Location",
    "LocationKind",
    "PriceTier",
    "ProducerType",
    "Reason",
    "Scale",
    "State",
    "Sweetness",
    "TastingNote",
    "Transaction",
    "TransactionLine",
    "Wine",
    "WineType",
]
