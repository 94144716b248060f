"""The catalogue that labels are compared with: the wines that are loaded."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cellar.labels.reading import engines, known
from cellar.labels.reading.findings import LabelReading, Source
from cellar.models import CatalogueState, ReferenceWine
from cellar.reference.catalogue import read_wines
from cellar.reference.loading import load
from cellar.reference.versioned import Versioned
from tests.cellar.labels import tesseracts
from tests.cellar.labels.photos import bottle, encoded
from tests.cellar.reference.test_catalogue import HEAD, row
from tests.cellar.threads import at_once

# Two wines that are not among the shipped ones.
NUMBER, OTHER = 7_000_001, 7_000_002
LABEL = ("CHÂTEAU TEST", "GRAND VIN", "BORDEAUX", "2019")

pytestmark = pytest.mark.django_db


def row_of(number: int, **facts: str) -> str:
    return row(**facts).replace("100001", str(number), 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row_of(NUMBER) + row_of(OTHER, type="White"), encoding="utf-8")
    return path


@pytest.fixture
def label(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> bytes:
    """Return a photo on which LABEL is read."""
    tesseracts.reads(monkeypatch, tmp_path / "bin", *LABEL)
    return encoded(bottle())


def suggested(reading: LabelReading) -> list[int]:
    return [one.wine_id for one in reading.candidates]


def test_a_wine_that_was_imported_is_suggested(path: Path, label: bytes) -> None:
    assert NUMBER not in {wine.wine_id for wine in read_wines()}
    load(path)
    reading = engines.read([label])
    assert sorted(suggested(reading)) == [NUMBER, OTHER]
    assert reading.fields["producer"].value == "Château Test"
    assert reading.fields["producer"].source == Source.CATALOGUE


def test_wines_that_came_and_went_since_the_last_reading_are_noticed(path: Path, label: bytes) -> None:
    assert suggested(engines.read([label])) == []
    load(path)
    assert sorted(suggested(engines.read([label]))) == [NUMBER, OTHER]
    ReferenceWine.objects.filter(number=OTHER).delete()
    CatalogueState.changed()
    assert list(known.catalogue().index.wine_ids) == [NUMBER]
    assert suggested(engines.read([label])) == [NUMBER]


def test_a_wine_that_is_gone_is_not_suggested_even_before_the_index_is_new(path: Path, label: bytes) -> None:
    load(path)
    engines.read([label])
    ReferenceWine.objects.filter(number=NUMBER).delete()
    assert suggested(engines.read([label])) == [OTHER]


def test_the_words_are_read_once_while_the_catalogue_stays_as_it_is(path: Path) -> None:
    load(path)
    first = known.catalogue()
    assert known.catalogue() is first
    CatalogueState.changed()
    assert known.catalogue() is not first


@pytest.mark.parametrize(("printed", "first"), [("Product of Chile", OTHER), ("Produit de France", NUMBER)])
def test_the_country_on_the_label_tells_wines_of_one_name_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str, first: int
) -> None:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row_of(NUMBER) + row_of(OTHER).replace("France", "Chile"), encoding="utf-8")
    load(path)
    tesseracts.reads(monkeypatch, tmp_path / "bin", *LABEL[:2], printed)
    assert suggested(engines.read([encoded(bottle())]))[0] == first


def test_what_is_known_of_some_wines_comes_in_their_order_by_one_query(path: Path) -> None:
    load(path)
    catalogue = known.catalogue()
    with CaptureQueriesContext(connection) as queries:
        wines = catalogue.wines([OTHER, 5, NUMBER])
    assert len(queries) == 1
    assert [wine.wine_id for wine in wines] == [OTHER, NUMBER]


def test_a_wine_is_known_as_well_from_the_database_as_from_the_file(path: Path) -> None:
    load(path)
    numbers = [NUMBER, OTHER]
    assert known.catalogue().wines(numbers) == known.Listed(read_wines(path)).wines(numbers)


def test_without_a_catalogue_the_rules_read_alone(label: bytes) -> None:
    reading = engines.read([label])
    assert suggested(reading) == []
    assert reading.fields["vintage"].value == "2019"
    assert {one.source for one in reading.fields.values()} == {Source.LABEL}


def candidates_on(photo: bytes, folder: Path) -> list[int]:
    """Return the wines that `read_label` prints."""
    file, out = folder / "label.jpg", StringIO()
    file.write_bytes(photo)
    call_command("read_label", str(file), "--json", stdout=out)
    return [one["wine_id"] for one in json.loads(out.getvalue())[0]["candidates"]]


def test_read_label_names_a_wine_that_was_imported(path: Path, label: bytes, tmp_path: Path) -> None:
    load(path)
    assert sorted(candidates_on(label, tmp_path)) == [NUMBER, OTHER]


def test_read_label_knows_the_shipped_wines_where_nothing_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.reads(monkeypatch, tmp_path / "bin", *tesseracts.KETTMEIR)
    assert candidates_on(encoded(bottle()), tmp_path)[0] == 140262


def test_nothing_is_made_before_it_is_asked_for() -> None:
    made: list[int] = []
    versioned = Versioned(lambda: made.append(1))
    assert made == []
    versioned.get()
    versioned.get()
    assert made == [1]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_makes_it() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    versioned = Versioned(make)
    assert at_once([versioned.get] * 6) == [made[0]] * 6
    assert len(made) == 1
