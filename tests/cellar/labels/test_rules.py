"""From the text of a label to its fields."""

from typing import Any

import pytest

from cellar.labels.reading.rules import findings


def value(name: str, text: str) -> Any:
    """Return what the rules find in the text, or None."""
    found = findings([text]).get(name)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("text", "vintage"),
    [
        ("Barolo\n2016", "2016"),
        ("Vendemmia 1964", "1964"),
        ("Since 1880\nChardonnay 2015", "2015"),
        ("Anno 1712", None),
        ("Premier Cru Classé en 1855", None),
        ("seit 1999", None),
        ("€ 2015", None),
        ("2000 ml", None),
        ("Champagne NV", "NV"),
    ],
)
def test_a_year_is_a_vintage_unless_it_is_something_else(text: str, vintage: str | None) -> None:
    assert value("vintage", text) == vintage


@pytest.mark.parametrize(
    ("text", "alcohol"),
    [("12 % vol", "12"), ("13,5%", "13.5"), ("ALC. 14.5 BY VOL", "14.5"), ("60 % Merlot", None), ("100%", None)],
)
def test_alcohol_is_a_percentage_that_is_no_grape(text: str, alcohol: str | None) -> None:
    assert value("alcohol", text) == alcohol


@pytest.mark.parametrize("text", ["Alc. 14.", "ALC 14", "Alc. 14,5"])
def test_alcohol_without_its_sign_may_lack_more_and_is_not_sure(text: str) -> None:
    assert not findings([text, text])["alcohol"].is_sure
    assert findings(["Alc. 14.5% vol"] * 2)["alcohol"].is_sure


@pytest.mark.parametrize(("text", "size"), [("50 cl", "500"), ("1.5 L", "1500"), ("750ml e", "750"), ("76 cl", None)])
def test_a_size_is_one_that_bottles_have(text: str, size: str | None) -> None:
    assert value("size", text) == size


def test_a_place_brings_those_around_it() -> None:
    found = findings(["Appellation Margaux Contrôlée"])
    assert [found[name].value for name in ("country", "region", "sub_region", "appellation")] == [
        "France",
        "Bordeaux",
        "Médoc",
        "Margaux",
    ]


def test_grapes_come_with_their_percentages() -> None:
    assert value("grapes", "60% Merlot 40% Cabernet Franc") == [
        {"name": "Merlot", "percent": 60.0},
        {"name": "Cabernet Franc", "percent": 40.0},
    ]


def test_classifications_and_sweetness_are_found_by_their_words() -> None:
    assert value("classification", "Denominazione di Origine Controllata e Garantita") == "DOCG"
    assert value("sweetness", "Cava Brut Nature") == "dry"


def test_a_year_of_one_look_among_several_is_not_sure() -> None:
    assert not findings(["2015", "", ""])["vintage"].is_sure
    assert findings(["2015", "2015", ""])["vintage"].is_sure


@pytest.mark.parametrize(("name", "text"), [("vintage", "NV"), ("classification", "AVA"), ("vintage", "1956")])
def test_few_letters_that_one_look_of_several_has_are_specks(name: str, text: str) -> None:
    assert name not in findings([text, "", ""])
    assert name in findings([text, text, ""])
    assert name in findings([text])


def test_a_colour_alone_is_not_sure_to_be_the_type() -> None:
    assert not findings(["ROSÉ", "ROSÉ"])["type"].is_sure
    assert findings(["BRUT ROSÉ", "BRUT ROSÉ"])["type"].value == "sparkling"
    assert findings(["BRUT ROSÉ", "BRUT ROSÉ"])["type"].is_sure


def test_a_text_without_meaning_has_no_fields() -> None:
    assert findings(["~~ <7 = oe", ""]) == {}
