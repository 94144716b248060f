import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cellar.sizes import LARGEST, SIZES, SMALLEST, parse_size, size_choices, size_label


@pytest.mark.parametrize(
    ("written", "ml"),
    [
        ("750ml", 750),
        ("750 mL", 750),
        ("75 cl", 750),
        ("75cl.", 750),
        ("7.5 dl", 750),
        ("0.75 l", 750),
        ("0,75 l", 750),
        ("1.5L", 1500),
        ("6.0L", 6000),
        ("1,5 Ltr", 1500),
        ("3 litres", 3000),
        ("1 Liter", 1000),
        ("1,500 ml", 1500),
        ("12.000 ml", 12_000),
        ("187.5 ml", 187),
        ("Magnum", 1500),
        ("  DOUBLE  magnum ", 3000),
        ("impériale", 6000),
        ("Half", 375),
        ("Magnum (1.5 l)", 1500),
        ("Standard (750ml)", 750),
        ("\uff17\uff15\uff10\uff4d\uff4c", 750),
    ],
)
def test_a_size_is_read_as_people_write_it(written: str, ml: int) -> None:
    assert parse_size(written) == ml


@pytest.mark.parametrize(("written", "ml"), [("0.75", 750), ("0,375", 375), ("1.5", 1500), ("3", 3000), ("18", 18_000)])
def test_a_bare_number_below_twenty_means_litres(written: str, ml: int) -> None:
    assert parse_size(written) == ml


@pytest.mark.parametrize(("written", "ml"), [("750", 750), ("187", 187), ("330", 330), ("1500", 1500)])
def test_a_large_bare_number_means_millilitres(written: str, ml: int) -> None:
    assert parse_size(written) == ml


@pytest.mark.parametrize(("written", "ml"), [("75", 750), ("37,5", 375), ("70", 700)])
def test_a_bare_number_that_is_a_size_in_centilitres_means_centilitres(written: str, ml: int) -> None:
    assert parse_size(written) == ml


@pytest.mark.parametrize("written", ["150", "100", "300", "33", "80"])
def test_a_bare_number_that_could_be_two_things_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=f"“{written}” could be millilitres or centilitres"):
        parse_size(written)


@pytest.mark.parametrize(
    "written", ["", "big", "75 kg", "-750 ml", "1e3 ml", "750 ml 750 ml", "cl", "7 5 cl", "NaN", "1.2.3 l"]
)
def test_what_is_no_size_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="cannot be read as a bottle size: write it like 75 cl"):
        parse_size(written)


@pytest.mark.parametrize("written", ["0", "5 ml", "31 l", "999999 l"])
def test_a_size_no_bottle_has_is_refused_with_the_limits(written: str) -> None:
    with pytest.raises(ValueError, match="must be between 2 cl and 30 l"):
        parse_size(written)


def test_jeroboam_is_refused_because_it_is_two_sizes() -> None:
    with pytest.raises(ValueError, match=r"3 l in Champagne and Burgundy and 4.5 l in Bordeaux"):
        parse_size("Jéroboam")


@pytest.mark.parametrize(
    ("ml", "label"),
    [
        (187, "Split (18.7 cl)"),
        (375, "Half bottle (37.5 cl)"),
        (500, "50 cl"),
        (750, "75 cl"),
        (1000, "1 l"),
        (1500, "Magnum (1.5 l)"),
        (2250, "Marie-Jeanne (2.25 l)"),
        (12_000, "Balthazar (12 l)"),
        (333, "33.3 cl"),
    ],
)
def test_a_size_is_written_with_its_name_and_volume(ml: int, label: str) -> None:
    assert size_label(ml) == label


def test_a_size_is_written_with_the_decimal_mark_of_the_language() -> None:
    with translation.override("de"):
        assert "1,5" in size_label(1500)


def test_a_form_offers_the_standard_bottle_first_and_every_known_size_once() -> None:
    offered = [ml for ml, label in size_choices()]
    assert offered[0] == 750
    assert sorted(offered) == sorted(SIZES)


@given(st.integers(SMALLEST, LARGEST))
def test_every_size_is_read_back_from_its_label(ml: int) -> None:
    assert parse_size(size_label(ml)) == ml


@given(st.integers(SMALLEST, LARGEST), st.sampled_from(["ml", " ml", "mL"]))
def test_every_size_is_read_from_its_millilitres(ml: int, unit: str) -> None:
    assert parse_size(f"{ml}{unit}") == ml


@given(st.text())
def test_any_text_is_a_size_or_a_sentence(text: str) -> None:
    try:
        ml = parse_size(text)
    except ValueError as refusal:
        said = str(refusal)
    else:
        said = size_label(ml) + "."
    assert said.endswith(".")
