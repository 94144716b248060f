"""How old the last backup is: told by the security log, which every server of the household shares."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winebox import security_log

OLD = timedelta(days=7)


def last_backup() -> datetime | None:
    """Return when the last backup was made, by a page or a command, or None."""
    return security_log.newest("backed_up")


def warning() -> str:
    """Return what an owner should know, or nothing while there is a backup of this week."""
    at = last_backup()
    if at is None:
        return _("There is no backup yet.")
    age = timezone.now() - at
    if age < OLD:
        return ""
    days = age.days
    return ngettext("The last backup is %(n)d day old.", "The last backup is %(n)d days old.", days) % {"n": days}
