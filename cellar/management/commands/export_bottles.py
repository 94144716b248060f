"""`manage.py export_bottles`: every bottle with where it is, what was paid and what became of it."""

from cellar.management.exporting import ExportCommand


class Command(ExportCommand):
    help = "Export every bottle with where it is, what was paid and what became of it."
    what = "bottles"
