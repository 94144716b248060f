"""Who: people and their roles, invitations, and the log of what concerns security."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from winebox.models import BaseModel


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")
    HELPER = "helper", _("Helper")


def normalise_email(email: str) -> str:
    """Return the address as it is stored and compared: trimmed and lower-cased as a whole."""
    return email.strip().lower()


def normalise_password(password: str) -> str:
    """Return the password composed (NFC): keyboards differ in how they send an "é"."""
    return unicodedata.normalize("NFC", password)


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None, role: str, name: str = "") -> User:
        user = self.model(email=normalise_email(email), role=role, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=normalise_email(username or ""))

    def owners(self) -> models.QuerySet[User]:
        return self.filter(role=Role.OWNER, is_active=True)


class User(BaseModel, AbstractBaseUser):
    """A person of the household, who signs in with an e-mail address."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.GUEST)
    is_active = models.BooleanField(_("active"), default=True)
    # Part of what a session is checked against: one more ends all sessions of this person at once.
    session_generation = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ("email",)
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = normalise_email(self.email)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password if raw_password is None else normalise_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return raw_password is not None and super().check_password(normalise_password(raw_password))

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Django calls this once for each secret key that is still valid, so that a rotation signs nobody out.
        value = f"{self.password}:{self.session_generation}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_owner(self) -> bool:
        return self.is_active and self.role == Role.OWNER

    @property
    def may_change(self) -> bool:
        """Whether this person may change what is in the cellar."""
        return self.is_active and self.role in {Role.OWNER, Role.MEMBER}

    # What Django admin asks. Only the owner gets in; what is read-only there is decided by each ModelAdmin.
    @property
    def is_staff(self) -> bool:
        return self.is_owner

    @property
    def is_superuser(self) -> bool:
        return self.is_owner

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_owner

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_owner


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


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete what is only ever added to."""


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The security log is only added to.")

    def bulk_update(self, objs: Any, fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        raise AppendOnlyError("The security log is only added to.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The security log is only added to.")

    def forget_before(self, moment: datetime) -> int:
        """Delete what is older than the log is kept; the one way a line ever leaves it."""
        return models.QuerySet.delete(self.filter(created_at__lt=moment))[0]

    def about(self, person: User) -> SecurityEventQuerySet:
        """What this person did, and what was done to this person."""
        return self.filter(models.Q(actor=person) | models.Q(person=person))


class SecurityEvent(BaseModel):
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
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The security log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The security log is only added to.")
