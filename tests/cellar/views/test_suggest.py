"""/suggest/…/"""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from cellar.stock import Purchase
from cellar.suggesting import FIELDS
from tests.cellar.factories import check_in, make_wine

pytestmark = pytest.mark.django_db


def suggested(client: Client, name: str, text: str) -> list[str]:
    found: list[str] = client.get(f"/suggest/{name}/", {"q": text}).json()["suggestions"]
    return found


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in {"store", "grape"}])
def test_the_words_of_the_cellar_are_suggested(guest: Client, field: str) -> None:
    make_wine(**{field: "Wörthersee Überraschung"})
    assert "Wörthersee Überraschung" in suggested(guest, field, "UBERR")


def test_the_words_of_wines_that_were_put_aside_are_not_suggested(guest: Client) -> None:
    make_wine(producer="Vietti", archived_at=timezone.now())
    make_wine(producer="Viette")
    assert suggested(guest, "producer", "viet") == ["Viette"]


def test_the_shops_of_the_cellar_are_suggested(guest: Client) -> None:
    check_in(make_wine(), 1, purchase=Purchase(100, "EUR", "Mövenpick"))
    assert suggested(guest, "store", "moven") == ["Mövenpick"]


def test_grapes_of_the_cellar_come_before_those_of_the_world(guest: Client) -> None:
    make_wine(grapes=[{"name": "Merlotino", "percent": None}])
    assert suggested(guest, "grape", "merlo")[:2] == ["Merlotino", "Merlot"]


@pytest.mark.parametrize(("field", "text", "found"), [("country", "fran", "France"), ("region", "bord", "Bordeaux")])
def test_the_world_is_suggested_to_an_empty_cellar(guest: Client, field: str, text: str, found: str) -> None:
    assert found in suggested(guest, field, text)


def test_what_begins_with_it_comes_first(guest: Client) -> None:
    for producer in ("Château Latour", "Latour-Giraud", "Ulysse Latour"):
        make_wine(producer=producer)
    assert suggested(guest, "producer", "lat")[0] == "Latour-Giraud"


def test_there_are_at_most_ten(guest: Client) -> None:
    for number in range(12):
        make_wine(producer=f"Domaine {number}")
    assert len(suggested(guest, "producer", "domaine")) == 10


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "\\", "'", "|", "-", "´", "x" * 5000, "🍷", "ﷺ" * 80])
@pytest.mark.parametrize("field", FIELDS)
def test_any_text_is_answered(guest: Client, field: str, text: str) -> None:
    make_wine()
    assert guest.get(f"/suggest/{field}/", {"q": text}).status_code == 200


def test_nothing_typed_suggests_nothing(guest: Client) -> None:
    make_wine()
    assert suggested(guest, "producer", "") == []


def test_other_fields_are_not_suggested(guest: Client) -> None:
    assert guest.get("/suggest/email/?q=a").status_code == 404
