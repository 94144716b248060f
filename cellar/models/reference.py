"""The catalogue: wines of the world that complete what is typed and read; not the household's own data."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cellar.models.wine import NAME_LENGTH, PLACE_LENGTH, Acidity, Body, WineType
from cellar.pairings import join_pairings
from winebox.models import BaseModel


class ReferenceWine(BaseModel):
    """A wine of the catalogue with all its vintages. `number` is its X-Wines id, and its own id is made of it."""

    SPACE = uuid.UUID("6f1d1f86-6c1a-4d2e-9e0a-0d5b6c1f7a51")

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    producer = models.CharField(_("producer"), max_length=NAME_LENGTH)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    type = models.CharField(_("type"), max_length=12, choices=WineType, blank=True)
    country = models.CharField(_("country"), max_length=PLACE_LENGTH, blank=True, db_index=True)
    region = models.CharField(_("region"), max_length=PLACE_LENGTH, blank=True)
    grapes = models.JSONField(_("grapes"), default=list, blank=True)
    pairings = models.JSONField(_("goes with"), default=list, blank=True)
    alcohol = models.DecimalField(
        _("alcohol"), max_digits=4, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    body = models.CharField(_("body"), max_length=12, choices=Body, blank=True)
    acidity = models.CharField(_("acidity"), max_length=12, choices=Acidity, blank=True)
    vintages = models.JSONField(_("vintages"), default=list, blank=True)
    non_vintage = models.BooleanField(_("non-vintage"), default=False)
    rating = models.DecimalField(_("average rating"), max_digits=3, decimal_places=2, null=True, blank=True)
    ratings = models.PositiveIntegerField(_("number of ratings"), default=0)
    # What it is found by: producer, name and region, folded.
    words = models.CharField(max_length=2 * NAME_LENGTH + PLACE_LENGTH + 2, editable=False, blank=True)
    # What its row in the file said, to leave alone what did not change.
    digest = models.CharField(max_length=32, editable=False)

    class Meta:
        ordering = ("producer", "name", "number")

    def __str__(self) -> str:
        return f"{self.producer} {self.name}".strip()

    @property
    def origin_line(self) -> str:
        """Return what it is and where it comes from: "Red · France"."""
        return " · ".join(filter(None, [str(self.get_type_display()) if self.type else "", self.country]))

    @property
    def character_line(self) -> str:
        """Return how the wine is and what it goes with: "Full-bodied · Acidity: High · Goes with: Beef, Lamb"."""
        acidity = gettext("Acidity: %(level)s") % {"level": self.get_acidity_display()} if self.acidity else ""
        pairings = gettext("Goes with: %(food)s") % {"food": join_pairings(self.pairings)} if self.pairings else ""
        body = str(self.get_body_display()) if self.body else ""
        return " · ".join(filter(None, [body, acidity, pairings]))

    @classmethod
    def id_of(cls, number: int) -> uuid.UUID:
        return uuid.uuid5(cls.SPACE, str(number))


class CatalogueState(BaseModel):
    """One row that says how new the catalogue is: every change has a `version` of its own, so old indexes are known."""

    THE_ONE = uuid.UUID(int=1)

    version = models.UUIDField(default=uuid.uuid4)
    shipped = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.version)

    @classmethod
    def changed(cls, **facts: Any) -> None:
        cls.objects.update_or_create(pk=cls.THE_ONE, defaults={"version": uuid.uuid4(), **facts})

    @classmethod
    def current(cls) -> CatalogueState | None:
        return cls.objects.filter(pk=cls.THE_ONE).first()
