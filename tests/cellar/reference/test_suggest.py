import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellar.reference import KINDS, suggest
from cellar.reference.lists import key

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        ("grapes", "cab", "Cabernet Sauvignon"),
        ("grapes", "pinot g", "Pinot Gris"),
        ("grapes", "shir", "Shiraz"),
        ("grapes", "gruner", "Grüner Veltliner"),
        ("countries", "fra", "France"),
        ("regions", "rhone", "Rhône"),
        ("regions", "medoc", "Médoc"),
        ("sub_regions", "medoc", "Médoc"),
        ("appellations", "saint emilion g", "Saint-Émilion Grand Cru"),
        ("appellations", "CHATEAUNEUF", "Châteauneuf-du-Pape"),
        ("classifications", "spat", "Spätlese"),
    ],
)
def test_accents_case_and_hyphens_do_not_matter_and_the_well_known_comes_first(
    kind: str, text: str, first: str
) -> None:
    assert suggest(kind, text)[0] == first


def test_beginnings_come_before_words_and_words_before_middles() -> None:
    extra = ["Ormeasco Noir", "Noir de Noirs", "Renoir"]
    assert suggest("grapes", "noir", 3, extra=extra) == ["Noir de Noirs", "Ormeasco Noir", "Renoir"]


def test_the_values_of_the_cellar_come_first() -> None:
    assert suggest("regions", "bo", extra=["Ribolla Valley", "Bolgheri Alta"])[:3] == [
        "Bolgheri Alta",
        "Ribolla Valley",
        "Bordeaux",
    ]


def test_a_value_of_the_cellar_is_not_offered_again_in_another_spelling() -> None:
    assert suggest("countries", "fra", extra=["FRANCE", "france"]) == ["FRANCE"]


def test_with_nothing_typed_only_the_values_of_the_cellar_are_offered() -> None:
    assert suggest("countries", " ", extra=["Spain", "Italy"]) == ["Spain", "Italy"]
    assert suggest("countries", "") == []


def test_a_country_narrows_the_list() -> None:
    assert suggest("classifications", "gr", country="Deutschland") == ["Großes Gewächs", "VDP.Grosse Lage"]


def test_an_unknown_country_does_not_narrow_the_list() -> None:
    assert suggest("regions", "bord", country="Gaul") == ["Bordeaux"]


def test_no_more_are_offered_than_asked_for() -> None:
    assert len(suggest("appellations", "a")) == 10
    assert len(suggest("appellations", "a", 3, extra=["Aa", "Ab"])) == 3


@settings(deadline=None)  # the first one reads the lists
@given(st.sampled_from(KINDS), st.text(max_size=4), st.lists(st.text(max_size=8), max_size=5))
def test_whatever_is_typed_only_matches_are_offered(kind: str, text: str, extra: list[str]) -> None:
    offered = suggest(kind, text, extra=extra)
    assert len(offered) <= 10
    assert all(key(text) in key(name) for name in offered)
    assert len({key(name) for name in offered}) == len(offered)
