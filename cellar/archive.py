"""What is in an archive of the cellar: every row, and the photos."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from PIL import Image

from cellar import search
from cellar.audit import audit
from cellar.labels import store
from cellar.models import Label, Wine
from cellar.tree import load_tree
from winebox import databases
from winebox.archive.parts import Part

MAX_PIXELS = 50_000_000


class Photos:
    """The photos of all wines, each in its sizes."""

    folder = "photos"

    def names(self) -> Iterator[str]:
        for name in Label.objects.order_by("name").values_list("name", flat=True).distinct().iterator():
            yield from (f"{name}-{variant}.jpg" for variant in store.VARIANTS)

    def is_name(self, name: str) -> bool:
        photo, variant = _parts(name)
        return store.is_photo(photo, variant) and name == f"{photo}-{variant}.jpg"

    def open(self, name: str) -> IO[bytes]:
        try:
            return store.open_photo(*_parts(name))
        except store.PhotoMissing as error:
            raise FileNotFoundError(name) from error

    def refusal(self, name: str, content: bytes) -> str:
        try:
            with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
                width, height = picture.size
        except Exception:  # noqa: BLE001  (whatever a decoder says about a file, the file is no photo of ours)
            return str(_("is no photo"))
        return str(_("is too large for a photo")) if width * height > MAX_PIXELS else ""

    def exists(self, name: str) -> bool:
        return store.exists(*_parts(name))

    def save(self, name: str, content: bytes) -> None:
        store.write(*_parts(name), content)

    def delete(self, name: str) -> None:
        store.remove(*_parts(name))


def _parts(name: str) -> tuple[str, str]:
    photo, _dash, variant = name.removesuffix(".jpg").partition("-")
    return photo, variant


def write_keys(wine: Wine) -> None:
    wine.write_keys()


def index_and_prove() -> Sequence[str]:
    """Let every wine be found again, and look whether the book is right."""
    tree = load_tree()
    for ids in databases.keys_in_parts(Wine.objects.all(), search.BATCH):
        for wine_id, changed in search.stale(ids, tree).items():
            # Not through `reindex`, which marks the wines as changed.
            Wine.objects.filter(pk=wine_id).update(**changed)
    left = sum(not finding.mended for finding in audit(fix=True).findings)
    if not left:
        return []
    return [_("The book of this backup was not right (findings: %(number)d): see `check_ledger`.") % {"number": left}]


part = Part(
    app="cellar",
    left_out={
        "importfile": "the uploaded files are not kept with the cellar; what became of each row is",
        "referencewine": "the catalogue is nobody's own: `setup` and `import_catalogue` load it again",
        "cataloguestate": "it tells how new the catalogue of this database is",
    },
    names={
        "wine": _lazy("wines"),
        "bottle": _lazy("bottles"),
        "location": _lazy("places"),
        "label": _lazy("photos"),
        "tastingnote": _lazy("tasting notes"),
        "score": _lazy("scores"),
        "transaction": _lazy("steps of the history"),
        "transactionline": _lazy("steps of single bottles"),
        "importbatch": _lazy("imports"),
        "importrow": _lazy("rows of imports"),
        "columnmapping": _lazy("meanings of columns"),
        "scan": _lazy("photos that were read"),
    },
    derived={
        # What a wine is found by follows from the rest, and depends on the version and the language of WineBox.
        "wine": frozenset({"identity_key", "sort_key", "search_text", "facets", "price_per_750", "price_currency"}),
    },
    prepare={"wine": write_keys},
    files=Photos(),
    finish=index_and_prove,
)
