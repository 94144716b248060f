"""Filling in the form for a wine: from the photo of its label, the catalogue, or another vintage of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cellar.forms.filling import TEXT, Draft, from_cellar, from_findings, tidy
from cellar.forms.photos import SIDES, PhotosForm
from cellar.forms.wine import OF_ONE_VINTAGE, initial_of
from cellar.labels import store
from cellar.labels.engines import tesseract
from cellar.labels.reading import engines, known, local
from cellar.labels.reading.engines import NotRead
from cellar.labels.reading.findings import Finding, LabelReading, Source, Suggestion
from cellar.labels.reading.matching import KnownWine, is_same_producer
from cellar.models import LabelKind, ReferenceWine, Wine, WineType
from cellar.reference.completing import complete
from cellar.tree import Tree
from cellar.wines import StoredPhoto
from winebox.limits import TooMuch, count_reading

# The buttons of the form for a wine that fill it in; each sends what it fills in from.
READ, CHOOSE, COPY, COMPLETE = "read", "choose", "copy", "complete"
# The button that lets go of a photo is one of them: the form comes back as it is.
REMOVE = "remove"
BUTTONS = (READ, CHOOSE, COPY, COMPLETE, REMOVE)


@dataclass(slots=True)
class Told:
    """What came of filling in: what the page says of it, and its status."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    status: int = 200
    seconds: int = 0
    # The wine that the form is of now; its name comes first, as it is what to compare with the bottle.
    wine: str = ""
    vintage: str = ""
    # Wines of the catalogue that may be meant by what was typed.
    wines: Sequence[ReferenceWine] = ()


def draft_of(data: QueryDict) -> Draft:
    """Return the form as it was sent, with what the browser filled in of a wine of the catalogue."""
    draft = Draft(data)
    number, *names = data.get("completed", "").split() or [""]
    draft.adopt(names, from_findings(_of_catalogue(number), is_chosen=True))
    return draft


def is_asked(request: HttpRequest) -> bool:
    return any(name in request.POST for name in BUTTONS)


def fill(request: HttpRequest, draft: Draft, photos: PhotosForm, tree: Tree) -> Told:
    """Do what one of the buttons asks for; nothing is saved but the photos, which wait for their wine."""
    if not photos.is_valid():
        return Told(status=422)
    if CHOOSE in request.POST:
        return _chosen(request.POST[CHOOSE], draft, tree)
    if COPY in request.POST:
        return _copied(request.POST[COPY], draft, tree)
    if COMPLETE in request.POST:
        return _completed(request.POST[COMPLETE], draft, tree)
    if REMOVE in request.POST:
        return _removed(request.POST[REMOVE], draft, photos)
    return _read(request, draft, photos, tree)


def context(draft: Draft, same: Wine | None, told: Told | None) -> dict[str, Any]:
    """Return what the page for adding a wine shows of readings: what came of one, and what there is to choose from."""
    offers, suggestions = engines.offers(), _with_details(draft)
    return {
        "told": told,
        "suggestions": suggestions,
        "is_settled": any(one["is_filled_in"] for one in suggestions),
        "other_vintage": None if same else _other_vintage(draft),
        "offers": offers,
        "how_to_read": "" if offers else engines.how_to_switch_on(),
        "how_to_complete": "" if ReferenceWine.objects.exists() else how_to_load(),
    }


def _is_filled_in(draft: Draft, suggestion: Suggestion) -> bool:
    """Say whether the form surely is of this wine, as far as its names go."""
    names = {"producer": suggestion.producer, "name": suggestion.name}
    filled = {name: draft.filled[name] for name in names if name in draft.filled}
    return filled.keys() == names.keys() and all(
        one.source == Source.CATALOGUE and one.is_sure and one.value == tidy(names[name])
        for name, one in filled.items()
    )


def _with_details(draft: Draft) -> list[dict[str, Any]]:
    """Return wines of the catalogue to choose from, with what tells them apart where the catalogue is loaded."""
    known_wines = {wine.wine_id: wine for wine in known.loaded_wines([one.wine_id for one in draft.suggestions])}
    return [
        {
            "wine": one,
            "detail": _detail(known_wines.get(one.wine_id)),
            "is_filled_in": _is_filled_in(draft, one),
        }
        for one in draft.suggestions
    ]


