"""Everything in one file, and back: backup and restore of whole instances. Knows rows and files, not what they mean.

What an app has to say about its own rows is in its `archive` module (see `parts`), named in `settings.ARCHIVE`.
"""

from winebox.archive.reading import Archive, ArchiveRefused, opened
from winebox.archive.restoring import NotEmptyError, Restored, is_empty, restore
from winebox.archive.writing import BackupError, Summary, write_backup

__all__ = [
    "Archive",
    "ArchiveRefused",
    "BackupError",
    "NotEmptyError",
    "Restored",
    "Summary",
    "is_empty",
    "opened",
    "restore",
    "write_backup",
]
