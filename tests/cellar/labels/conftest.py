"""Claude, as far as tests go, which is a server on this machine; and a catalogue that is loaded."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cellar.reference.catalogue import SLIM
from cellar.reference.loading import load
from tests.cellar.labels import messages_api
from tests.cellar.labels.messages_api import Service


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """Let Claude be a server of this test, with a key."""
    settings.ANTHROPIC_API_KEY = messages_api.KEY
    with messages_api.serving() as service:
        settings.ANTHROPIC_BASE_URL = service.url
        yield service


@pytest.fixture
def italian_wines(db: None, tmp_path: Path) -> None:
    """Load some of the shipped wines, to compare labels with."""
    with SLIM.open(encoding="utf-8-sig", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["Country"] == "Italy"]
    path = tmp_path / "italian.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    load(path)
