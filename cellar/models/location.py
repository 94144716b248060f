"""Where bottles lie."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel

MAX_ROWS = 60
MAX_COLUMNS = 60


def slot_name(row: int, column: int | str) -> str:
    """Return a slot as people say it: "row 2, column 3"; several of a row are "row 2, column 3–6"."""
    return _("row %(row)d, column %(column)s") % {"row": row, "column": column}


class LocationKind(models.TextChoices):
    HOUSE = "house", _("House")
    CELLAR = "cellar", _("Cellar")
    RACK = "rack", _("Rack")
    SHELF = "shelf", _("Shelf")
    FRIDGE = "fridge", _("Fridge")
    OFFSITE = "offsite", _("Offsite")
    IN_TRANSIT = "in_transit", _("In transit")
    OTHER = "other", _("Other")


# Kinds of places that may have rows and columns.
WITH_SLOTS = (LocationKind.RACK, LocationKind.FRIDGE)


class LocationQuerySet(models.QuerySet["Location"]):
    def current(self) -> Self:
        """Leave out places that were deleted but are still named in the history."""
        return self.filter(archived_at=None)


class Location(BaseModel):
    """A place in the tree of places; one with rows and columns is a rack, one bottle a slot."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=LocationKind, default=LocationKind.SHELF)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("in")
    )
    rows = models.PositiveSmallIntegerField(_("rows"), null=True, blank=True)
    columns = models.PositiveSmallIntegerField(_("columns"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rack(self) -> bool:
        """Whether bottles lie in numbered slots here."""
        return bool(self.rows and self.columns)

    def has_slot(self, row: int, column: int) -> bool:
        return 1 <= row <= (self.rows or 0) and 1 <= column <= (self.columns or 0)
