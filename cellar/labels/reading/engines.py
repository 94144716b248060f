"""Reading a label with what is there to read it: Claude where there is a key, Tesseract in the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from cellar.claude import asking, service, usage
from cellar.claude.service import ClaudeFailed
from cellar.labels.engines import tesseract
from cellar.labels.engines.tesseract import TesseractFailed
from cellar.labels.reading import local, remote
from cellar.labels.reading.findings import LabelReading
from cellar.labels.reading.known import Catalogue

ENGINES = (service.NAME, tesseract.NAME)


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
    found = []
    if asking.is_possible():
        found.append(_offer_of_claude())
    if tesseract.is_installed():
        found.append(Offer(tesseract.NAME, _("Tesseract"), _("Reads on this server: no photo leaves the house.")))
    return found


def _offer_of_claude() -> Offer:
    sends = asking.what_is_sent(_("the photos"), _(", made smaller and without place and time"))
    return Offer(service.NAME, _("Claude"), sends, usage.today().is_used_up)


def how_to_switch_on() -> str:
    """Return how to have labels read, for a page where nothing is there to do it."""
    return _("To have labels read, install Tesseract on the server, or set WINEBOX_ANTHROPIC_API_KEY.")


def read(
    photos: Sequence[bytes],
    *,
    engine: str = tesseract.NAME,
    alone: bool = False,
    catalogue: Catalogue | None = None,
) -> LabelReading:
    """Read the photos of one bottle, the front first; raises NotRead. Nothing leaves the house unless Claude is named.

    What went wrong on the way, and which engine read instead, is among the warnings; `alone` lets no other try.
    """
    if engine not in ENGINES:
        raise ValueError(f"There is no engine {engine!r}.")
    if engine == tesseract.NAME:
        return _in_the_house(photos, catalogue)
    try:
        return remote.read(photos, catalogue)
    except ClaudeFailed as error:
        if alone:
            raise NotRead(str(error)) from error
        return _instead(photos, catalogue, why=str(error))


def _in_the_house(photos: Sequence[bytes], catalogue: Catalogue | None) -> LabelReading:
    try:
        return local.read(photos, catalogue)
    except TesseractFailed as error:
        text = _("The label could not be read: %(reason)s.") % {"reason": error}
        raise NotRead(text if tesseract.is_installed() else f"{text} {how_to_switch_on()}") from error


def _instead(photos: Sequence[bytes], catalogue: Catalogue | None, *, why: str) -> LabelReading:
    """Read with Tesseract what Claude did not, and say so."""
    try:
        reading = local.read(photos, catalogue)
    except TesseractFailed as error:
        text = _("%(why)s Tesseract did not read it either: %(reason)s.")
        raise NotRead(text % {"why": why, "reason": error}) from error
    return replace(reading, warnings=[why, _("Tesseract read the label instead, in the house."), *reading.warnings])