def _detail(wine: KnownWine | None) -> str:
    if wine is None:
        return ""
    years = f"{min(wine.vintages)}–{max(wine.vintages)}" if len(wine.vintages) > 1 else ""
    kind = str(WineType(wine.type).label) if wine.type else ""
    return " · ".join(filter(None, [kind, wine.region, wine.country, years]))


def _other_vintage(draft: Draft) -> Wine | None:
    """Return a wine to copy from: the same one of another year, unless that was done already."""
    producer, name = str(draft.value("producer")), str(draft.value("name"))
    if not (producer or name) or any(one.source == Source.CELLAR for one in draft.filled.values()):
        return None
    return Wine.objects.vintages_of(producer=producer, name=name).order_by("-updated_at").first()


def _removed(side: str, draft: Draft, photos: PhotosForm) -> Told:
    if not photos.remove(side):
        return Told(_("There is no such photo"), [_("Nothing was changed.")])
    # What was read from it stands with no other photo.
    draft.clear({TEXT} & draft.filled.keys())
    removed = {
        LabelKind.FRONT.value: _("The photo of the front is removed"),
        LabelKind.BACK.value: _("The photo of the back is removed"),
    }
    return Told(removed[side], [_("All else is as it was.")])


def _chosen(wine_id: str, draft: Draft, tree: Tree, *, is_completed: bool = False) -> Told:
    findings = _of_catalogue(wine_id)
    if not findings:
        return Told(_("This wine is no longer in the catalogue"), [_("Nothing was filled in.")])
    draft.forget(lambda one: one.source == Source.CATALOGUE)
    # Where a name was completed, what was typed of it did not stay.
    return _from_catalogue(findings, draft, tree, _nothing_saved() if is_completed else _typed_stays())


def _completed(wine_id: str, draft: Draft, tree: Tree) -> Told:
    """Offer the wines that have the words of producer and name, or put the one that was chosen in their place."""
    if wine_id:
        # What was typed there was the beginning of it.
        draft.clear(_of_catalogue(wine_id).keys() & {"producer", "name"})
        return _chosen(wine_id, draft, tree, is_completed=True)
    wines = complete(f"{draft.value('producer')} {draft.value('name')}")
    if wines:
        return Told(_("Is it one of these?"), [_nothing_saved()], wines=wines)
    if not ReferenceWine.objects.exists():
        return Told(_("There is no catalogue yet"), [_nothing_saved()])
    return Told(_("No wine of the catalogue is called like that"), [_nothing_saved()])


def how_to_load() -> str:
    """Return how to have wines completed, for a page where there is no catalogue to do it."""
    return _(
        "On the server, “manage.py setup” brings the wines that come with WineBox, "
        "“manage.py import_catalogue FILE” a file of X-Wines."
    )


def _nothing_saved() -> str:
    return _("Nothing is saved before you check in.")


def from_listed(wine_id: UUID, draft: Draft, tree: Tree) -> Told | None:
    """Begin the form with a wine of the catalogue page; None where there is no such wine."""
    wine = ReferenceWine.objects.filter(pk=wine_id).first()
    return _from_catalogue(local.facts_of(known.known_as(wine)), draft, tree, _nothing_saved()) if wine else None


def gone_on(draft: Draft) -> Told:
    """Say that the form is the one that was left."""
    return _told_of(draft, _("Here is what you began"), _nothing_saved())


def _told_of(draft: Draft, title: str, *lines: str) -> Told:
    return Told(title, list(lines), wine=draft.title, vintage=draft.vintage)


def _from_catalogue(findings: Mapping[str, Finding], draft: Draft, tree: Tree, said: str) -> Told:
    notes = draft.fill(from_findings(findings, is_chosen=True), tree)
    return _told_of(draft, _("Filled in from the catalogue"), said, *notes)


def _of_catalogue(number: str) -> Mapping[str, Finding]:
    with suppress(ValueError):
        for wine in known.loaded_wines([int(number)]):
            return local.facts_of(wine)
    return {}


