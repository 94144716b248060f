"""What WineBox writes to people about who they are here."""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import security
from accounts.models import Invitation, User
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


def reset(*, to: str, url: str) -> EmailMultiAlternatives:
    """Return the letter with the link for a new password."""
    subject = _("A new password for the wine cellar")
    return letters.write(to=to, subject=subject, template="reset", context={"url": url})


def verification(*, to: str, name: str, url: str) -> EmailMultiAlternatives:
    """Return the letter that asks whether the new address is right."""
    subject = _("Is this your new e-mail address?")
    return letters.write(to=to, subject=subject, template="verification", context={"name": name, "url": url})


def tell_password_changed(person: User) -> None:
    _tell(person.email, _("Your password was changed"), _("The password of your account was changed."))


def tell_email_changed(person: User, *, before: str) -> None:
    """Tell it to the old address: whoever took the account has the new one."""
    what = _("From now on you sign in with %(email)s instead of this address.") % {"email": person.email}
    _tell(before, _("Your e-mail address was changed"), what)


def tell_new_device(person: User, *, browser: str) -> None:
    what = _("Somebody signed in with your password on a device that was not used before: %(browser)s.")
    _tell(person.email, _("Your account was opened on a new device"), what % {"browser": browser})


def tell_second_factor(person: User, *, what: str) -> None:
    _tell(person.email, _("Your second factor was changed"), what)


def tell_locked_out(email: str, *, person: User | None) -> None:
    """Tell whoever has this address; where nobody has it, do the same work and tell nobody."""
    what = _("There were too many wrong passwords or codes. Signing in from there is refused for a while.")
    _tell(email, _("Somebody tried to sign in as you"), what, really=person is not None and person.is_active)


def _tell(to: str, subject: str, what: str, *, really: bool = True) -> None:
    """Write about what happened just now, and do not wait for the mail service."""
    context = {
        "what": what,
        "moment": timezone.now(),
        "address": security.address_of_request(),
        "url": letters.address_of(reverse("reset_ask")),
    }
    letter = letters.write(to=to, subject=subject, template="notice", context=context)
    if really:
        letters.post(letter)
