"""`manage.py clear_expired`."""

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import SecurityEvent
from cellar.models import Label
from tests.accounts.factories import make_user
from tests.cellar.factories import make_wine

pytestmark = pytest.mark.django_db


def removed() -> dict[str, int]:
    out = StringIO()
    call_command("clear_expired", "--json", stdout=out)
    result: dict[str, int] = json.loads(out.getvalue())
    return result


def store_photo(letter: str, *, days_old: int) -> str:
    """Write the three files of a photo, as if it had been stored that long ago."""
    name = letter * 32
    then = (timezone.now() - timedelta(days=days_old)).timestamp()
    for variant in ("large", "medium", "small"):
        key = default_storage.save(f"labels/{name[:2]}/{name}-{variant}.jpg", ContentFile(b"jpeg"))
        os.utime(Path(default_storage.path(key)), (then, then))
    return name


def test_a_session_that_ended_is_removed_and_a_running_one_stays() -> None:
    for hours in (-1, 1):
        session = SessionStore()
        session["who"] = "somebody"
        session.set_expiry(timezone.now() + timedelta(hours=hours))
        session.save()

    assert removed()["sessions"] == 1


def test_a_security_event_is_kept_for_a_year() -> None:
    for _days in (364, 366):
        SecurityEvent.objects.create(kind=SecurityEvent.Kind.SIGN_IN, actor=make_user())
    young, old = SecurityEvent.objects.all()
    make_older(young, days=364)
    make_older(old, days=366)

    assert removed()["security_events"] == 1
    assert list(SecurityEvent.objects.values_list("pk", flat=True)) == [young.pk]


def make_older(event: SecurityEvent, *, days: int) -> None:
    QuerySet.update(SecurityEvent.objects.filter(pk=event.pk), created_at=timezone.now() - timedelta(days=days))


def test_a_photo_of_a_form_that_was_never_finished_is_removed_after_a_day() -> None:
    abandoned = store_photo("a", days_old=2)
    fresh = store_photo("b", days_old=0)

    assert removed()["photos"] == 1
    assert not default_storage.exists(f"labels/aa/{abandoned}-large.jpg")
    assert default_storage.exists(f"labels/bb/{fresh}-large.jpg")


def test_a_photo_of_a_wine_stays_however_old_it_is() -> None:
    name = store_photo("c", days_old=900)
    Label.objects.create(wine=make_wine(), name=name, width=1, height=1)

    assert removed()["photos"] == 0


def test_it_says_in_words_what_was_removed() -> None:
    out: Any = StringIO()
    call_command("clear_expired", stdout=out)

    names = "sessions invitations links devices security_events photos scans imports counters uploaded_backups"
    words = ", ".join(f"0 {name}" for name in names.split())
    assert out.getvalue() == f"Removed: {words}.\n"
