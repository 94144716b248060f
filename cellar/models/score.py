"""What critics, and communities, give a wine."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cellar.models.note import Scale
from winebox.models import BaseModel

SCORE_LENGTH = 16


class Score(BaseModel):
    """A critic's score, as printed: "92-94", "18-19+". Never a rating of somebody in the household."""

    wine = models.ForeignKey("cellar.Wine", on_delete=models.CASCADE, related_name="scores")
    source = models.CharField(_("source"), max_length=80)
    value = models.CharField(_("score"), max_length=SCORE_LENGTH)
    scale = models.CharField(_("scale"), max_length=3, choices=Scale, blank=True)
    reviewer = models.CharField(_("reviewer"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["source", "created_at", "id"]

    def __str__(self) -> str:
        return f"{self.source} {self.label}"

    @property
    def label(self) -> str:
        """Return the score as printed, with its scale: "92-94/100"."""
        return f"{self.value}/{self.scale}" if self.scale and "/" not in self.value else self.value
