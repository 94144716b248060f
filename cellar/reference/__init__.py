"""What the world knows about wine, shipped with the product: grapes, places, classifications, and a catalogue."""

from cellar.reference.lists import (
    Country,
    GrapeName,
    WinePlace,
    appellations,
    canonical_grape,
    classifications,
    countries,
    country_of,
    grapes,
    place_of,
    places,
    regions,
    sub_regions,
)
from cellar.reference.suggest import KINDS, suggest

__all__ = [
    "KINDS",
    "Country",
    "GrapeName",
    "WinePlace",
    "appellations",
    "canonical_grape",
    "classifications",
    "countries",
    "country_of",
    "grapes",
    "place_of",
    "places",
    "regions",
    "sub_regions",
    "suggest",
]
