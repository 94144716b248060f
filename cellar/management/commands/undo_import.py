"""`manage.py undo_import BATCH`: take an import back."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.imports.batches import ImportRefused
from cellar.imports.taking_back import undo_import
from cellar.ledger import StockError
from cellar.models import ImportBatch
from winebox import security_log


class Command(BaseCommand):
    help = "Take an import back, unless one of its bottles has moved on since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="BATCH", help="as import_wines printed it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = ImportBatch.objects.get(pk=UUID(options["batch"]))
        except (ValueError, ImportBatch.DoesNotExist):
            raise CommandError(f"There is no import “{options['batch']}”.") from None
        try:
            undo_import(batch=batch, actor=None)
        except (ImportRefused, StockError) as error:
            raise CommandError(str(error)) from error
        security_log.note("undone", detail=f"import {batch.pk}")
        self.stdout.write("The import was undone.")
