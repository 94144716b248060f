"""Links that let somebody in, each of them once; only their hashes are kept."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Role, User
from winebox.models import BaseModel


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.waiting().filter(expires_at__gt=timezone.now())

    def waiting(self) -> InvitationQuerySet:
        """Neither used nor revoked; an expired one waits for a new link."""
        return self.filter(used_at=None, revoked_at=None)


class Invitation(BaseModel):
    """A single-use link by which a new person joins the household; only its hash is kept."""

    LIFETIME = timedelta(days=3)

    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class SetupCode(BaseModel):
    """The secret of the set-up link, hashed. There is one row, so that only the newest link works."""

    THE_ONE = uuid.UUID(int=1)

    code_hash = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "used" if self.used_at else "waiting"


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    def waiting(self) -> AccessLinkQuerySet:
        """Neither used nor revoked, and not expired."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self) -> int:
        """Make those that still wait worthless; return how many they were."""
        now = timezone.now()
        return self.waiting().update(revoked_at=now, updated_at=now)


class AccessLink(BaseModel):
    """A single-use link for one purpose, good for an hour."""

    LIFETIME = timedelta(hours=1)

    class Purpose(models.TextChoices):
        RESET = "reset", _("a new password")
        EMAIL = "email", _("a new e-mail address")
        HELPER = "helper", _("helping at one place")

    purpose = models.CharField(max_length=10, choices=Purpose)
    # Whose account it opens. A link that was asked for an address nobody has opens none: it costs the same time.
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=80, blank=True)
    # What a helper is confined to: an id that means something to the cellar and nothing here.
    scope = models.CharField(max_length=36, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    stamp = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["purpose", "scope"], name="access_link_scope")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.email or self.name})"

    @property
    def is_waiting(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
