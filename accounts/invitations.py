"""Invitations: a link with which a new person joins the household, once."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import people, security
from accounts.links import Link, new_link, stored_form
from accounts.models import Invitation, Role, User, normalise_email
from winebox.databases import atomic, settled

PURPOSE = "invitation"


@dataclass(frozen=True)
class Invited:
    """An invitation with the secret of its link, which exists only here and now."""

    invitation: Invitation
    token: str


class InvitationError(Exception):
    """An invitation that does not work, or no longer; its text is for people and tells nothing about accounts."""

    def __init__(self) -> None:
        super().__init__(_("It was used, withdrawn or replaced, or it has expired. Ask who sent it for a new one."))


def invite(*, email: str, role: Role | str, actor: User) -> Invited:
    """Make an invitation; it replaces those the same address still has."""
    email = normalise_email(email)
    if User.objects.filter(email=email).exists():
        raise people.EmailTakenError
    link = new_link(purpose=PURPOSE)
    with atomic():
        for earlier in Invitation.objects.waiting().filter(email=email):
            revoke(invitation=earlier, actor=actor)
        invitation = Invitation.objects.create(
            email=email,
            role=Role(role),
            token_hash=link.stored,
            invited_by=actor,
            expires_at=timezone.now() + Invitation.LIFETIME,
        )
    return _created(invitation, link, actor)


def resend(*, invitation: Invitation, actor: User) -> Invited:
    """Give an invitation a new link and three more days; the old link is dead."""
    link = new_link(purpose=PURPOSE)
    changed = (
        Invitation.objects.waiting()
        .filter(pk=invitation.pk)
        .update(
            token_hash=link.stored,
            invited_by=actor,
            expires_at=timezone.now() + Invitation.LIFETIME,
            updated_at=timezone.now(),
        )
    )
    if not changed:
        raise InvitationError
    invitation.refresh_from_db()
    return _created(invitation, link, actor)


def revoke(*, invitation: Invitation, actor: User) -> None:
    """Make the link of an invitation worthless; one that was used stays used."""
    now = timezone.now()
    if Invitation.objects.waiting().filter(pk=invitation.pk).update(revoked_at=now, updated_at=now):
        security.record(kind=security.Kind.LINK_REVOKED, actor=actor, subject=invitation.email, detail=PURPOSE)


def find(token: str) -> Invitation:
    """Return the invitation that this link opens."""
    invitation = Invitation.objects.filter(token_hash=stored_form(token, purpose=PURPOSE)).first()
    reason = _why_not(invitation)
    if invitation is None or reason:
        subject = invitation.email if invitation else ""
        security.record(kind=security.Kind.LINK_REFUSED, subject=subject, detail=f"{PURPOSE}: {reason}")
        raise InvitationError
    return invitation


@settled
def accept(*, token: str, name: str, password: str) -> User:
    """Let the invited person in; of several at once, one gets in."""
    invitation = find(token)
    now = timezone.now()
    try:
        with atomic():
            if (
                not Invitation.objects.open()
                .filter(pk=invitation.pk, token_hash=invitation.token_hash)
                .update(used_at=now, updated_at=now)
            ):
                raise InvitationError
            person = people.add(email=invitation.email, name=name, role=invitation.role, password=password)
    except (InvitationError, people.EmailTakenError) as error:
        # Somebody was quicker. Not within the transaction, which takes back what is written in it.
        security.record(kind=security.Kind.LINK_REFUSED, subject=invitation.email, detail=f"{PURPOSE}: used")
        raise InvitationError from error
    security.record(kind=security.Kind.LINK_USED, actor=person, subject=person, detail=PURPOSE)
    return person


def _created(invitation: Invitation, link: Link, actor: User) -> Invited:
    security.record(
        kind=security.Kind.LINK_CREATED,
        actor=actor,
        subject=invitation.email,
        detail=f"{PURPOSE}: {invitation.role}",
    )
    return Invited(invitation=invitation, token=link.token)


def _why_not(invitation: Invitation | None) -> str:
    """Return for the log why an invitation lets nobody in; empty means that it does."""
    if invitation is None:
        return "unknown"
    if invitation.used_at:
        return "used"
    if invitation.revoked_at:
        return "revoked"
    if invitation.is_expired:
        return "expired"
    if not invitation.invited_by.is_owner:
        return "inviter is no owner any more"
    if User.objects.filter(email=invitation.email).exists():
        return "has an account"
    return ""
