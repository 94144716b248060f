import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellar.folding import counted, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("CHÂTEAU", "chateau"),
        ("Weißburgunder", "weissburgunder"),
        ("GROẞE LAGE", "grosse lage"),
        ("Cœur de Cuvée", "coeur de cuvee"),
        ("Søren", "soren"),
        ("Ægir", "aegir"),
        ("Władysław", "wladyslaw"),
        ("Đakovo", "dakovo"),
        ("Grüner Veltliner", "gruner veltliner"),
        ("Fetească Neagră", "feteasca neagra"),
        ("Öküzgözü", "okuzgozu"),
        ("Kalecik Karas\u0131", "kalecik karasi"),
        ("Ξινόμαυρο", "ξινομαυρο"),
    ],
)
def test_accents_case_and_ligatures_are_folded_away(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_white_space_is_collapsed_and_trimmed() -> None:
    assert fold("  Clos\u00a0de \t la\nRoche ") == "clos de la roche"


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u2018", "\u00b4", "`", "\u02bc"])
def test_every_apostrophe_a_keyboard_writes_is_the_same(apostrophe: str) -> None:
    assert fold(f"Côte d{apostrophe}Or") == "cote d'or"


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212"])
def test_every_dash_is_the_same(dash: str) -> None:
    assert fold(f"Saint{dash}Émilion") == "saint-emilion"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.lower())


@given(st.text())
def test_composed_and_decomposed_letters_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(), st.text())
def test_a_contained_word_is_still_contained_after_folding(before: str, after: str) -> None:
    assert "chateau" in fold(f"{before} Château {after}")


def test_every_letter_that_combines_goes() -> None:
    letters = [chr(point) for point in range(sys.maxunicode + 1)]
    combining = [letter for letter in letters if unicodedata.combining(letter)]
    assert [letter for letter in combining if fold(f"a{letter}b") != "ab"] == []


def test_names_are_sorted_by_their_numbers() -> None:
    names = ["Rack 10", "Rack B", "rack 9", "Rack A", "9 o'clock", "Rack 9 · row 10", "Rack 9 · row 2", "Rack"]
    assert sorted(names, key=counted) == [
        "9 o'clock", "Rack", "rack 9", "Rack 9 · row 2", "Rack 9 · row 10", "Rack 10", "Rack A", "Rack B",
    ]  # fmt: skip


@given(st.text(), st.integers(min_value=0), st.integers(min_value=0))
def test_after_any_words_the_lower_number_comes_first(words: str, one: int, other: int) -> None:
    assert (counted(f"{words} {one}") < counted(f"{words} {other}")) == (one < other)
