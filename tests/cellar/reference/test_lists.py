import csv

import pytest

from cellar import reference
from cellar.models.wine import NAME_LENGTH, PLACE_LENGTH
from cellar.reference.lists import FOLDER, key

pytestmark = pytest.mark.once


def test_there_are_grapes_enough_for_a_cellar() -> None:
    assert 700 <= len(reference.grapes()) <= 1000


def test_no_grape_stands_in_the_list_twice_under_any_of_its_names() -> None:
    names = [key(name) for grape in reference.grapes() for name in (grape.name, *grape.synonyms)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Shiraz", "Syrah"),
        ("Syrah/Shiraz", "Syrah"),
        ("SPÄTBURGUNDER", "Pinot Noir"),
        ("spatburgunder", "Pinot Noir"),
        ("Aragonez", "Tempranillo"),
        ("Primitivo", "Zinfandel"),
        ("Garnacha Tinta", "Grenache"),
        ("Xarel-lo", "Xarel·lo"),
        ("Xarel·lo", "Xarel·lo"),
        ("Pinot Grigio", "Pinot Gris"),
        ("Malbec", "Malbec"),
    ],
)
def test_a_grape_is_known_by_all_its_names(name: str, canonical: str) -> None:
    assert reference.canonical_grape(name) == canonical


def test_a_stranger_is_no_grape() -> None:
    assert reference.canonical_grape("Coca-Cola") is None


def test_countries_have_distinct_codes_and_names() -> None:
    assert len({country.code for country in reference.countries()}) == len(reference.countries())
    names = [key(name) for country in reference.countries() for name in (country.name, *country.synonyms)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", ["DE", "Germany", "deutschland", " GERMANY "])
def test_a_country_is_known_by_code_and_names(text: str) -> None:
    country = reference.country_of(text)
    assert country is not None
    assert country.name == "Germany"


def test_no_place_stands_in_the_list_twice() -> None:
    found = [tuple(map(key, (one.country, one.region, one.sub_region, one.appellation))) for one in reference.places()]
    assert len(found) == len(set(found))


def test_every_appellation_lies_in_a_region_of_its_own() -> None:
    assert all(place.region for place in reference.places())
    rows = {(place.country, place.region, place.sub_region) for place in reference.places() if not place.appellation}
    assert {(place.country, place.region, "") for place in reference.places()} <= rows
    assert {(place.country, place.region, place.sub_region) for place in reference.places()} <= rows


def test_regions_are_those_of_the_country() -> None:
    assert "Rheingau" in reference.regions("Germany")
    assert "Bordeaux" not in reference.regions("DE")
    assert reference.regions("Atlantis") == ()


def test_appellations_are_those_of_the_region() -> None:
    assert "Margaux" in reference.appellations("France", "bordeaux")
    assert "Barolo" not in reference.appellations("France")
    assert "Médoc" in reference.sub_regions("France", "Bordeaux")


def test_classifications_are_those_of_the_country() -> None:
    assert {"DOCG", "Riserva"} <= set(reference.classifications("Italy"))
    assert {"GG", "VDP.Grosse Lage", "Spätlese"} <= set(reference.classifications("Germany"))
    assert "Smaragd" not in reference.classifications("Germany")
    assert {"Smaragd", "Grand Cru Classé", "Gran Reserva", "AVA"} <= set(reference.classifications())


@pytest.mark.parametrize(
    ("name", "country", "levels"),
    [
        ("Margaux", None, ("France", "Bordeaux", "Médoc", "Margaux")),
        ("Médoc", "France", ("France", "Bordeaux", "Médoc", "")),
        ("BORDEAUX", None, ("France", "Bordeaux", "", "")),
        ("cotes-du-rhone", "FR", ("France", "Rhône", "", "Côtes du Rhône")),
        ("Rioja", "Spain", ("Spain", "Rioja", "", "")),
        ("La Rioja", "Argentina", ("Argentina", "La Rioja", "", "")),
    ],
)
def test_a_place_tells_where_it_lies(name: str, country: str | None, levels: tuple[str, ...]) -> None:
    place = reference.place_of(name, country)
    assert place is not None
    assert (place.country, place.region, place.sub_region, place.appellation) == levels


def test_a_place_of_another_country_is_not_found() -> None:
    assert reference.place_of("Barolo", "France") is None
    assert reference.place_of("Barolo", "Atlantis") is None


def test_every_name_fits_into_its_field() -> None:
    places = [name for place in reference.places() for name in (place.region, place.sub_region, place.appellation)]
    assert max(map(len, [*places, *reference.classifications()])) <= PLACE_LENGTH
    assert max(len(grape.name) for grape in reference.grapes()) <= NAME_LENGTH


@pytest.mark.parametrize("name", ["grapes", "countries", "places", "classifications"])
def test_no_name_has_blanks_around_it(name: str) -> None:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert all(cell == " ".join(cell.split()) for cell in cells)
