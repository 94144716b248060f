"""The second factor: an app that makes codes, and codes on paper for the day it is lost."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from accounts.models.person import User
from winebox.models import BaseModel


class SecondFactor(BaseModel):
    """The secret that a person's app shares with the site. It asks for codes once the person has shown one."""

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="second_factor")
    # 160 bits in base 32. It has to be readable to compute codes; it is worth nothing without the password.
    secret = models.CharField(max_length=32, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The half minute of the latest code that was accepted: neither it nor an earlier one is accepted again.
    last_step = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return f"{self.person}: {'on' if self.confirmed_at else 'being set up'}"


class RecoveryCode(BaseModel):
    """A code on paper that takes the place of the app, once; only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "code_hash"], name="recovery_code_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {'used' if self.used_at else 'waiting'}"


class HouseholdRules(BaseModel):
    """What the owner has decided for everybody; there is one row."""

    THE_ONE = uuid.UUID(int=1)

    second_factor_required = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "second factor required" if self.second_factor_required else "second factor as everybody likes"
