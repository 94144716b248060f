"""Reading a label with what is there to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cellar.labels.engines import tesseract
from cellar.labels.reading import local
from cellar.labels.reading.findings import LabelReading

ENGINES = (tesseract.NAME,)


class NotRead(Exception):
    """No engine could read the label; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An engine as a page offers it.

    `name` is what the form sends and `read` takes; `title` stands on the button; `sends` says what leaves the house
    and to whom, and how much of today's limit is used.
    """

    name: str
    title: str
    sends: str
    is_used_up: bool = False


def available() -> tuple[str, ...]:
    """Return the engines that can read a label here and now, the best first."""
    return tuple(offer.name for offer in offers() if not offer.is_used_up)


def is_available() -> bool:
    """Say whether a label can be read here."""
    return bool(available())


def offers() -> list[Offer]:
    """Return what can be chosen here, the best first."""
    if not tesseract.is_installed():
        return []
    return [Offer(tesseract.NAME, _("Tesseract"), _("Reads on this server: no photo leaves the house."))]


def how_to_switch_on() -> str:
    """Return how to have labels read, for a page where nothing is there to do it."""
    return _("To have labels read, install Tesseract on the server.")


def read(photos: Sequence[bytes], *, engine: str | None = None) -> LabelReading:
    """Read the photos of one bottle, the front first, with that engine or else the best; raises NotRead.

    What went wrong on the way, and which engine read instead, is among the warnings.
    """
    if engine not in (None, *ENGINES):
        raise ValueError(f"There is no engine {engine!r}.")
    try:
        return local.read(photos)
    except tesseract.TesseractFailed as error:
        raise NotRead(_("The label could not be read: %(reason)s.") % {"reason": error}) from error
