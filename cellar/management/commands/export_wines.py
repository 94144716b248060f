"""`manage.py export_wines`: every wine with all its fields; as JSON with its bottles, notes and scores."""

from cellar.management.exporting import ExportCommand


class Command(ExportCommand):
    help = "Export every wine with all its fields; as JSON with its bottles, notes and scores."
    what = "wines"
