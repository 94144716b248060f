"""The ledger: what happened, and what it did to each bottle."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar.models.bottle import State
from winebox.models import AppendOnlyModel, AppendOnlyQuerySet


class Kind(models.TextChoices):
    CHECK_IN = "check_in", _("check in")
    ORDER = "order", _("order")
    DELIVER = "deliver", _("delivery")
    CANCEL = "cancel", _("cancelled order")
    CHECK_OUT = "check_out", _("check out")
    OPEN = "open", _("opened")
    MOVE = "move", _("move")
    COUNT = "count", _("stock-take")
    UNDO = "undo", _("undo")


class Reason(models.TextChoices):
    DRANK = "drank", _("drank")
    GIFT = "gift", _("gift")
    SOLD = "sold", _("sold")
    BROKEN = "broken", _("broken")
    SPOILED = "spoiled", _("spoiled (corked)")
    MISSING = "missing", _("missing")
    RETURNED = "returned", _("returned")
    DONATED = "donated", _("donated")
    OTHER = "other", _("other")


class LedgerModel(AppendOnlyModel):
    """A row of the ledger."""

    class Meta:
        abstract = True
        # Related managers, such as that of a person's transactions, write through this one.
        base_manager_name = "objects"


class TransactionQuerySet(AppendOnlyQuerySet["Transaction"]):
    def newest_first(self) -> Self:
        return self.order_by("-happened_at", "-created_at", "-id")


class Transaction(LedgerModel):
    """One thing that happened to n bottles of one wine. Append-only: `undo` writes the reverse.

    Transactions with the same `action` were done in one go (a stock-take, a shelf that was moved)
    and are undone in one go; `action` is the id of the first of them.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    wine = models.ForeignKey("cellar.Wine", db_index=False, on_delete=models.PROTECT, related_name="transactions")
    quantity = models.PositiveIntegerField(_("bottles"))
    size_ml = models.PositiveIntegerField(_("size"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="cellar_transactions",
        verbose_name=_("who"),
    )
    action = models.UUIDField(default=uuid.uuid4, db_index=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    unit_price = models.PositiveBigIntegerField(_("price a bottle"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    store = models.CharField(_("store"), max_length=120, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    recipient = models.CharField(_("recipient"), max_length=120, blank=True)
    revenue = models.PositiveBigIntegerField(_("revenue"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by", verbose_name=_("takes back")
    )

    objects = TransactionQuerySet.as_manager()

    class Meta(LedgerModel.Meta):
        ordering: ClassVar[list[str]] = ["-happened_at", "-created_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-happened_at", "-created_at", "-id"], name="transaction_newest"),
            models.Index(fields=["wine", "-happened_at", "-created_at", "-id"], name="transaction_wine"),
            models.Index(fields=["kind", "-happened_at", "-created_at", "-id"], name="transaction_kind"),
            models.Index(fields=["actor", "-happened_at", "-created_at", "-id"], name="transaction_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"

    @property
    def is_undone(self) -> bool:
        """Whether this was taken back (and that not taken back in its turn)."""
        is_undone, last = False, self
        while undo := getattr(last, "undone_by", None):
            is_undone, last = not is_undone, undo
        return is_undone


class LineQuerySet(AppendOnlyQuerySet["TransactionLine"]):
    pass


class TransactionLine(LedgerModel):
    """What a transaction did to one bottle: its state and place before and after.

    `step` numbers the lines of a bottle from 1; the line with the highest step says how the bottle is.
    """

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="lines")
    bottle = models.ForeignKey("cellar.Bottle", db_index=False, on_delete=models.PROTECT, related_name="lines")
    step = models.PositiveIntegerField()
    state_before = models.CharField(max_length=10, choices=State)
    state_after = models.CharField(max_length=10, choices=State)
    location_before = models.ForeignKey("cellar.Location", null=True, on_delete=models.PROTECT, related_name="+")
    row_before = models.PositiveSmallIntegerField(null=True)
    column_before = models.PositiveSmallIntegerField(null=True)
    location_after = models.ForeignKey("cellar.Location", null=True, on_delete=models.PROTECT, related_name="+")
    row_after = models.PositiveSmallIntegerField(null=True)
    column_after = models.PositiveSmallIntegerField(null=True)

    objects = LineQuerySet.as_manager()

    class Meta(LedgerModel.Meta):
        ordering: ClassVar[list[str]] = ["bottle", "step"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bottle", "step"], name="one_line_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.state_before} → {self.state_after}"
