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
            assert any(is_like(word, wanted) for word in words_of(name))


def is_like(word: str, typed: str) -> bool:
    """Say whether a word, or how it begins, differs by two slips at the most from what was typed."""
    return any(
        DamerauLevenshtein.distance(word[:length], typed) <= 2 for length in range(max(len(word), len(typed)) + 1)
    )


# -- A slip in a word that is only begun


@pytest.mark.once
@pytest.mark.parametrize("text", ["suidur", "suidui", "suduri", "xuduir", "uduir", "sudduir", "chateau sudir"])
def test_a_slip_in_a_word_that_is_begun_is_forgiven_also_in_its_first_letter(text: str) -> None:
    assert found(text)[0].startswith("Château Suduiraut")


@pytest.mark.once
@pytest.mark.parametrize("text", ["sud", "xud", "xxduir"])
def test_three_letters_have_to_be_right_and_so_has_the_first_beside_another(text: str) -> None:
    assert not any("Suduiraut" in name for name in found(text) if text != "sud")


@pytest.mark.once
def test_words_that_begin_as_typed_come_alone() -> None:
    index = WordIndex([(1, "Margaux"), (2, "Margeaux"), (3, "Mergaux")])
    assert index.find("marga", 10) == [1]


@pytest.mark.once
def test_the_same_first_letter_comes_before_another() -> None:
    index = WordIndex([(1, "Largeaux"), (2, "Margeaux"), (3, "Margaux")])
    assert index.find("mrgea", 10) == [2]
    assert index.find("xarge", 10) == [1, 2]
    assert index.find("mxrg", 10) == [3, 2]


@pytest.mark.once
def test_a_word_of_another_wine_hides_no_slip() -> None:
    index = WordIndex([(1, "Chateau Margaux"), (2, "Domaine Mergo")])
    assert index.find("chateau merg", 10) == [1]


WORDS = [word for word in INDEX.words if len(word) > 4]


@st.composite
def with_a_slip(draw: st.DrawFn) -> tuple[str, str]:
    """Return a word, and how it begins with one letter wrong, too many, missing, or in the place of its neighbour."""
    word = draw(st.sampled_from(WORDS))
    beginning = word[: draw(st.integers(5, len(word)))]
    place, letter = draw(st.integers(0, len(beginning) - 1)), draw(st.sampled_from("aeinrstxz"))
    head, slip, tail = beginning[:place], beginning[place], beginning[place + 1 :]
    slips = [letter + tail, letter + slip + tail, tail, tail[:1] + slip + tail[1:]]
    return word, head + draw(st.sampled_from(slips))


@pytest.mark.once
@given(with_a_slip())
def test_whatever_the_slip_the_word_that_was_begun_is_found(word_and_typed: tuple[str, str]) -> None:
    word, typed = word_and_typed
    assert WordIndex([(1, word), (2, "Zwiebelt")]).find(typed, 1) == [1]


@pytest.mark.once
@given(with_a_slip())
def test_among_others_it_is_found_unless_some_begin_as_typed(word_and_typed: tuple[str, str]) -> None:
    word, typed = word_and_typed
    found_words = [words_of(SHIPPED[number]) for number in INDEX.find(typed, len(SHIPPED))]
    begins = [any(one.startswith(typed) for one in words) for words in found_words]
    assert any(word in words for words in found_words) or any(begins)
    # The best first: none that begins as typed comes after one that does not.
    assert begins == sorted(begins, reverse=True)


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
