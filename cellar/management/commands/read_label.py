"""`manage.py read_label FILE…`: what an engine reads on photos of labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.labels.engines import tesseract
from cellar.labels.reading import known
from cellar.labels.reading.engines import ENGINES, NotRead, read
from cellar.labels.reading.findings import LabelReading
from cellar.labels.sanitise import PhotoRefused, sanitise


def as_json(file: str, reading: LabelReading) -> dict[str, Any]:
    """Return a reading as `read_label --json` prints it."""
    return {
        "file": file,
        "engine": reading.engine,
        "text": reading.text,
        "fields": {
            name: {"value": one.value, "confidence": one.confidence, "source": str(one.source)}
            for name, one in reading.fields.items()
        },
        "candidates": [
            {"wine_id": one.wine_id, "producer": one.producer, "name": one.name, "score": one.score}
            for one in reading.candidates
        ],
        "seconds": reading.seconds,
        "warnings": list(reading.warnings),
    }


def read_file(path: Path, *, engine: str) -> LabelReading:
    """Read one photo with this engine and no other; raises CommandError.

    Where no catalogue is loaded, the wines that come with WineBox are what it is compared with.
    """
    catalogue = None if known.is_loaded() else known.shipped()
    try:
        with path.open("rb") as file:
            photo = sanitise(file, max_bytes=settings.MAX_UPLOAD_BYTES)
        return read([photo.variants["large"]], engine=engine, alone=True, catalogue=catalogue)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}.") from error
    except (PhotoRefused, NotRead) as error:
        raise CommandError(f"{path}: {error}") from error


class Command(BaseCommand):
    help = "Read photos of labels and print what was found; nothing is saved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a photo of a label")
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default=tesseract.NAME,
            help="what reads them: tesseract, in the house (the default), or claude, which sends each photo to "
            "Anthropic, needs WINEBOX_ANTHROPIC_API_KEY, costs money and counts for WINEBOX_SCANS_PER_DAY",
        )
        parser.add_argument("--json", action="store_true", help="one JSON document: a list with an entry for each file")

    def handle(self, *args: Any, **options: Any) -> None:
        readings = [(path, read_file(path, engine=options["engine"])) for path in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps([as_json(str(path), one) for path, one in readings], ensure_ascii=False))
            return
        for path, one in readings:
            self._print(path, one)

    def _print(self, path: Path, reading: LabelReading) -> None:
        self.stdout.write(f"{path} ({reading.engine}, {reading.seconds} s)")
        for name, found in sorted(reading.fields.items()):
            self.stdout.write(f"  {name}: {found.value}  [{found.source}, {found.confidence:.0%}]")
        for one in reading.candidates:
            self.stdout.write(f"  {one.score:.2f}  {one.producer} · {one.name} ({one.wine_id})")
        for warning in reading.warnings:
            self.stdout.write(f"  {warning}")
