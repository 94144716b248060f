"""What was sent to Claude, how it went and what it cost; no photo and no text."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel


class ScanOutcome(models.TextChoices):
    """How asking Claude went."""

    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("key not accepted")
    TOO_MUCH = "too_much", _("too much at once")
    TROUBLE = "trouble", _("trouble at the service")
    NOT_ACCEPTED = "not_accepted", _("request not accepted")
    TIMEOUT = "timeout", _("no answer in time")
    UNREACHABLE = "unreachable", _("not reached")
    DECLINED = "declined", _("declined to answer")
    CUT_OFF = "cut_off", _("answer cut off")
    NONSENSE = "nonsense", _("answer not understood")


class Scan(BaseModel):
    """One question to Claude. `cost` is estimated, in millionths of a US dollar, or None where no price is known.

    `month` is that of the household's calendar, "2026-11", so that every database can add up by it.
    """

    month = models.CharField(max_length=7, editable=False)
    model = models.CharField(_("model"), max_length=100, editable=False)
    photos = models.PositiveSmallIntegerField(_("photos"), editable=False)
    outcome = models.CharField(_("outcome"), max_length=16, choices=ScanOutcome, editable=False)
    tokens_sent = models.PositiveIntegerField(_("tokens sent"), default=0, editable=False)
    tokens_returned = models.PositiveIntegerField(_("tokens returned"), default=0, editable=False)
    cost = models.PositiveBigIntegerField(_("estimated cost"), null=True, editable=False)
    seconds = models.FloatField(_("seconds"), editable=False)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at"], name="scan_newest"),
            models.Index(fields=["month"], name="scan_month"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.model} {self.get_outcome_display()}"
