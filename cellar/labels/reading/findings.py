"""What was found on a label: each value with how sure it is and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# From here on a value is shown as sure.
SURE = 0.8
# Letters of a label that are kept.
MOST_TEXT = 5_000


class Source(StrEnum):
    """Where a value came from."""

    LABEL = "label"
    CATALOGUE = "catalogue"
    CELLAR = "cellar"


@dataclass(frozen=True, slots=True)
class Finding:
    """A value as the form shows it, how sure it is (0 to 1), and where it came from.

    A vintage is a year or "NV", a size is in millilitres, grapes are a list of `{"name", "percent"}`, pairings one
    of texts.
    """

    value: Any
    confidence: float
    source: Source = Source.LABEL

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


Findings = dict[str, Finding]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A wine of the catalogue that may be the one on the label; `wine_id` is the X-Wines id."""

    wine_id: int
    producer: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class LabelReading:
    """All that was read from the photos of one bottle."""

    engine: str
    text: str = ""
    fields: Mapping[str, Finding] = field(default_factory=dict)
    candidates: Sequence[Suggestion] = ()
    seconds: float = 0.0
    warnings: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not self.fields and not self.candidates


def better(first: Finding | None, second: Finding) -> Finding:
    """Return the surer one of two findings; the first where they are equal."""
    return first if first is not None and first.confidence >= second.confidence else second
