"""How sure the best candidate is: what was read of it, and how far behind the next one is.

The bounds were found on photos that were turned, darkened, blurred, cropped and made smaller (`bench/labels.py`): above
them no other wine of the catalogue came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cellar.labels.reading.matching import Candidate

# Scores (see `Candidate`) between which a wine goes from possible to sure, and the same for the lead over the next one.
_POSSIBLE, _SURE = 0.5, 1.7
_NO_LEAD, _CLEAR_LEAD = 0.0, 0.4
_MOST = 0.95


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure producer and wine are, between 0 and 1."""

    producer: float = 0.0
    wine: float = 0.0

    def at_most(self, limit: float) -> Certainty:
        return Certainty(min(self.producer, limit), min(self.wine, limit))


# Of a wine that somebody chose.
CERTAIN = Certainty(1.0, 1.0)


def of(candidates: Sequence[Candidate]) -> Certainty:
    """Return how sure the first candidate is; its producer may be certain where the wine is not."""
    if not candidates:
        return Certainty()
    best = candidates[0]
    read = _between(best.score, _POSSIBLE, _SURE)
    others = [one.score for one in candidates[1:]]
    of_others = [one.score for one in candidates[1:] if one.wine.producer != best.wine.producer]
    return Certainty(
        producer=_MOST * read * _lead(best.score, of_others),
        wine=_MOST * read * _lead(best.score, others),
    )


def _lead(best: float, others: Sequence[float]) -> float:
    next_one = max(others, default=0.0)
    return _between(1 - next_one / best, _NO_LEAD, _CLEAR_LEAD)


def _between(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
