"""The first owner: a link that the server prints while nobody owns the household, good for one use."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import people, security
from accounts.links import hash_secret, new_secret
from accounts.models import Role, SetupCode, User
from winebox.databases import atomic, settled

PURPOSE = "set-up"


class SetupClosedError(Exception):
    """This set-up link does not work, or no longer."""


def is_owned() -> bool:
    """Whether the household has an owner."""
    return User.objects.owners().exists()


def startup_notice(base_url: str) -> list[str]:
    """Return the lines that the server prints when it starts; none when the household has an owner."""
    if is_owned():
        return []
    return [
        _("Nobody owns this cellar yet. Create the first owner here, once:"),
        f"  {base_url.rstrip('/')}{setup_path()}",
    ]


def setup_path() -> str:
    """Return the path of a new set-up link; every earlier one is dead."""
    code = new_secret()
    SetupCode.objects.update_or_create(pk=SetupCode.THE_ONE, defaults={"code_hash": hash_secret(code), "used_at": None})
    return reverse("setup_owner", args=[code])


def is_open(code: str) -> bool:
    """Whether this link would create the first owner; a refusal is recorded."""
    waiting = SetupCode.objects.filter(code_hash=hash_secret(code), used_at=None).exists()
    if waiting and not is_owned():
        return True
    security.record(kind=security.Kind.LINK_REFUSED, detail=PURPOSE)
    return False


@settled
def create_first_owner(*, code: str, email: str, name: str, password: str) -> User:
    """Create the owner of the household; of two who try at once, one does it."""
    if not is_open(code):
        raise SetupClosedError
    now = timezone.now()
    waiting = SetupCode.objects.filter(code_hash=hash_secret(code))
    try:
        with atomic():
            if not waiting.filter(used_at=None).update(used_at=now, updated_at=now):
                raise SetupClosedError
            owner = people.add(email=email, name=name, role=Role.OWNER, password=password)
    except SetupClosedError:
        security.record(kind=security.Kind.LINK_REFUSED, detail=PURPOSE)
        raise
    except people.EmailTakenError:
        # A MongoDB without transactions takes nothing back by itself.
        waiting.filter(used_at=now).update(used_at=None)
        raise
    security.record(kind=security.Kind.LINK_USED, actor=owner, subject=owner, detail=PURPOSE)
    return owner
