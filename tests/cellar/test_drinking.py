"""When to drink a wine: windows, readiness and pace."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellar.drinking import READY, Readiness, Window, pace, readiness_q, ready_q
from cellar.models import Wine

YEAR = 2020
FULL = Window(drink_from=2010, drink_until=2030, best_from=2015, best_until=2025)


@pytest.mark.parametrize(
    ("year", "readiness"),
    [
        (2009, Readiness.TOO_YOUNG),
        (2010, Readiness.DRINKABLE),
        (2014, Readiness.DRINKABLE),
        (2015, Readiness.BEST),
        (2025, Readiness.BEST),
        (2026, Readiness.FADING),
        (2030, Readiness.FADING),
        (2031, Readiness.PAST),
    ],
)
def test_a_wine_ripens_is_at_its_best_and_fades(year: int, readiness: Readiness) -> None:
    assert FULL.readiness(year) == readiness


def test_without_any_year_nothing_is_known() -> None:
    assert Window().readiness(YEAR) == Readiness.UNKNOWN
    assert not Window().is_known


@pytest.mark.parametrize(
    ("window", "readiness"),
    [
        (Window(drink_from=2021), Readiness.TOO_YOUNG),
        (Window(drink_from=2020), Readiness.DRINKABLE),
        (Window(drink_until=2020), Readiness.DRINKABLE),
        (Window(drink_until=2019), Readiness.PAST),
        (Window(best_from=2021), Readiness.DRINKABLE),
        (Window(best_from=2020), Readiness.BEST),
        (Window(best_until=2020), Readiness.BEST),
        (Window(best_until=2019), Readiness.FADING),
        (Window(drink_from=2010, best_until=2019), Readiness.FADING),
        (Window(drink_until=2030, best_from=2025), Readiness.DRINKABLE),
        (Window(drink_from=2010, drink_until=2030), Readiness.DRINKABLE),
        (Window(drink_from=2021, best_from=2025), Readiness.TOO_YOUNG),
        (Window(drink_until=2019, best_until=2015), Readiness.PAST),
    ],
)
def test_a_missing_year_leaves_that_end_open(window: Window, readiness: Readiness) -> None:
    assert window.readiness(YEAR) == readiness


@pytest.mark.parametrize(
    ("window", "label"),
    [
        (FULL, "2010–2030"),
        (Window(drink_from=2010), "from 2010"),
        (Window(drink_until=2030), "until 2030"),
        (Window(best_from=2015, best_until=2025), "2015–2025"),
        (Window(drink_from=2010, best_until=2025), "2010–2025"),
        (Window(), ""),
    ],
)
def test_a_window_is_named_by_its_outer_years(window: Window, label: str) -> None:
    assert window.label == label


def test_years_in_order_are_no_error() -> None:
    assert FULL.errors() == {}
    assert Window(2015, 2015, 2015, 2015).errors() == {}
    assert Window(drink_from=2015, best_until=2015).errors() == {}


@pytest.mark.parametrize(
    ("window", "field"),
    [
        (Window(drink_from=2020, drink_until=2019), "drink_until"),
        (Window(drink_from=2020, best_from=2019), "best_from"),
        (Window(best_from=2020, best_until=2019), "best_until"),
        (Window(best_until=2020, drink_until=2019), "drink_until"),
        (Window(drink_from=2020, best_until=2019), "best_until"),
        (Window(best_from=2020, drink_until=2019), "drink_until"),
    ],
)
def test_years_out_of_order_are_named_at_the_later_field(window: Window, field: str) -> None:
    assert set(window.errors()) == {field}


@pytest.mark.django_db
def test_the_database_agrees_about_every_wine() -> None:
    """Each year is missing, past, this one or to come: 256 windows, and each is in exactly one list."""
    around = (None, YEAR - 1, YEAR, YEAR + 1)
    wines = [
        Wine(name=f"Wine {number}", drink_from=years[0], drink_until=years[1], best_from=years[2], best_until=years[3])
        for number, years in enumerate(product(around, repeat=4))
    ]
    Wine.objects.bulk_create(wines)
    for status in Readiness:
        found = set(Wine.objects.filter(readiness_q(status, YEAR)).values_list("pk", flat=True))
        assert found == {wine.pk for wine in wines if wine.window.readiness(YEAR) == status}, status
    ready = set(Wine.objects.filter(ready_q(YEAR)).values_list("pk", flat=True))
    assert ready == {wine.pk for wine in wines if wine.window.readiness(YEAR) in READY}


YEARS = st.integers(1990, 2060)
BOTTLES = st.integers(0, 60)


def test_half_of_the_bottles_should_be_drunk_in_the_middle_of_the_window() -> None:
    found = pace(window=Window(2010, 2029), on_hand=10, on_order=2, drunk=0, today=date(2020, 1, 1))
    assert found is not None
    assert found.total == 12
    assert found.used == pytest.approx(0.5, abs=0.001)
    assert found.bottles == 6


@pytest.mark.parametrize(("drunk", "behind"), [(0, 6), (6, 0), (9, -3)])
def test_pace_is_how_many_bottles_behind_or_ahead_one_is(drunk: int, behind: int) -> None:
    found = pace(window=Window(2010, 2029), on_hand=12 - drunk, on_order=0, drunk=drunk, today=date(2020, 1, 1))
    assert found is not None
    assert found.bottles == behind


def test_before_the_window_every_bottle_that_was_drunk_was_too_early() -> None:
    found = pace(window=Window(2030, 2040), on_hand=5, on_order=0, drunk=1, today=date(2020, 6, 1))
    assert found is not None
    assert (found.used, found.bottles) == (0, -1)


def test_after_the_window_all_that_is_left_is_late() -> None:
    found = pace(window=Window(2000, 2010), on_hand=4, on_order=1, drunk=7, today=date(2020, 6, 1))
    assert found is not None
    assert (found.used, found.bottles) == (1, 5)


def test_on_the_last_day_of_the_window_it_is_over() -> None:
    found = pace(window=Window(2010, 2020), on_hand=1, on_order=0, drunk=0, today=date(2020, 12, 31))
    assert found is not None
    assert found.used == 1


@pytest.mark.parametrize(
    "window", [Window(), Window(drink_from=2010), Window(drink_until=2030), Window(None, None, 1, 2)]
)
def test_without_both_ends_there_is_no_pace(window: Window) -> None:
    assert pace(window=window, on_hand=5, on_order=0, drunk=0, today=date(2020, 1, 1)) is None


@given(YEARS, st.integers(0, 40), BOTTLES, BOTTLES, BOTTLES, st.dates(date(1980, 1, 1), date(2110, 1, 1)))
def test_pace_stays_between_all_that_was_drunk_and_all_that_is_left(
    first: int, length: int, on_hand: int, on_order: int, drunk: int, today: date
) -> None:
    found = pace(window=Window(first, first + length), on_hand=on_hand, on_order=on_order, drunk=drunk, today=today)
    assert found is not None
    assert 0 <= found.used <= 1
    assert -drunk <= found.bottles <= on_hand + on_order
