"""Where limits count in a household that has Redis. A module of its own: the library takes 8 MB, and few have one."""

import logging
import time
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from winebox.counters import LONGEST_SECONDS, DatabaseCounters

logger = logging.getLogger(__name__)

# How long a Redis that did not answer is left alone.
REST_SECONDS = 30


class RedisCounters(RedisCache):
    """Counts in Redis, and in the database while Redis does not answer: a limit never falls with it.

    A count that runs at that moment begins anew, so somebody may get the limit twice in that minute, and not more.
    """

    # For all threads: each has a cache object of its own, and not each should find out by itself.
    resting_until: ClassVar[float] = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._database = DatabaseCounters("", {})

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(self._ask("incr", key, delta, version))
        except ValueError:
            # Begun here before Redis went away, or there before it came back.
            return (
                delta if self.add(key, delta, LONGEST_SECONDS, version) else int(self._ask("incr", key, delta, version))
            )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, int]:
        return dict(self._ask("get_many", list(keys), version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask("set", key, value, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version))

    def _ask(self, what: str, *arguments: Any) -> Any:
        if time.monotonic() >= RedisCounters.resting_until:
            try:
                return getattr(super(), what)(*arguments)
            except RedisError as problem:
                RedisCounters.resting_until = time.monotonic() + REST_SECONDS
                logger.warning("Redis does not answer (%s): limits count in the database.", type(problem).__name__)
        return getattr(self._database, what)(*arguments)
