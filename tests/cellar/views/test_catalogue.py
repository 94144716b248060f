"""/suggest/catalogue/"""

from pathlib import Path

import pytest
from django.test import Client

from cellar.reference.loading import load
from tests.cellar.reference.test_catalogue import HEAD, row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row(), encoding="utf-8")
    return path


def test_the_best_ten_come_with_what_they_are(path: Path, member: Client) -> None:
    load(path)
    assert member.get("/suggest/catalogue/", {"q": "chateau gran"}).json() == {
        "wines": [
            {
                "label": "Château Test Grand Vin",
                "detail": "Red · France",
                "fields": {
                    "producer": "Château Test", "name": "Grand Vin", "type": "red", "country": "France",
                    "region": "Bordeaux", "alcohol": "13.5",
                },
            }
        ]
    }  # fmt: skip


def test_a_guest_does_not_complete(guest: Client) -> None:
    assert guest.get("/suggest/catalogue/", {"q": "chateau"}).status_code == 403
