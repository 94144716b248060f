"""What is in an archive of people, and what is not."""

from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db.models import Q

from accounts.models import SecurityEvent
from winebox.archive.parts import Part

Kind = SecurityEvent.Kind


def end_all_sessions() -> Sequence[str]:
    """Sign everybody out: who a session belonged to may be somebody else now."""
    Session.objects.all().delete()
    return []


part = Part(
    app="accounts",
    is_content=False,
    left_out={
        "accesslink": "a link that was mailed ends within days, and is asked for again",
        "device": "where people are signed in belongs to the sessions, which are not kept either",
        "setupcode": "the set-up link belongs to the server that printed it",
    },
    only={
        # What a server did with archives is told by that server; otherwise no two backups would be the same.
        "securityevent": ~Q(kind__in=[Kind.BACKED_UP, Kind.RESTORED]),
    },
    finish=end_all_sessions,
)
