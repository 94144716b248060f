"""`manage.py restore FILE.zip`: make this instance what a backup says."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from winebox import archive, security_log


class Command(BaseCommand):
    help = (
        "Put a backup in the place of what is here, all of it or nothing. Only into an empty cellar unless --replace; "
        "people and roles are those of the backup afterwards, and everybody signs in again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the ZIP that `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="also when there is a cellar, which is lost then")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                done = archive.restore(file, replace=options["replace"])
        except archive.NotEmptyError as error:
            raise CommandError(f"{error} With --replace the backup takes its place.") from None
        except archive.ArchiveRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Nothing was changed: {error}") from error
        security_log.note("restored", detail=f"{path.name}, {sum(done.rows.values())} rows")
        for warning in done.warnings:
            self.stderr.write(warning)
        if options["json"]:
            document = {"rows": done.rows, "files": done.files, "warnings": done.warnings}
            self.stdout.write(json.dumps(document))
        else:
            self.stdout.write(f"Restored {sum(done.rows.values())} rows and {sum(done.files.values())} files.")
