"""`manage.py read_label`"""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw, ImageFont

pytestmark = [pytest.mark.django_db, pytest.mark.needs_tesseract, pytest.mark.once]


def drawn(path: Path, *lines: str) -> Path:
    """Draw a label with these lines and return its file."""
    image = Image.new("RGB", (480, 640), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((40, 80 + 80 * number), line, fill="black", font=ImageFont.load_default(36))
    image.save(path, "JPEG")
    return path


def read(*paths: Path) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("read_label", *map(str, paths), "--json", stdout=out)
    result: list[dict[str, Any]] = json.loads(out.getvalue())
    return result


def test_a_label_gives_fields_and_candidates(tmp_path: Path) -> None:
    (one,) = read(drawn(tmp_path / "label.jpg", "KETTMEIR", "Müller Thurgau", "Alto Adige", "2019", "13% vol"))
    assert list(one) == ["file", "engine", "text", "fields", "candidates", "seconds", "warnings"]
    assert one["fields"]["producer"] == {"value": "Kettmeir", "confidence": 0.95, "source": "catalogue"}
    assert one["fields"]["vintage"]["value"] == "2019"
    assert one["fields"]["vintage"]["source"] == "label"
    assert one["candidates"][0]["wine_id"] == 140262


def test_a_photo_without_a_label_is_no_error(tmp_path: Path) -> None:
    (one,) = read(drawn(tmp_path / "wall.jpg"))
    assert (one["fields"], one["candidates"]) == ({}, [])
    assert one["warnings"] == ["Nothing readable was found on this photo."]


@pytest.mark.parametrize("content", [b"", b"not a photo"])
def test_a_file_that_is_no_photo_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.jpg"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"file\.jpg: This file is"):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        read(tmp_path / "nothing.jpg")


def test_without_tesseract_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drawn(tmp_path / "label.jpg", "KETTMEIR")
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(CommandError, match="Tesseract is not installed"):
        read(path)


@pytest.mark.needs_shared_data
def test_a_real_photo_gives_its_wine(shared_data: Path) -> None:
    (one,) = read(shared_data / "labels" / "160271.jpeg")
    assert one["candidates"][0]["wine_id"] == 160271
    assert one["fields"]["producer"]["value"] == "Lustau"
