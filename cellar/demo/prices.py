"""What the wines of the demo cost."""

from __future__ import annotations

import random
from datetime import date

from django.conf import settings

from cellar.money import exponent
from cellar.reference.catalogue import CatalogueWine
from cellar.reference.lists import key

# How many times the price of an ordinary bottle one pays for what these words promise; the dearest one counts.
_DEAR = {
    "amarone": 2.0, "barbaresco": 2.2, "barolo": 2.6, "bolgheri": 2.5, "bourgogne": 1.6, "brunello": 2.6,
    "champagne": 2.4, "chateauneuf": 2.2, "corton": 6.0, "gevrey": 3.0, "gran reserva": 1.6, "grand cru": 3.5,
    "grand cru classe": 3.5, "icewine": 2.0, "margaux": 2.6, "meursault": 3.2, "napa valley": 2.6, "nuits": 3.0,
    "oakville": 3.5, "pauillac": 3.0, "pomerol": 3.2, "premier cru": 2.4, "priorat": 2.0, "puente alto": 3.0,
    "rutherford": 3.2, "saint julien": 2.8, "sauternes": 2.2, "stags leap": 3.4, "tokaji": 1.8, "vintage port": 2.5,
}  # fmt: skip
_BODIES = {"Very full-bodied": 1.3, "Full-bodied": 1.1, "Light-bodied": 0.85, "Very light-bodied": 0.7}
_ENDINGS = (0, 0, 50, 90, 95)
# What a bottle costs for its size, in bottles of 750 ml.
_SIZES = {375: 0.58, 500: 0.75, 750: 1.0, 1500: 2.2, 3000: 5.0}


def usual_price(rng: random.Random, source: CatalogueWine, vintage: int | None, until: date) -> int:
    """Return what 750 ml cost today, in minor units."""
    text = f" {key(source.name)} {key(source.region)} "
    dear = max((times for words, times in _DEAR.items() if f" {words} " in text), default=1.0)
    aged = 1 + 0.03 * max(0, until.year - (vintage or until.year))
    ordinary = min(220.0, rng.lognormvariate(2.6, 0.4))
    return round(100 * ordinary * dear * aged * _BODIES.get(source.body, 1.0))


def price_paid(rng: random.Random, usual: int, size_ml: int, years_ago: float) -> int:
    """Return what one paid for a bottle some years ago: a round amount of the household's currency."""
    haggled = rng.uniform(0.85, 1.12) * float(0.965**years_ago)
    whole = max(4, round(usual * haggled * _SIZES[size_ml] / 100))
    ending = rng.choice(_ENDINGS)
    return whole * 100 + ending if exponent(settings.CURRENCY) == 2 else whole * 100
