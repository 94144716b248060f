"""What a list is narrowed down by."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from cellar import drinking
from cellar.drinking import Readiness, Window
from cellar.forms.filters import READY_NOW, HistoryFilter, WineFilter
from cellar.models import Wine
from cellar.tree import Tree
from tests.cellar.factories import make_wine

pytestmark = pytest.mark.django_db
YEAR = drinking.this_year()


def filtered(**query: str) -> WineFilter:
    data = QueryDict(mutable=True)
    data.update(query)
    return WineFilter(data, tree=Tree({}))


def test_without_filters_nothing_is_left_out() -> None:
    make_wine()
    assert filtered().results().count() == 1
    assert filtered().chips() == []


def windows() -> list[tuple[int | None, ...]]:
    """Return every kind of window around this year, in order."""
    years = (None, YEAR - 1, YEAR, YEAR + 1)
    every = [(a, b, c, d) for a in years for b in years for c in years for d in years]
    return [one for one in every if not Window(one[0], one[3], one[1], one[2]).errors()]


def test_each_wine_is_found_by_its_readiness_and_by_no_other() -> None:
    wines = [
        Wine(
            producer=str(number), drink_from=first, best_from=best, best_until=late, drink_until=last,
            identity_key=str(number), sort_key=str(number),
        )
        for number, (first, best, late, last) in enumerate(windows())
    ]  # fmt: skip
    Wine.objects.bulk_create(wines)
    found = {status: set(filtered(ready=status).results()) for status in Readiness.values}
    for wine in wines:
        assert [status for status, ones in found.items() if wine in ones] == [wine.readiness.value], wine.window
    ready = {wine for wine in wines if wine.readiness in drinking.READY}
    assert set(filtered(ready=READY_NOW).results()) == ready


NAMES = [*filtered().fields]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_any_filter_is_answered(query: dict[str, Any]) -> None:
    filters = filtered(**query)
    assert list(filters.results()) == []
    assert all(isinstance(text, str) for _name, text in filters.chips())


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["kind", "person", "q", "wine", "since", "until"]), st.text(max_size=40)))
def test_any_filter_of_the_history_makes_a_condition(query: dict[str, Any]) -> None:
    data = QueryDict(mutable=True)
    data.update(query)
    assert HistoryFilter(data, people=[]).condition() is not None


def test_the_same_filter_given_twice_is_the_last_one() -> None:
    make_wine(type="red")
    filters = WineFilter(QueryDict("type=white&type=red"), tree=Tree({}))
    assert filters.results().count() == 1
