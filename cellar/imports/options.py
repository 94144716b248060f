"""What the person chose, or left to the evidence, about how files are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to read: an empty choice leaves it to what the file shows."""

    # "dmy", "mdy" or "ymd".
    date_order: str = ""
    # "." or ",".
    decimal: str = ""
    # What prices without a currency are in.
    currency: str = "EUR"
    # Of Vivino's full list and the like: "cellar" (a row is a bottle), "history" (one that was drunk), "wines" (none).
    meaning: str = ""
    # For any table: header → field of `formats.anything`, "custom" or "" (left out).
    mapping: Mapping[str, str] = field(default_factory=dict)
    # Vintages up to next year + 1.
    today: date = field(default_factory=date.today)

    @property
    def last_vintage(self) -> int:
        return self.today.year + 2

    def as_json(self) -> dict[str, Any]:
        return {
            "date_order": self.date_order,
            "decimal": self.decimal,
            "currency": self.currency,
            "meaning": self.meaning,
            "mapping": dict(self.mapping),
        }
