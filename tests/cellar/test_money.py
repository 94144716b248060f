"""Money: how an amount is read, kept and shown."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cellar.money import (
    CURRENCIES,
    MAX_MINOR,
    amount_of,
    currency_choices,
    exponent,
    format_money,
    parse_amount,
    per_750,
)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("12,50", 1250),
        ("0,75", 75),
        ("0", 0),
        ("€12.00", 1200),
        ("12 €", 1200),
        ("12 EUR", 1200),
        ("EUR 12", 1200),
        ("$12", 1200),
        ("  12.50  ", 1250),
        ("1234.56", 123456),
        ("1,234", 123400),
        ("1.234", 123400),
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1 234,56", 123456),
        ("1\N{NO-BREAK SPACE}234,56", 123456),
        ("1\N{NARROW NO-BREAK SPACE}234,56", 123456),
        ("1'234.50", 123450),
        ("1’234.50", 123450),
        ("1.234.567,89", 123456789),
        ("10000000000", MAX_MINOR),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert parse_amount(text, "EUR") == minor


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "€", "twelve", "12.", ".5", "1.5.2", "12,34,56", "1.23,456", "0.750", "12.345,6789", "-5", "+5", "1e3",
        "NaN", "Infinity", "12 50", "1,2345", "12.50.00", "1 2345", "½", "²", "12\n13", "EUR", "0x10", "1_000",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"Enter an amount such as 12\.50\."):
        parse_amount(text, "EUR")


@pytest.mark.parametrize("text", ["10000000000.01", "99999999999", "9" * 19, "9" * 500])
def test_an_amount_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 10 billion"):
        parse_amount(text, "EUR")


@pytest.mark.parametrize(("text", "minor"), [("1500", 1500), ("¥1,500", 1500), ("12.50", 13)])
def test_a_currency_without_cents_is_read_in_whole_units(text: str, minor: int) -> None:
    assert parse_amount(text, "JPY") == minor


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        assert 0 <= parse_amount(text, "EUR") <= MAX_MINOR
    except ValueError as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017


AMOUNTS = st.integers(0, MAX_MINOR)
CODES = st.sampled_from(sorted(CURRENCIES))


@given(AMOUNTS, CODES)
def test_what_an_export_says_is_read_as_the_same_amount(minor: int, currency: str) -> None:
    assert parse_amount(f"{amount_of(minor, currency):f}", currency) == minor


@given(AMOUNTS, CODES, st.sampled_from(["en", "en-gb", "de", "de-ch", "fr", "it", "es", "sv"]))
def test_what_a_page_shows_is_read_as_the_same_amount(minor: int, currency: str, language: str) -> None:
    with translation.override(language):
        shown = format_money(minor, currency)
    assert parse_amount(shown, currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123450, "EUR", "€1,234.50"),
        (1200, "CHF", "CHF 12.00"),
        (5, "USD", "$0.05"),
        (1500, "JPY", "¥1,500"),
        (1200, "", "12.00"),
    ],
)
def test_an_amount_is_shown_with_its_currency(minor: int, currency: str, shown: str) -> None:
    assert format_money(minor, currency) == shown


@pytest.mark.parametrize(("minor", "shown"), [(1249, "€12"), (1250, "€13"), (123_456_789, "€1,234,568")])
def test_an_amount_can_be_shown_without_cents(minor: int, shown: str) -> None:
    assert format_money(minor, "EUR", cents=False) == shown


@pytest.mark.parametrize(
    ("minor", "size", "expected"), [(1000, 750, 1000), (3000, 1500, 1500), (1000, 375, 2000), (1000, 187, 4011)]
)
def test_prices_compare_for_the_same_volume(minor: int, size: int, expected: int) -> None:
    assert per_750(minor, size) == expected


@given(AMOUNTS, st.integers(20, 30_000))
def test_the_price_of_750_ml_is_the_nearest_whole_one(minor: int, size: int) -> None:
    assert abs(per_750(minor, size) * size - minor * 750) <= size / 2


def test_the_household_s_currency_comes_first() -> None:
    choices = currency_choices("CHF")
    assert choices[0] == ("CHF", "CHF")
    assert ("EUR", "EUR €") in choices
    assert len(choices) == len(CURRENCIES)


def test_a_currency_nobody_listed_has_two_decimals() -> None:
    assert exponent("XXX") == 2
    assert currency_choices("XXX")[0] == ("XXX", "XXX")
