"""The security log, which is only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.person import User
from winebox.models import AppendOnlyModel, AppendOnlyQuerySet


class SecurityEventQuerySet(AppendOnlyQuerySet["SecurityEvent"]):
    def forget_before(self, moment: datetime) -> int:
        """Delete what is older than the log is kept; the one way a line ever leaves it."""
        return models.QuerySet.delete(self.filter(created_at__lt=moment))[0]

    def about(self, person: User) -> SecurityEventQuerySet:
        """What this person did, and what was done to this person."""
        return self.filter(models.Q(actor=person) | models.Q(person=person))


class SecurityEvent(AppendOnlyModel):
    """One line of the security log. Append-only: written by `accounts.security.record`, never changed."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        LOCKED_OUT = "locked_out", _("locked out")
        UNLOCKED = "unlocked", _("unlocked")
        SIGN_OUT = "sign_out", _("signed out")
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("signed out everywhere")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        EMAIL_CHANGED = "email_changed", _("e-mail changed")
        USER_CREATED = "user_created", _("person added")
        ROLE_CHANGED = "role_changed", _("role changed")
        DEACTIVATED = "deactivated", _("deactivated")
        REACTIVATED = "reactivated", _("reactivated")
        LINK_CREATED = "link_created", _("link created")
        LINK_USED = "link_used", _("link used")
        LINK_REFUSED = "link_refused", _("link refused")
        LINK_REVOKED = "link_revoked", _("link revoked")
        PERMISSION_REFUSED = "permission_refused", _("permission refused")
        SESSION_ENDED = "session_ended", _("device signed out")
        NEW_DEVICE = "new_device", _("new device")
        CONFIRMED = "confirmed", _("password confirmed")
        CONFIRMATION_FAILED = "confirmation_failed", _("wrong password while signed in")
        SECOND_FACTOR_ON = "second_factor_on", _("second factor switched on")
        SECOND_FACTOR_OFF = "second_factor_off", _("second factor switched off")
        SECOND_FACTOR_FAILED = "second_factor_failed", _("wrong code")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("recovery codes made")
        RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
        SETTINGS_CHANGED = "settings_changed", _("settings changed")
        EXPORTED = "exported", _("exported")
        IMPORTED = "imported", _("imported")
        UNDONE = "undone", _("undone")
        BACKED_UP = "backed_up", _("backup made")
        RESTORED = "restored", _("restored from a backup")
        SENT_OUT = "sent_out", _("sent to Claude")
        COLLECTION_DELETED = "collection_deleted", _("collection deleted")

    kind = models.CharField(max_length=30, choices=Kind)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Whom or what it concerned, in the words of that day: an address may change, and some belong to nobody.
    subject = models.CharField(max_length=254, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-created_at"], name="security_newest"),
            models.Index(fields=["kind", "-created_at"], name="security_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.get_kind_display()}"

    @property
    def is_refusal(self) -> bool:
        """Whether somebody was kept from something; the lines to look at first."""
        return self.kind in {
            self.Kind.SIGN_IN_FAILED,
            self.Kind.LOCKED_OUT,
            self.Kind.LINK_REFUSED,
            self.Kind.PERMISSION_REFUSED,
            self.Kind.CONFIRMATION_FAILED,
            self.Kind.SECOND_FACTOR_FAILED,
        }
