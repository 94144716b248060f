"""How much a file may hold, and being told that it is too much."""

from __future__ import annotations

from django.conf import settings

MAX_BYTES: int = settings.MAX_IMPORT_BYTES
MAX_FILES = 12
MAX_ROWS = 50_000
MAX_COLUMNS = 400
MAX_CELL = 32_767  # characters: as many as a spreadsheet's cell holds
MAX_LINE = 1_000_000


class FileRefused(Exception):
    """A file that cannot be read as a list of wines; the text is for the person."""
