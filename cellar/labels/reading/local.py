"""Reading a label in the house: Tesseract looks until a wine of the catalogue is clear, or its time is over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _

from cellar.folding import fold
from cellar.labels.engines import tesseract
from cellar.labels.engines.tesseract import TesseractFailed
from cellar.labels.reading import certainty, known, matching, pictures, rules
from cellar.labels.reading.budget import Budget
from cellar.labels.reading.certainty import CERTAIN, Certainty
from cellar.labels.reading.findings import MOST_TEXT, SURE, Finding, Findings, LabelReading, Source, Suggestion, better
from cellar.labels.reading.known import Catalogue
from cellar.labels.reading.matching import Candidate, Clues, KnownWine
from cellar.labels.reading.words import ReadWord, lines, trusted
from cellar.models.wine import MAX_GRAPES
from cellar.pairings import fitting_pairings

logger = logging.getLogger(__name__)

# Seconds of one processor that are set aside for the back of a bottle.
WORK_FOR_BACK = 1.4
# A single look is too little to tell a year from a smudge: what it alone says is sure of nothing.
FEWEST_LOOKS = 2
_TRUST_IN_ONE = 0.75
LOOKS_AT_BACK = 2
MOST_CANDIDATES = 5
# A guess that is worse than that is only among the candidates, not in the form.
WORTH_FILLING = 0.3
_TRUST = 0.95
_TYPE_TRUST = 0.5
_COUNTRY_TRUST = 0.5


@dataclass(slots=True)
class _Matched:
    """What the words read so far say."""

    candidates: list[Candidate] = field(default_factory=list)
    certainty: Certainty = field(default_factory=Certainty)


# One bottle at a time: a second one beside it would make both take twice as long. Whoever waited that many seconds for
# his turn is told so: the thread that waits is one of few, and the others are for the pages.
_reading = threading.Lock()
LONGEST_QUEUE = 20.0


def read(photos: Sequence[bytes], catalogue: Catalogue | None = None) -> LabelReading:
    """Read the front (and the back) of a bottle; raises TesseractFailed."""
    asked = time.monotonic()
    if not _reading.acquire(timeout=LONGEST_QUEUE):
        raise TesseractFailed(_("other labels are being read; try again in a moment"))
    try:
        return _read(photos, catalogue or known.catalogue(), asked)
    finally:
        _reading.release()


def _read(photos: Sequence[bytes], catalogue: Catalogue, asked: float) -> LabelReading:
    budget = tesseract.budget()
    is_rose = pictures.is_rose(pictures.opened(photos[0]))
    readings: list[list[ReadWord]] = []
    matched = _Matched()
    for look in _looks(photos[0], budget.without(WORK_FOR_BACK) if photos[1:] else budget):
        readings.append(look)
        matched = _match(readings, catalogue, is_rose=is_rose)
        if len(readings) >= FEWEST_LOOKS and matched.certainty.wine >= SURE:
            break
    back: list[list[ReadWord]] = []
    for photo in photos[1:2]:
        back += islice(_looks(photo, budget), LOOKS_AT_BACK)
    if back:
        matched = _match(readings + back, catalogue, is_rose=is_rose)
    fields = _fields(readings, back, matched)
    text = "\n\n".join(_fullest(side) for side in (readings, back) if side)
    return LabelReading(
        engine=tesseract.NAME,
        text=text[:MOST_TEXT],
        fields=fields,
        candidates=suggestions(matched.candidates),
        seconds=round(time.monotonic() - asked, 2),
        warnings=() if fields or matched.candidates else (_("Nothing readable was found on this photo."),),
    )


def _looks(photo: bytes, budget: Budget) -> Iterator[list[ReadWord]]:
    """Yield what Tesseract reads; where only a later look failed, what was read before is what there is."""
    is_first = True
    try:
        for look in tesseract.looks(photo, budget):
            yield look
            is_first = False
    except TesseractFailed:
        if is_first:
            raise
        logger.warning("Tesseract failed at a later look at a label.", exc_info=True)


def suggestions(candidates: Sequence[Candidate]) -> list[Suggestion]:
    """Return the first candidates with a score between 0 and 1."""
    return [
        Suggestion(one.wine.wine_id, one.wine.producer, one.wine.name, round(one.score / (one.score + 1), 3))
        for one in candidates[:MOST_CANDIDATES]
    ]


def from_catalogue(candidates: Sequence[Candidate], sure: Certainty) -> Findings:
    """Return what the catalogue knows of the first candidate, as sure as it is that it is this wine."""
    return facts_of(candidates[0].wine, sure) if candidates else {}


def facts_of(wine: KnownWine, sure: Certainty = CERTAIN) -> Findings:
    """Return what the catalogue knows of a wine; without more, of one that a person chose."""
    grapes = list({fold(name): {"name": name, "percent": None} for name in wine.grapes}.values())[:MAX_GRAPES]
    values = {
        "producer": (wine.producer, sure.producer),
        "name": (wine.name, sure.wine),
        "type": (wine.type, sure.wine),
        "country": (wine.country, max(sure.wine, sure.producer)),
        "region": (wine.region, sure.wine),
        "grapes": (grapes, sure.wine),
        "body": (wine.body, sure.wine),
        "acidity": (wine.acidity, sure.wine),
        "pairings": (fitting_pairings(wine.pairings), sure.wine),
        # The catalogue has one figure for all vintages.
        "alcohol": (f"{wine.alcohol:g}" if wine.alcohol else "", 0.6 * sure.wine),
    }
    return {
        name: Finding(value, round(confidence, 2), Source.CATALOGUE)
        for name, (value, confidence) in values.items()
        if value and confidence >= WORTH_FILLING
    }


def _match(readings: Sequence[Sequence[ReadWord]], catalogue: Catalogue, *, is_rose: bool) -> _Matched:
    read = trusted(readings)
    seen = catalogue.index.seen(read)
    told = _told(readings)
    alcohol, vintage, country = told.get("alcohol"), told.get("vintage"), told.get("country")
    clues = Clues(
        types=rules.types_named(word for word, trust in read.items() if trust > _TYPE_TRUST),
        country=country.value if country and country.confidence > _COUNTRY_TRUST else "",
        alcohol=Decimal(alcohol.value) if alcohol and alcohol.is_sure else None,
        vintage=int(vintage.value) if vintage and vintage.is_sure and vintage.value.isdecimal() else None,
        hue="rose" if is_rose else "",
    )
    candidates = matching.ranked(catalogue.wines(catalogue.index.first_round(seen)), catalogue.index, seen, clues)
    return _Matched(candidates, certainty.of(candidates).at_most(_trust(readings)))


def _fields(
    front: Sequence[Sequence[ReadWord]], back: Sequence[Sequence[ReadWord]], matched: _Matched
) -> dict[str, Finding]:
    sides = [_told(side) for side in (front, back) if side]
    fields = from_catalogue(matched.candidates, matched.certainty)
    for side in sides:
        for name, finding in side.items():
            fields[name] = better(fields.get(name), finding)
    return fields


def _told(readings: Sequence[Sequence[ReadWord]]) -> Findings:
    """Return what the rules find in what was read of one side."""
    return rules.findings([lines(reading) for reading in readings], trust=_trust(readings))


def _trust(readings: Sequence[Sequence[ReadWord]]) -> float:
    return _TRUST if len(readings) >= FEWEST_LOOKS else _TRUST_IN_ONE


def _fullest(readings: Sequence[Sequence[ReadWord]]) -> str:
    """Return the text of the look that read the most words well."""
    return lines(max(readings, key=lambda reading: sum(word.confidence > 0.6 for word in reading)))
