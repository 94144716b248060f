"""Reading cells: what people write comes back as what they meant, and no text breaks a reader."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellar.imports import cells
from cellar.imports.cells import CellError, Vintage
from cellar.imports.dates import date_order, read_date

pytestmark = pytest.mark.once

LAST = 2030
HUNDREDTHS = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(("thousands", "decimal"), [(",", "."), (".", ","), (" ", ","), ("\u202f", ","), ("'", ".")])
@given(number=HUNDREDTHS)
def test_a_number_comes_back_from_every_notation(thousands: str, decimal: str, number: Decimal) -> None:
    written = f"{number:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)
    assert cells.read_number(written) == number


@given(dates=st.lists(DATES, min_size=1), order=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_dates_are_read_in_the_order_that_the_column_shows(dates: list[date], order: str) -> None:
    column = [day.strftime(order) for day in [*dates, date(2020, 12, 25)]]
    found = date_order(column).order
    assert [read_date(text, found) for text in column[:-1]] == dates


@given(year=st.integers(min_value=cells.FIRST_VINTAGE, max_value=LAST))
def test_a_vintage_is_its_year(year: int) -> None:
    assert cells.read_vintage(str(year), LAST) == Vintage(year)


@given(size=st.integers(min_value=100, max_value=999))
def test_a_size_is_its_millilitres(size: int) -> None:
    assert cells.read_size(f"{size}ml") == cells.read_size(f"{size} ml") == size


@pytest.mark.parametrize(
    "reader",
    [
        cells.read_number,
        cells.read_money,
        cells.read_currency,
        cells.read_quantity,
        cells.read_alcohol,
        cells.read_yes,
        lambda text: cells.read_vintage(text, LAST),
        read_date,
    ],
)
@given(text=st.text() | st.text("0123456789.,-+/ '%€$kr²٣"))
def test_no_text_makes_a_reader_raise_anything_but_its_own_error(reader: Callable[[str], object], text: str) -> None:
    with suppress(CellError):
        reader(text)
