"""Photos of a wine."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel


class LabelKind(models.TextChoices):
    FRONT = "front", _("Front")
    BACK = "back", _("Back")
    OTHER = "other", _("Other")


class Label(BaseModel):
    """A photo of a wine: sanitised, with its thumbnails, in the store of `cellar.labels` under `name`."""

    wine = models.ForeignKey("cellar.Wine", on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(_("side"), max_length=6, choices=LabelKind, default=LabelKind.FRONT)
    name = models.CharField(max_length=120, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    text = models.TextField(_("text on the label"), blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.wine} ({self.get_kind_display()})"
