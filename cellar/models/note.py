"""What somebody thought of a wine."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel


class Scale(models.TextChoices):
    """The scale on which a rating was given; kept as entered, since scales do not convert in a straight line."""

    STARS = "5", _("5 stars")
    TWENTY = "20", _("20 points")
    HUNDRED = "100", _("100 points")

    @classmethod
    def of(cls, rating: Decimal | None, chosen: str) -> str:
        """Return what is kept as the scale of a rating: stars where none was chosen, and nothing without a rating."""
        return (chosen or cls.STARS.value) if rating is not None else ""


class TastingNote(BaseModel):
    """What one person wrote about a wine on one day."""

    wine = models.ForeignKey("cellar.Wine", on_delete=models.PROTECT, related_name="notes")
    bottle = models.ForeignKey("cellar.Bottle", null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tasting_notes"
    )
    tasted_on = models.DateField(_("date"))
    text = models.TextField(_("note"), max_length=5000, blank=True)
    rating = models.DecimalField(_("rating"), max_digits=4, decimal_places=1, null=True, blank=True)
    scale = models.CharField(_("scale"), max_length=3, choices=Scale, blank=True)
    occasion = models.CharField(_("occasion"), max_length=120, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-tasted_on", "-created_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["wine", "-tasted_on"], name="note_wine_newest")]

    def __str__(self) -> str:
        return f"{self.wine}, {self.tasted_on}"

    def errors(self) -> dict[str, str]:
        """Return, by field name, what is wrong with rating, scale and text taken together."""
        if self.rating is None:
            return {} if self.text else {"text": str(_("Write something, or give a rating."))}
        if 0 <= self.rating <= int(Scale.of(self.rating, self.scale)):
            return {}
        return {"rating": str(_("That is more than the scale has."))}

    @property
    def rating_label(self) -> str:
        """Return the rating as it was given: "92/100", "4.5/5"."""
        return "" if self.rating is None else f"{self.rating.normalize():f}/{self.scale}"
