"""Sessions in the database, each with a last moment beyond which no use prolongs it."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

# The key under which a session keeps its last moment, in seconds since 1970.
ENDS = "ends"


class SessionStore(DatabaseSessionStore):
    def get_expiry_age(self, **kwargs: Any) -> int:
        age = super().get_expiry_age(**kwargs)
        return min(age, self[ENDS] - int(timezone.now().timestamp())) if ENDS in self else age

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        date = super().get_expiry_date(**kwargs)
        return min(date, datetime.fromtimestamp(self[ENDS], UTC)) if ENDS in self else date
