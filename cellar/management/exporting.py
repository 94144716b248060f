"""What the commands that export share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.exports import FORMATS, export
from winebox import security_log


class ExportCommand(BaseCommand):
    """Writes one of the tables into a file, or to the terminal."""

    what: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=list(FORMATS), default="csv", help="csv (default), xlsx or json")
        parser.add_argument("--output", help="the file to write; without it the export is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        made = export(what=self.what, file_format=options["format"])
        path = options["output"]
        if path is None and options["format"] == "xlsx":
            raise CommandError("A spreadsheet cannot be printed: name a file with --output.")
        if path is None:
            for piece in made.pieces:
                self.stdout.write(piece.decode(), ending="")
        else:
            _write(Path(path), made.pieces)
        security_log.note("exported", detail=f"{self.what}, {options['format']}")
        if path is not None:
            self.stdout.write(f"Wrote {path}.")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write beside the place first: what is there under that name is always whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"Nothing was exported: {error}") from error