def _copied(wine_id: str, draft: Draft, tree: Tree) -> Told:
    wine: Wine | None = None
    with suppress(ValueError):
        wine = Wine.objects.filter(pk=UUID(wine_id)).first()
    if wine is None:
        return Told(_("This wine is no longer in the cellar"), [_("Nothing was filled in.")])
    initial = {name: value for name, value in initial_of(wine).items() if name not in OF_ONE_VINTAGE}
    notes = draft.fill(from_cellar(initial), tree)
    return Told(_("Copied from %(wine)s") % {"wine": wine.full_name}, [_typed_stays(), *notes])


def _typed_stays() -> str:
    return _("What you typed stays as it is. Nothing is saved before you check in.")


def _read(request: HttpRequest, draft: Draft, photos: PhotosForm, tree: Tree) -> Told:
    kept = photos.kept()
    if not kept:
        photos.add_error(SIDES[0].value, _("Choose or take a photo of the label first."))
        return Told(status=422)
    if not engines.is_available():
        return Told(_("There is nothing here to read labels with"), [_photo_is_kept()])
    try:
        count_reading(request)
        return _filled(engines.read(_contents(kept), engine=_engine(request)), draft, tree)
    except TooMuch as error:
        wait = ngettext("Try again in %(n)d second.", "Try again in %(n)d seconds.", error.seconds)
        lines = [wait % {"n": error.seconds}, _photo_is_kept()]
        return Told(_("Too many labels in one minute"), lines, 429, error.seconds)
    except NotRead as error:
        return Told(_("The label was not read"), [str(error), _photo_is_kept()])


def _photo_is_kept() -> str:
    return _("The photo is kept, and so is all you typed. You can fill in the rest yourself.")


def _engine(request: HttpRequest) -> str:
    """Return the engine whose button was pressed; nothing leaves the house for any other reason."""
    name = request.POST[READ]
    return name if name in engines.ENGINES else tesseract.NAME


def _contents(kept: Mapping[str, StoredPhoto]) -> list[bytes]:
    contents = []
    for side in SIDES:
        if side.value in kept:
            with store.open_photo(kept[side.value].name, "large") as file:
                contents.append(file.read())
    return contents


def _filled(reading: LabelReading, draft: Draft, tree: Tree) -> Told:
    # What an earlier reading said is replaced; what somebody chose or typed is not.
    draft.forget(lambda one: not one.is_chosen)
    before = set(draft.filled)
    draft.suggestions = list(reading.candidates)
    text = {TEXT: Finding(reading.text, 1.0)} if reading.text else {}
    fields, doubts = _that_fit(str(draft.value("producer")), reading.fields)
    notes = [*reading.warnings, *doubts, *draft.fill(from_findings({**fields, **text}), tree)]
    if reading.is_empty:
        return Told(_("The label was not read"), [*notes, _photo_is_kept()])
    new = [one for name, one in draft.filled.items() if name not in before and name != TEXT]
    sure = sum(one.is_sure for one in new)
    count = ngettext("%(n)d field is filled in", "%(n)d fields are filled in", len(new)) % {"n": len(new)}
    doubt = _("%(n)d of them sure: please check the others.") % {"n": sure}
    if sure == len(new):
        doubt = _("all of them sure. Look at them before you check in.")
    no_year = [] if draft.vintage else [_("No year was read: enter it if there is one on the bottle.")]
    return _told_of(draft, _("The label was read"), f"{count}, {doubt}", *no_year, *notes)


def _that_fit(typed: str, fields: Mapping[str, Finding]) -> tuple[Mapping[str, Finding], list[str]]:
    """Leave out what the catalogue knows of another producer's wine than the one that somebody typed."""
    producer = fields.get("producer")
    if not typed or producer is None or is_same_producer(typed, producer.value):
        return fields, []
    text = _("The label may be of %(producer)s. What the catalogue knows of that wine was left out: you typed another.")
    read = {name: one for name, one in fields.items() if one.source != Source.CATALOGUE}
    return read, [text % {"producer": producer.value}]
