"""`manage.py export_transactions`: everything that happened."""

from cellar.management.exporting import ExportCommand


class Command(ExportCommand):
    help = "Export everything that happened."
    what = "transactions"
