"""What is in an archive of people, and what is not."""

from collections.abc import Callable, Iterator, Sequence

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Role, SecurityEvent
from winebox.archive.parts import Part, Row

Kind = SecurityEvent.Kind


def end_all_sessions() -> Sequence[str]:
    """Sign everybody out: who a session belonged to may be somebody else now."""
    Session.objects.all().delete()
    return []


def owners_of(rows: Callable[[str], Iterator[Row]]) -> Sequence[str]:
    """Tell who can sign in as owner after this archive is restored."""
    owners = [str(row["email"]) for row in rows("accounts.user") if row["role"] == Role.OWNER and row["is_active"]]
    if not owners:
        return [_("Nobody in it is an owner: the server prints a set-up link when it is started again.")]
    return [_("Owners who can sign in afterwards: %(people)s.") % {"people": ", ".join(owners)}]


part = Part(
    app="accounts",
    is_content=False,
    left_out={
        "accesslink": "a link that was mailed ends within days, and is asked for again",
        "device": "where people are signed in belongs to the sessions, which are not kept either",
        "secondfactor": "a secret; whoever has the file could sign in with it",
        "recoverycode": "belongs to the second factor",
        "setupcode": "the set-up link belongs to the server that printed it",
    },
    names={
        "user": _lazy("people"),
        "invitation": _lazy("invitations"),
        "householdrules": _lazy("rules of the household"),
        "securityevent": _lazy("events of the security log"),
    },
    only={
        # What a server did with archives is told by that server; otherwise no two backups would be the same.
        "securityevent": ~Q(kind__in=[Kind.BACKED_UP, Kind.RESTORED]),
    },
    finish=end_all_sessions,
    tell=owners_of,
)
