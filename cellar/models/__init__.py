"""The nouns of a cellar, one file each."""

from cellar.models.bottle import PRESENT, Bottle, State
from cellar.models.importing import ColumnMapping, ImportBatch, ImportFile, ImportRow, Outcome, Stage
from cellar.models.label import Label, LabelKind
from cellar.models.location import Location, LocationKind
from cellar.models.note import Scale, TastingNote
from cellar.models.reference import CatalogueState, ReferenceWine
from cellar.models.scan import Scan
from cellar.models.score import Score
from cellar.models.transaction import Kind, Reason, Transaction, TransactionLine
from cellar.models.wine import Acidity, Body, Colour, Grape, PriceTier, ProducerType, Sweetness, Wine, WineType

__all__ = [
    "PRESENT",
    "Acidity",
    "Body",
    "Bottle",
    "CatalogueState",
    "Colour",
    "ColumnMapping",
    "Grape",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "Kind",
    "Label",
    "LabelKind",
    "Location",
    "LocationKind",
    "Outcome",
    "PriceTier",
    "ProducerType",
    "Reason",
    "ReferenceWine",
    "Scale",
    "Scan",
    "Score",
    "Stage",
    "State",
    "Sweetness",
    "TastingNote",
    "Transaction",
    "TransactionLine",
    "Wine",
    "WineType",
]
