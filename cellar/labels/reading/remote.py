"""Reading a label with Claude: what it says is looked at, compared with the catalogue, and counted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cellar.claude import asking, service
from cellar.labels.reading import certainty, checked, known, local, matching, pictures
from cellar.labels.reading.findings import Findings, LabelReading, Suggestion
from cellar.labels.reading.known import Catalogue
from cellar.labels.reading.matching import Candidate, Clues, is_same_producer
from cellar.labels.reading.words import tokens

if TYPE_CHECKING:
    from cellar.labels.engines.claude_label import SaidLabel

MOST_PHOTOS = 2
# How far a word is trusted to be on the label: what Claude calls producer or name, and any other.
_NAMED, _OTHER = 0.98, 0.85


@dataclass(frozen=True, slots=True)
class _Matched:
    suggestions: Sequence[Suggestion] = ()
    facts: Findings = field(default_factory=dict)


def read(photos: Sequence[bytes], catalogue: Catalogue | None = None) -> LabelReading:
    """Send the photos of one bottle and return what is on the label; raises ClaudeFailed."""
    begun = time.monotonic()
    said = _said([pictures.to_send(photo) for photo in photos[:MOST_PHOTOS]])
    fields, dropped = checked.findings(said.values(), said.blend())
    text = checked.lines(said.words())
    matched = _match(fields, text, catalogue or known.catalogue())
    dropped = list(dict.fromkeys([*dropped, *said.unusable()]))
    warnings = [checked.left_out(dropped)] if dropped else []
    if not fields:
        warnings.append(_("Nothing readable was found on this photo."))
    return LabelReading(
        engine=service.NAME,
        text=text,
        fields={**matched.facts, **fields},
        candidates=matched.suggestions,
        seconds=round(time.monotonic() - begun, 2),
        warnings=warnings,
    )


def _said(photos: Sequence[bytes]) -> SaidLabel:
    from cellar.labels.engines.claude_label import QUESTION, SYSTEM, SaidLabel

    return asking.ask(system=SYSTEM, question=QUESTION, shape=SaidLabel, photos=photos)


def _match(fields: Findings, text: str, catalogue: Catalogue) -> _Matched:
    """Return the wines of the catalogue that may be this one, and what it knows of the first where that fits."""
    read = _words(fields, text)
    if not read:
        return _Matched()
    seen = catalogue.index.seen(read)
    wines = catalogue.wines(catalogue.index.first_round(seen))
    candidates = matching.ranked(wines, catalogue.index, seen, _clues(fields))
    sure = certainty.of(candidates)
    facts = local.from_catalogue(candidates, sure) if _is_of_this_producer(candidates, fields) else {}
    return _Matched(local.suggestions(candidates), facts)


def _words(fields: Findings, text: str) -> dict[str, float]:
    """Return every word that was read, with how far to trust it."""
    named = " ".join(fields[name].value for name in ("producer", "name") if name in fields)
    places = " ".join(fields[name].value for name in ("region", "appellation", "vineyard") if name in fields)
    read = dict.fromkeys(tokens(f"{text} {places}"), _OTHER)
    return read | dict.fromkeys(tokens(named), _NAMED)


def _clues(fields: Findings) -> Clues:
    sure = {name: str(one.value) for name, one in fields.items() if one.is_sure}
    vintage = sure.get("vintage", "")
    return Clues(
        types=frozenset({sure["type"]}) if "type" in sure else frozenset(),
        country=sure.get("country", ""),
        alcohol=Decimal(sure["alcohol"]) if "alcohol" in sure else None,
        vintage=int(vintage) if vintage.isdecimal() else None,
    )


def _is_of_this_producer(candidates: Sequence[Candidate], fields: Findings) -> bool:
    """Say whether the first candidate is made by whom Claude read, so that its facts may stand beside what was read."""
    producer = fields.get("producer")
    return bool(candidates) and producer is not None and is_same_producer(producer.value, candidates[0].wine.producer)
