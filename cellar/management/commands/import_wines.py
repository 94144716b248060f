"""`manage.py import_wines FILE…`: bring wines, bottles and notes from the files of other systems."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.imports import applying, batches
from cellar.imports.batches import ImportRefused
from cellar.imports.detect import all_formats
from cellar.imports.files import LocalFile
from cellar.imports.limits import FileRefused
from cellar.imports.report import report_of
from cellar.ledger import StockError
from cellar.models import ImportBatch, Stage
from winebox import security_log


def import_files(
    files: list[LocalFile], *, choices: dict[str, Any], other_drinks: bool = False, dry_run: bool = False
) -> dict[str, Any]:
    """Import files from beginning to end and return the report; a dry run keeps nothing."""
    batch = batches.start(files_=files, actor=None, choices=choices)
    try:
        report = _run(batch, other_drinks=other_drinks, dry_run=dry_run)
    except BaseException:
        batch.refresh_from_db()
        if batch.stage != Stage.DONE:
            batches.drop(batch=batch)
        raise
    if dry_run:
        batches.drop(batch=batch)
    return report


def _run(batch: ImportBatch, *, other_drinks: bool, dry_run: bool) -> dict[str, Any]:
    batches.take_other_drinks(batch=batch, wanted=other_drinks)
    while batch.stage == Stage.PLANNING:
        batches.plan_step(batch=batch)
    if not dry_run:
        applying.begin(batch=batch)
        while batch.stage == Stage.STAGING:
            applying.apply_step(batch=batch)
    report = report_of(batch)
    return report | {"batch": None} if dry_run else report


class Command(BaseCommand):
    help = "Bring wines, bottles and notes from the files of other systems."

    def add_arguments(self, parser: CommandParser) -> None:
        names = ", ".join(one.name for one in all_formats())
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--format", default="", help=f"what the files are, if not as recognised: {names}")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument(
            "--date-order", default="", choices=["dmy", "mdy", "ymd"], help="where a file leaves it open"
        )
        parser.add_argument("--currency", default="", help="of prices without one; that of the household by default")
        parser.add_argument(
            "--meaning", default="", choices=["cellar", "history", "wines"], help="what a list without stock means"
        )
        parser.add_argument("--other-drinks", action="store_true", help="spirits and beer, too")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [LocalFile(Path(name), Path(name).name) for name in options["files"]]
        for file in files:
            if not file.path.is_file():
                raise CommandError(f"{file.path} is not there, or is no file.")
        choices = {name: options[name] for name in ("format", "date_order", "currency", "meaning") if options[name]}
        try:
            report = import_files(
                files, choices=choices, other_drinks=options["other_drinks"], dry_run=options["dry_run"]
            )
        except (FileRefused, ImportRefused, StockError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"A file cannot be read: {error.strerror or error}.") from error
        if not options["dry_run"]:
            security_log.note("imported", detail=f"{report['format']}, {report['rows']} rows")
        self._tell(report, as_json=options["json"])

    def _tell(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for name, value in report.items():
            if isinstance(value, int | str):
                self.stdout.write(f"{name.replace('_', ' ')}: {value}")
        for warning in report["warnings"]:
            self.stdout.write(f"Warning: {warning}")
        for one in report["skipped"]:
            column = f", {one['column']}" if "column" in one else ""
            self.stdout.write(f"Row {one['row']}{column}: {one['reason']}")
