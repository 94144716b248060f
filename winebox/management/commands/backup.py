"""`manage.py backup FILE.zip`: everything in one file, while the site runs."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from winebox import archive, security_log


class Command(BaseCommand):
    help = (
        "Write everything into one ZIP: wines, bottles, history, notes, people with their roles and password hashes, "
        "photos. Safe while people work. Sessions and second factors are not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to write it; what is there stays until the new one is whole")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            summary = _write(path)
        except (archive.BackupError, OSError) as error:
            raise CommandError(f"No backup was written: {error}") from error
        security_log.note("backed_up", detail=f"{path.name}, {summary.total} rows")
        for missing in summary.missing:
            self.stderr.write(f"This photo is not in the store: {missing}")
        if options["json"]:
            document = {"file": str(path), "rows": summary.rows, "files": summary.files, "missing": summary.missing}
            self.stdout.write(json.dumps(document))
        else:
            photos = sum(summary.files.values())
            self.stdout.write(f"Wrote {path}: {summary.total} rows, {photos} files.")


def _write(path: Path) -> archive.Summary:
    """Write the file beside its place first: what is there under that name is always whole."""
    part = path.with_name(f"{path.name}.part")
    try:
        # It holds the hashes of passwords.
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            summary = archive.write_backup(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return summary
