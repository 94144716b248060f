"""What `manage.py clear_expired` removes of invitations"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import expiry
from accounts.models import Invitation
from tests.accounts.factories import make_invitation, make_owner

pytestmark = pytest.mark.django_db


def test_an_expired_invitation_stays_for_a_month() -> None:
    owner = make_owner()
    for days in (29, 31):
        invitation = make_invitation(by=owner, email=f"days{days}@example.org").invitation
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(days=days))
    assert expiry.clear()["invitations"] == 1
    assert Invitation.objects.get().email == "days29@example.org"
