"""What can be done with the people of the household; each verb writes its line into the security log."""

from typing import Any

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import devices, lockout, mails, security
from accounts.models import Role, User, normalise_email
from winebox.databases import atomic, settled


class PersonError(Exception):
    """Something that cannot be done with a person; its text is for people."""


class EmailTakenError(PersonError):
    def __init__(self) -> None:
        super().__init__(_("Somebody in this household already uses this e-mail address."))


class LastOwnerError(PersonError):
    def __init__(self) -> None:
        super().__init__(
            _("This is the only owner, and a household needs one. Nothing was changed: make somebody else owner first.")
        )


def add(*, email: str, name: str, role: Role | str, password: str, actor: User | None = None) -> User:
    """Create a person whose password has passed the rules."""
    try:
        with atomic():
            person = User.objects.create_user(email=email, name=name, role=role, password=password)
    except IntegrityError as error:
        raise EmailTakenError from error
    security.record(kind=security.Kind.USER_CREATED, actor=actor or person, subject=person, detail=person.role)
    return person


def change_role(*, person: User, role: Role | str, actor: User | None) -> None:
    """Give a person another role, unless nobody would own the household then."""
    if person.role == role:
        return
    before = person.role
    _change(person, role=Role(role))
    security.record(kind=security.Kind.ROLE_CHANGED, actor=actor, subject=person, detail=f"{before} → {person.role}")


def deactivate(*, person: User, actor: User | None) -> None:
    """Lock a person out of the site and end all their sessions; what they did stays in the history."""
    if not person.is_active:
        return
    _change(person, is_active=False, session_generation=F("session_generation") + 1)
    devices.end_all(person)
    security.record(kind=security.Kind.DEACTIVATED, actor=actor, subject=person)


def reactivate(*, person: User, actor: User | None) -> None:
    """Let a deactivated person in again, with the password and the role they had."""
    if person.is_active:
        return
    _change(person, is_active=True)
    security.record(kind=security.Kind.REACTIVATED, actor=actor, subject=person)


def unlock(*, person: User, actor: User | None) -> None:
    """Let a person who is locked out after failed sign-ins try again at once."""
    lockout.forget_failures(person)
    security.record(kind=security.Kind.UNLOCKED, actor=actor, subject=person)


def sign_out_everywhere(*, person: User, actor: User | None) -> None:
    """End all sessions of a person, on every device."""
    _change(person, session_generation=F("session_generation") + 1)
    devices.end_all(person)
    security.record(kind=security.Kind.SIGNED_OUT_EVERYWHERE, actor=actor, subject=person)


def change_password(*, person: User, password: str, actor: User | None) -> None:
    """Set a password that has passed the rules; all sessions of the person end."""
    person.set_password(password)
    person.session_generation += 1
    person.save(update_fields=["password", "session_generation", "updated_at"])
    devices.end_all(person)
    security.record(kind=security.Kind.PASSWORD_CHANGED, actor=actor, subject=person)
    mails.tell_password_changed(person)


def rename(*, person: User, name: str) -> None:
    """Change how a person is called."""
    person.name = name
    person.save(update_fields=["name", "updated_at"])


def change_email(*, person: User, email: str, actor: User | None) -> None:
    """Change the address with which a person signs in; all sessions of the person end."""
    before = person.email
    try:
        _change(person, email=normalise_email(email), session_generation=F("session_generation") + 1)
    except IntegrityError as error:
        raise EmailTakenError from error
    devices.end_all(person)
    security.record(kind=security.Kind.EMAIL_CHANGED, actor=actor, subject=person, detail=f"{before} → {person.email}")
    mails.tell_email_changed(person, before=before)


@settled
def _change(person: User, **changes: Any) -> None:
    """Write these fields of a person, unless nobody would own the household then."""
    before = {name: getattr(person, name) for name in changes}
    now = timezone.now()
    with atomic():
        # Writing to every owner makes a second change wait here: two owners cannot demote each other at once.
        User.objects.owners().update(updated_at=now)
        had_owner = User.objects.owners().exists()
        User.objects.filter(pk=person.pk).update(**changes, updated_at=now)
        if had_owner and not User.objects.owners().exists():
            # A MongoDB without transactions takes nothing back by itself.
            User.objects.filter(pk=person.pk).update(**before)
            raise LastOwnerError
    person.refresh_from_db()
