from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from cellar.models import ReferenceWine
from cellar.reference.catalogue import read_wines
from cellar.reference.completing import MOST_LETTERS, MOST_WORDS, WordIndex, complete, words_of
from cellar.reference.loading import load
from tests.cellar.reference.test_catalogue import HEAD, row

SHIPPED = {wine.wine_id: f"{wine.producer} {wine.name}" for wine in read_wines()}
INDEX = WordIndex(SHIPPED.items())


def found(text: str) -> list[str]:
    return [SHIPPED[number] for number in INDEX.find(text, 10)]


@pytest.mark.once
@pytest.mark.parametrize(
    "text", ["Casa Perini", "casa per", "perini casa", "CASA  PERINI!", "casa perinni", "cas peirni"]
)
def test_a_wine_is_found_by_its_words_whatever_their_order_and_small_errors(text: str) -> None:
    assert any(name.startswith("Casa Perini") for name in found(text))


@pytest.mark.once
@pytest.mark.parametrize("text", ["", " ", "c", "c!", "zzzzzz", "casa zzzzzz"])
def test_nothing_is_found_by_one_letter_or_by_a_word_no_wine_has(text: str) -> None:
    assert found(text) == []


@pytest.mark.once
def test_short_words_have_to_be_right() -> None:
    assert all("ca" in " ".join(words_of(name)) for name in found("ca"))


@pytest.mark.once
@given(st.text(max_size=100) | st.sampled_from([name[:12] for name in SHIPPED.values()]))
def test_every_result_has_every_word_or_one_like_it(text: str) -> None:
    for name in found(text):
        for wanted in words_of(text[:MOST_LETTERS])[:MOST_WORDS]:
            assert any(
                word.startswith(wanted) or DamerauLevenshtein.distance(word, wanted) <= 2 for word in words_of(name)
            )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wines.csv"
    path.write_text(HEAD + row(), encoding="utf-8")
    return path


@pytest.mark.django_db
def test_a_wine_that_was_loaded_later_is_found_too(path: Path) -> None:
    assert complete("grand vin") == []
    load(path)
    assert [wine.number for wine in complete("grand vin")] == [100001]
    ReferenceWine.objects.all().delete()
    assert complete("grand vin") == []
