"""Sessions in the database, each with a last moment beyond which no use prolongs it."""

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from winebox.databases import cannot_store, is_away

# The key under which a session keeps its last moment, in seconds since 1970.
ENDS = "ends"


class SessionStore(DatabaseSessionStore):
    # Whether all there is to write is that the session was used; that may be lost, and the page is shown all the same.
    was_only_used = False

    def save(self, must_create: bool = False) -> None:
        """Write the session; Django takes every failure for a session that is gone, and this tells them apart."""
        try:
            super().save(must_create)
        except UpdateError as error:
            reason = error.__context__
            if not (is_away(reason) or cannot_store(reason)):
                raise
            if not self.was_only_used:
                raise cast(Exception, reason) from None

    def get_expiry_age(self, **kwargs: Any) -> int:
        age = super().get_expiry_age(**kwargs)
        return min(age, self[ENDS] - int(timezone.now().timestamp())) if ENDS in self else age

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        date = super().get_expiry_date(**kwargs)
        return min(date, datetime.fromtimestamp(self[ENDS], UTC)) if ENDS in self else date
