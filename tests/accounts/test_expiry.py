"""What `manage.py clear_expired` removes of invitations"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import access_links, expiry
from accounts.access_links import Purpose
from accounts.models import AccessLink, Invitation
from tests.accounts.factories import make_invitation, make_owner

pytestmark = pytest.mark.django_db


def test_an_expired_invitation_stays_for_a_month() -> None:
    owner = make_owner()
    for days in (29, 31):
        invitation = make_invitation(by=owner, email=f"days{days}@example.org").invitation
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(days=days))
    assert expiry.clear()["invitations"] == 1
    assert Invitation.objects.get().email == "days29@example.org"


def test_a_dead_link_stays_for_a_month() -> None:
    person = make_owner()
    for days in (29, 31):
        access_links.make(purpose=Purpose.RESET, person=person, lifetime=-timedelta(days=days), name=str(days))
    assert expiry.clear()["links"] == 1
    assert AccessLink.objects.get().name == "29"
