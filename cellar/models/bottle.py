"""One physical bottle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cellar.models.location import slot_name
from cellar.sizes import size_label
from winebox.models import BaseModel


class State(models.TextChoices):
    """Where a bottle is in its life. VOID is one that was never here: its check-in was undone, its order cancelled."""

    VOID = "void", _("taken back")
    ON_ORDER = "on_order", _("on order")
    IN_CELLAR = "in_cellar", _("in cellar")
    OPEN = "open", _("open")
    GONE = "gone", _("gone")


PRESENT = (State.IN_CELLAR, State.OPEN)
# What the ledger says about a bottle.
KEPT = frozenset({"state", "location", "row", "column", "step", "last_transaction", "source"})


class BottleQuerySet(models.QuerySet["Bottle"]):
    def present(self) -> Self:
        """Return bottles that are physically here, full or open."""
        return self.filter(state__in=PRESENT)

    def on_order(self) -> Self:
        return self.filter(state=State.ON_ORDER)

    def at(self, location_ids: Iterable[UUID | None]) -> Self:
        """Return bottles in any of these places; None stands for "no place yet"."""
        ids = list(location_ids)
        known = models.Q(location_id__in=[one for one in ids if one is not None])
        return self.filter(known | models.Q(location=None) if None in ids else known)


class Bottle(BaseModel):
    """One physical bottle of a wine; its state and place are what its last ledger line says.

    `step` is the number of that line and `last_transaction` the id of the transaction that wrote it.
    Every change names the step it starts from, so of two changes that start from the same step only
    one can happen.
    """

    # No index of its own here and elsewhere: one of those below begins with it.
    wine = models.ForeignKey("cellar.Wine", db_index=False, on_delete=models.PROTECT, related_name="bottles")
    size_ml = models.PositiveIntegerField(
        _("size"), default=750, validators=[MinValueValidator(20), MaxValueValidator(30_000)]
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.VOID, editable=False)
    location = models.ForeignKey(
        "cellar.Location", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="bottles"
    )
    row = models.PositiveSmallIntegerField(_("row"), null=True, blank=True, editable=False)
    column = models.PositiveSmallIntegerField(_("column"), null=True, blank=True, editable=False)
    step = models.PositiveIntegerField(default=0, editable=False)
    last_transaction = models.UUIDField(null=True, editable=False)
    source = models.ForeignKey(
        "cellar.Transaction",
        editable=False,
        on_delete=models.PROTECT,
        related_name="brought",
        verbose_name=_("came with"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    barcode = models.CharField(_("barcode"), max_length=60, blank=True, db_index=True)
    # By which an import knows a bottle again that it brought before.
    import_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    objects = BottleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["location", "row", "column"], name="one_bottle_a_slot"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["wine", "state"], name="bottle_wine_state"),
            models.Index(fields=["state", "location"], name="bottle_state_location"),
        ]

    def __str__(self) -> str:
        return f"{self.wine} · {self.size_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; where the bottle is, and how it is, is changed by `cellar.stock` alone."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = {one.name for one in self._meta.concrete_fields} - {"id", *KEPT}
        super().save(*args, **kwargs)

    @property
    def size_label(self) -> str:
        return size_label(self.size_ml)

    @property
    def slot_label(self) -> str:
        """Return the slot as people say it ("row 2, column 3"), or nothing outside a rack."""
        return "" if self.row is None or self.column is None else slot_name(self.row, self.column)
