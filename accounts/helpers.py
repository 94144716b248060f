"""Helpers: a link for somebody who looks after one place for a day. What the place is, only the cellar knows."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts import access_links, people, security
from accounts.access_links import Purpose
from accounts.models import AccessLink, Role, User
from winebox.databases import settled

# Nobody helps for longer: an hour to use the link, and half a day.
RECENT = timedelta(days=1)


def invite(*, scope: str, name: str, actor: User) -> tuple[AccessLink, str]:
    """Make a link for one place; return it with its secret, which exists only here and now."""
    token = access_links.make(purpose=Purpose.HELPER, person=None, made_by=actor, scope=scope, name=name)
    security.record(kind=security.Kind.LINK_CREATED, actor=actor, subject=name, detail=f"helper: {scope}")
    return access_links.find(token, purpose=Purpose.HELPER), token


def path_of(token: str) -> str:
    return reverse("help_here", args=[token])


def links_to(scope: str) -> list[AccessLink]:
    """Return the links to a place that wait, and those by which somebody helps there now."""
    latest = AccessLink.objects.filter(purpose=Purpose.HELPER, scope=scope, created_at__gt=timezone.now() - RECENT)
    return [link for link in latest.select_related("person") if link.is_waiting or _helps(link)]


def _helps(link: AccessLink) -> bool:
    return link.person is not None and link.person.is_active


def revoke(*, link: AccessLink, actor: User) -> None:
    """Make a link worthless that nobody has used yet."""
    if AccessLink.objects.filter(pk=link.pk, purpose=Purpose.HELPER).revoke():
        security.record(kind=security.Kind.LINK_REVOKED, actor=actor, subject=link.name, detail="helper")


@settled
def accept(*, token: str) -> User:
    """Let a helper in; what they do is in the history under their name."""
    link = access_links.find(token, purpose=Purpose.HELPER)
    with access_links.using(link):
        helper = User(email=f"{uuid.uuid4()}@helper.invalid", name=link.name, role=Role.HELPER, scope=link.scope)
        helper.set_unusable_password()
        helper.save()
        AccessLink.objects.filter(pk=link.pk).update(person=helper)
    security.record(kind=security.Kind.USER_CREATED, actor=link.made_by, subject=helper, detail=f"helper: {link.name}")
    security.record(kind=security.Kind.LINK_USED, actor=helper, subject=helper, detail="helper")
    return helper


def end(*, helper: User, actor: User) -> None:
    """Send a helper home: the session ends at once."""
    people.deactivate(person=helper, actor=actor)
