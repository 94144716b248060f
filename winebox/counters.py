"""Where limits count: in the database, so that a restart forgets nothing. With Redis, see `winebox.redis_counters`.

Both are cache backends, because that is what django-ratelimit counts with. They keep whole numbers and nothing else.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.utils import timezone

# What is counted under other names must not meet here.
NAMESPACE = uuid.UUID("7d1ac0de-5f0e-5c3b-9a52-6f2d3c5f8e11")
LONGEST_SECONDS = 24 * 3600
# So many times somebody else may be quicker before a counter gives up; each time, one of them got on.
ATTEMPTS = 200


class DatabaseCounters(BaseCache):
    """Counts by one conditional UPDATE: "make it 4 if it is 3". Whoever comes second counts from what is there then.

    No transaction is needed for that, nor a lock, so it is as exact on MongoDB as on SQLite and PostgreSQL: every
    caller gets a number of its own.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Begin to count at this value; return whether nobody had begun yet."""
        from winebox.models import Counter

        fresh = {"count": value, "expires_at": self._end(timeout)}
        counter, begun = Counter.objects.get_or_create(pk=self._id(key, version), defaults=fresh)
        now = timezone.now()
        if begun or counter.expires_at > now:
            return begun
        return bool(Counter.objects.over(now).filter(pk=counter.pk).update(**fresh))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on and return the number this call made; raise ValueError where nothing is being counted."""
        from winebox.models import Counter

        running = Counter.objects.running(timezone.now()).filter(pk=self._id(key, version))
        for _attempt in range(ATTEMPTS):
            count = running.values_list("count", flat=True).first()
            if count is None:
                raise ValueError(f"Nothing is counted as {key!r}.")
            following = max(0, count + delta)
            if running.filter(count=count).update(count=following):
                return following
        raise ValueError(f"Too many count {key!r} at once.")

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        from winebox.models import Counter

        running = Counter.objects.running(timezone.now()).filter(pk=self._id(key, version))
        count = running.values_list("count", flat=True).first()
        return default if count is None else count

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, int]:
        from winebox.models import Counter

        names = {self._id(key, version): key for key in keys}
        running = Counter.objects.running(timezone.now()).filter(pk__in=names)
        return {names[pk]: count for pk, count in running.values_list("pk", "count")}

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        from winebox.models import Counter

        fresh = {"count": value, "expires_at": self._end(timeout)}
        Counter.objects.update_or_create(pk=self._id(key, version), defaults=fresh)

    def delete(self, key: str, version: int | None = None) -> bool:
        from winebox.models import Counter

        return bool(Counter.objects.filter(pk=self._id(key, version)).delete()[0])

    def clear(self) -> None:
        from winebox.models import Counter

        Counter.objects.all().delete()

    def _id(self, key: str, version: int | None) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, self.make_and_validate_key(key, version=version))

    def _end(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + timedelta(seconds=LONGEST_SECONDS if seconds is None else seconds)


def clear() -> dict[str, int]:
    """Remove the counters whose time is over; return how many."""
    from winebox.models import Counter

    removed, _per_model = Counter.objects.over(timezone.now()).delete()
    return {"counters": removed}
