"""The drink window as a bar with today in it."""

from datetime import date
from itertools import pairwise

import pytest

from cellar.charts.window_bar import WindowBar, window_bar
from cellar.drinking import Window

TODAY = date(2026, 11, 22)


def bar(*years: int | None) -> WindowBar:
    drawn = window_bar(Window(*years), today=TODAY)
    assert drawn is not None
    return drawn


def test_without_a_window_there_is_no_bar() -> None:
    assert window_bar(Window(), today=TODAY) is None


def test_today_lies_within_a_window_that_is_open() -> None:
    drawn = bar(2015, 2045, 2022, 2038)
    start = float(drawn.outer.x)
    assert start < float(drawn.today.x) < start + float(drawn.outer.width)


def test_today_lies_before_a_window_that_is_to_come() -> None:
    drawn = bar(2030, 2045)
    assert float(drawn.today.x) < float(drawn.outer.x)


def test_today_lies_after_a_window_that_is_over() -> None:
    drawn = bar(2000, 2010)
    assert float(drawn.today.x) > float(drawn.outer.x) + float(drawn.outer.width)


def test_the_best_years_lie_within_the_window() -> None:
    drawn = bar(2015, 2045, 2022, 2038)
    assert drawn.inner is not None
    assert float(drawn.inner.x) > float(drawn.outer.x)
    assert float(drawn.inner.width) < float(drawn.outer.width)


def test_a_window_of_one_year_can_be_seen() -> None:
    assert float(bar(2026, 2026).outer.width) > 1


def test_years_are_not_printed_over_each_other() -> None:
    places = sorted(float(year.x) for year in bar(2015, 2045, 2016, 2044).years)
    assert all(after - before >= 13 for before, after in pairwise(places))


@pytest.mark.parametrize(
    "years", [(2030, None), (None, 2030), (None, None, 2028, None), (None, None, None, 2020), (1900, 2155)]
)
def test_everything_stays_inside_the_picture(years: tuple[int | None, ...]) -> None:
    drawn = bar(*years)
    places = [float(drawn.today.x), float(drawn.outer.x), float(drawn.outer.x) + float(drawn.outer.width)]
    assert all(0 <= place <= 100.1 for place in [*places, *(float(year.x) for year in drawn.years)])


def test_the_picture_is_told_in_words() -> None:
    text = bar(2015, 2045, 2022, 2038).text
    assert all(part in text for part in ("2015–2045", "2022–2038", "2026"))
