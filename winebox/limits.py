"""How often a person or an address may do something within a while; `winebox.counters` is where it is counted."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from ipaddress import ip_network
from math import ceil
from typing import Any, Literal, TypeVar, cast

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponseBase
from django_ratelimit import ALL
from django_ratelimit.core import get_usage
from django_ratelimit.exceptions import Ratelimited

from winebox.addresses import client_address

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# For whom is counted: an address, a person, the one where there is no other, or what a function says.
Key = Literal["ip", "user", "user_or_ip"] | Callable[[str, HttpRequest], str]

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
MINUTE = 60  # seconds
# A search is sent while it is being typed, five times a second at most, and somebody may well search for a minute.
SEARCHES_PER_CHANGE = 5


class TooMuch(Ratelimited):  # type: ignore[misc]
    """The limit is reached; there is room again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = max(1, seconds)


def changes_rate(group: str, request: HttpRequest) -> str:
    """Return how many changes one person may make, in django-ratelimit's notation; an export or a backup is one too."""
    return f"{settings.RATE_LIMIT_PER_MINUTE}/m"


def limited(
    *,
    group: str,
    rate: str | Callable[[str, HttpRequest], str],
    key: Key = "user_or_ip",
    method: str | Sequence[str | None] = CHANGING,
) -> Callable[[View], View]:
    """Refuse what is more than `rate` with 429; all views of a group count together. `method=ALL` counts every one."""

    methods = [method] if isinstance(method, str) else method

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if methods == ALL or request.method in methods:
                often = rate(group, request) if callable(rate) else rate
                _count(request, group, _who(key, group, request), often)
            return view(request, *args, **kwargs)

        return cast(View, counted)

    return decorate


def _count(request: HttpRequest, group: str, who: str, rate: str) -> None:
    # Who was refused is refused from memory until there is room again: a flood writes nothing.
    full = f"full.{hashlib.sha256(f'{group} {rate} {who}'.encode()).hexdigest()}"
    wait = cache.get(full, 0) - time.time()
    if wait > 0:
        raise TooMuch(ceil(wait))
    usage = get_usage(request, group=group, key=lambda _group, _request: who, rate=rate, increment=True)
    if usage and usage["should_limit"]:
        seconds = max(1, usage["time_left"])
        cache.set(full, time.time() + seconds, seconds)
        raise TooMuch(seconds)


def _who(key: Key, group: str, request: HttpRequest) -> str:
    if callable(key):
        return key(group, request)
    user = request.user
    return str(user.pk) if key == "user" or (key == "user_or_ip" and user.is_authenticated) else _network(request)


def _network(request: HttpRequest) -> str:
    """Return the client's address; of IPv6 the network, because whoever has one address there has all of them."""
    address = client_address(request)
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


limit_changes = limited(group="changes", rate=changes_rate)
# Reading a label takes seconds of a processor, or money.
_READINGS, _READING_RATE = "readings", "20/m"
limit_readings = limited(group=_READINGS, rate=_READING_RATE)


def count_reading(request: HttpRequest) -> None:
    """Count a reading that only some of what a page is sent asks for; raises TooMuch."""
    _count(request, _READINGS, _who("user_or_ip", _READINGS, request), _READING_RATE)


def limit_searches(view: View) -> View:
    """Refuse to search all the time. Counted in memory, because reading pages write nothing: per process, and anew."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("q"):
            _count_search(_who("user_or_ip", "searches", request))
        return view(request, *args, **kwargs)

    return cast(View, counted)


def _count_search(who: str) -> None:
    now = int(time.time())
    key = f"searches.{who}.{now // MINUTE}"
    cache.add(key, 0, MINUTE)
    if cache.incr(key) > SEARCHES_PER_CHANGE * settings.RATE_LIMIT_PER_MINUTE:
        raise TooMuch(MINUTE - now % MINUTE)


def take(name: str, *, limit: int, seconds: int) -> int:
    """Take one of the `limit` tries that `name` has in so many seconds; return 0, or how long until there are new ones.

    However many take at the same moment, on however many servers, exactly that many get one.
    """
    key, left = _key(name, seconds)
    caches["limits"].add(key, 0, left)
    return 0 if caches["limits"].incr(key) <= limit else left


def give_back(name: str, *, seconds: int) -> None:
    """Return a try that should not have counted after all."""
    key, _left = _key(name, seconds)
    if caches["limits"].get(key):
        caches["limits"].decr(key)


def seconds_left(name: str, *, limit: int, seconds: int) -> int:
    """Return how long `name` has no try left, or 0 where it has one."""
    key, left = _key(name, seconds)
    return left if caches["limits"].get(key, 0) >= limit else 0


def exhausted(names: Iterable[str], *, limit: int, seconds: int) -> set[str]:
    """Return which of the names have no try left."""
    keys = {_key(name, seconds)[0]: name for name in names}
    return {keys[key] for key, count in caches["limits"].get_many(keys).items() if count >= limit}


def forget(name: str, *, seconds: int) -> None:
    """Let `name` have all tries again."""
    caches["limits"].delete(_key(name, seconds)[0])


def _key(name: str, seconds: int) -> tuple[str, int]:
    """Return where the present while is counted, and how long it lasts."""
    now = int(time.time())
    return f"{hashlib.sha256(name.encode()).hexdigest()}.{now // seconds}", seconds - now % seconds
