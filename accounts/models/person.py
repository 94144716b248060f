"""People and their roles."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
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
    # What a helper is confined to: an id that means something to the cellar and nothing here.
    scope = models.CharField(max_length=36, blank=True, editable=False)
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
    def stamp(self) -> str:
        """What a link is bound to: it is another one once the password or the address has changed."""
        return hashlib.sha256(f"{self.password}:{self.email}".encode()).hexdigest()

    @property
    def is_owner(self) -> bool:
        return self.is_active and self.role == Role.OWNER

    @property
    def may_change(self) -> bool:
        """Whether this person may change what is in the cellar."""
        return self.is_active and self.role in {Role.OWNER, Role.MEMBER}

    @property
    def confined_to(self) -> str | None:
        """The one place that a helper sees; None for everybody else."""
        return self.scope if self.role == Role.HELPER else None

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
