"""The browsers in which people have signed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models.person import User
from winebox.models import BaseModel


class Device(BaseModel):
    """A browser of a person, known again by a cookie of which the hash is kept here."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    secret_hash = models.CharField(max_length=64, editable=False)
    # The session that began here last; empty once it was ended.
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    browser = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    signed_in_at = models.DateTimeField()
    stays = models.BooleanField(default=False)

    class Meta:
        ordering = ("-signed_in_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "secret_hash"], name="device_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.browser} ({self.person})"
