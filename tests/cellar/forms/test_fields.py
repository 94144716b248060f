"""Fields that several forms share."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cellar.forms.fields import DayField, KeyField, PlainDecimalField, SizeField, moment_of, read_kept, sign_kept
from cellar.sizes import SIZES
from cellar.wines import StoredPhoto


@pytest.mark.parametrize(("typed", "number"), [("13,5", "13.5"), ("13.5", "13.5"), (" 14 ", "14"), ("0", "0")])
def test_a_number_is_read_with_a_point_or_a_comma(typed: str, number: str) -> None:
    assert PlainDecimalField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1,2,3", "1.000,5", "NaN", "Infinity", "1e5000", "٫", "--1", "x"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        PlainDecimalField(max_digits=4, decimal_places=1).clean(typed)


@given(st.text())
def test_any_other_text_is_refused_or_small(typed: str) -> None:
    with suppress(ValidationError):
        number = PlainDecimalField(required=False, max_digits=4, decimal_places=1).clean(typed)
        assert number is None or abs(number) < 1000


@given(st.text())
def test_any_text_makes_a_key(typed: str) -> None:
    assert isinstance(KeyField().clean(typed), UUID)


def test_a_key_is_kept() -> None:
    assert KeyField().clean("00000000-0000-4000-8000-000000000007") == UUID(int=0x4000_8000_000000000007)


def test_two_forms_without_keys_have_different_ones() -> None:
    assert KeyField().clean("") != KeyField().clean("")


@pytest.mark.parametrize("ml", SIZES)
def test_every_size_can_be_chosen(ml: int) -> None:
    assert SizeField().clean(str(ml)) == ml


def test_without_a_choice_it_is_the_standard_bottle() -> None:
    assert SizeField().clean("") == 750


@pytest.mark.parametrize("typed", ["751", "0", "-750", "75 cl", "9" * 5000])
def test_a_size_outside_the_list_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        SizeField().clean(typed)


def test_a_day_lies_between_1900_and_today() -> None:
    today = timezone.localdate()
    assert [DayField().clean(day.isoformat()) for day in (date(1900, 1, 1), today)] == [date(1900, 1, 1), today]
    for day in (today + timedelta(days=1), date.max):
        with pytest.raises(ValidationError, match="not in the future"):
            DayField().clean(day.isoformat())
    with pytest.raises(ValidationError, match="from 1900 on"):
        DayField().clean("1899-12-31")


def test_an_earlier_day_stands_for_its_noon_and_today_for_now() -> None:
    moment = moment_of(date(2024, 2, 29))
    assert moment is not None
    assert timezone.localtime(moment).isoformat()[:16] == "2024-02-29T12:00"
    assert (moment_of(timezone.localdate()), moment_of(None)) == (None, None)


def test_a_kept_photo_is_known_again() -> None:
    photo = StoredPhoto("0" * 32, 300, 400)
    assert read_kept(sign_kept(photo)) == photo


@given(st.text())
def test_any_other_token_is_none(token: str) -> None:
    assert read_kept(token) is None
