"""`manage.py read_label --engine claude`"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.cellar.labels.messages_api import Service, refused
from tests.cellar.labels.photos import bottle, encoded

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "label.jpg"
    path.write_bytes(encoded(bottle()))
    return str(path)


def test_it_prints_what_claude_says(service: Service, photo: str) -> None:
    out = StringIO()
    call_command("read_label", photo, "--engine", "claude", "--json", stdout=out)
    (one,) = json.loads(out.getvalue())
    assert list(one) == ["file", "engine", "text", "fields", "candidates", "seconds", "warnings"]
    assert one["engine"] == "claude"
    assert one["fields"]["vintage"] == {"value": "2019", "confidence": 0.9, "source": "label"}
    assert one["candidates"][0]["wine_id"] == 140262


def test_without_a_key_it_says_so(photo: str, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = ""
    with pytest.raises(CommandError, match="there is no WINEBOX_ANTHROPIC_API_KEY"):
        call_command("read_label", photo, "--engine", "claude")


def test_what_went_wrong_is_the_end_of_it_and_nobody_else_reads(service: Service, photo: str) -> None:
    service.replies = [refused(401)]
    with pytest.raises(CommandError, match="did not accept the key"):
        call_command("read_label", photo, "--engine", "claude")


@pytest.mark.needs_tesseract
def test_nothing_is_sent_unless_claude_is_named(service: Service, photo: str) -> None:
    call_command("read_label", photo, stdout=StringIO())
    assert service.requests == []
