"""What WineBox writes to people about who they are here."""

from django.utils.translation import gettext as _

from accounts.models import Invitation
from winebox import letters
from winebox.letters import Delivery


def send_invitation(*, invitation: Invitation, url: str) -> Delivery:
    """Mail the link to the invited person."""
    inviter = str(invitation.invited_by)
    return letters.send(
        letters.write(
            to=invitation.email,
            subject=_("%(name)s invites you to the wine cellar") % {"name": inviter},
            template="invitation",
            context={"invitation": invitation, "inviter": inviter, "url": url},
        )
    )
