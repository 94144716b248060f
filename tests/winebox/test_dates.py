"""Every day is written alike, wherever it stands."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.forms import DateField
from django.template import engines
from django.utils import translation
from django.utils.formats import date_format

from winebox.environment import BASE_DIR

TEMPLATES = sorted(path for path in (BASE_DIR / "templates").rglob("*.*") if path.suffix in (".html", ".txt"))
# "c" is for machines: the datetime attribute of <time>; "e" names the time zone in a letter.
NAMED = {"DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "c", "e"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_way_of_its_own_to_write_a_date(path: Path) -> None:
    found = re.findall(r"""\|(?:date|time):["']([^"']*)["']""", path.read_text())
    assert set(found) <= NAMED


@pytest.mark.parametrize("language", ["en", "en-gb", "en-us"])
def test_a_day_is_written_short_and_the_same_everywhere(language: str) -> None:
    with translation.override(language):
        assert date_format(date(2024, 5, 4)) == "4 May 2024"
        assert date_format(datetime(2024, 9, 4, 9, 5, tzinfo=UTC), "DATETIME_FORMAT") == "4 Sep 2024, 09:05"
        shown = engines["django"].from_string("{{ day }}").render({"day": date(2024, 11, 24)})
        assert shown == "24 Nov 2024"


def test_dates_are_read_in_the_forms_that_django_knows() -> None:
    assert DateField().clean("2024-05-04") == date(2024, 5, 4)
