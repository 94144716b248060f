"""`manage.py export_notes`: every tasting note."""

from cellar.management.exporting import ExportCommand


class Command(ExportCommand):
    help = "Export every tasting note."
    what = "notes"
