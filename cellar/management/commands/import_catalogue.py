"""`manage.py import_catalogue FILE`: load wines that complete what is typed and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.reference.catalogue import CatalogueError
from cellar.reference.loading import load, load_shipped, read_ratings

BAR = 30


class Command(BaseCommand):
    help = "Load the X-Wines catalogue (CSV, any size): wines of the file are added or brought up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="XWines_…_wines.csv")
        parser.add_argument("--ratings", type=Path, metavar="FILE", help="XWines_…_ratings.csv: what people gave them")
        parser.add_argument("--shipped", action="store_true", help="the wines that come with WineBox, if not yet done")

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        path: Path | None = options["file"]
        if (path is None) != options["shipped"]:
            raise CommandError("Name a file, or say --shipped.")
        try:
            loaded = self._load(path, options["ratings"], tell=verbosity > 0)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror or error}. Nothing was changed.") from error
        except CatalogueError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if verbosity and loaded is not None:
            self.stdout.write(f"{loaded.wines} wines read, {loaded.changed} of them new or changed.")
        elif verbosity:
            self.stdout.write("The shipped catalogue is loaded already.")

    def _load(self, path: Path | None, ratings: Path | None, *, tell: bool) -> Any:
        if path is None:
            return load_shipped()
        size = _lines(path)
        shows = tell and self.stderr.isatty()

        def progress(rows: int) -> None:
            if shows:
                share = min(1.0, rows / (2 * size))
                self.stderr.write(f"\r[{'#' * int(BAR * share):{BAR}}] {share:.0%}", ending="")

        loaded = load(path, ratings=read_ratings(ratings) if ratings else None, progress=progress)
        if shows:
            self.stderr.write("")
        return loaded


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return max(1, sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b"")))
