"""Reading a label with what is there to read it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cellar.labels.engines import tesseract
from cellar.labels.reading import local
from cellar.labels.reading.findings import LabelReading

ENGINES = (tesseract.NAME,)


class NotRead(Exception):
    """No engine could read the label; the text says why."""


def is_available() -> bool:
    """Say whether a label can be read here."""
    return tesseract.is_installed()


def read(photos: Sequence[bytes]) -> LabelReading:
    """Read the photos of one bottle, the front first; raises NotRead."""
    try:
        return local.read(photos)
    except tesseract.TesseractFailed as error:
        raise NotRead(_("The label could not be read: %(reason)s.") % {"reason": error}) from error
