"""A server that speaks MongoDB's protocol, within the process of the tests."""

import atexit
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from secantus import SecantusDBServer, aggregate

Handler = Callable[..., Any]


def start() -> str:
    """Start a server with an empty store of its own and return its URL; it goes when the process ends."""
    for stage in ("$project", "$addFields"):
        aggregate._STAGES[stage] = with_paths(aggregate._STAGES[stage])
    server = SecantusDBServer(storage_path=":memory:")
    server.start()
    atexit.register(server.stop)
    return f"{server.uri}winebox"


def with_paths(handler: Handler) -> Handler:
    """Make a stage read a nested document as MongoDB does, as paths; this server takes it for a value.

    `{"wine": {"name": "$name"}}` and `{"wine.name": "$name"}` mean the same in `$project` and `$addFields`, and the
    first is how `select_related` and an order by a related field arrive.
    """

    @functools.wraps(handler)
    def read(spec: Any, *args: Any) -> Any:
        return handler(dict(_paths(spec)) if isinstance(spec, Mapping) else spec, *args)

    return read


def _paths(spec: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in spec.items():
        # A document whose first key begins with "$" is an expression, such as {"$sum": …}.
        nested = isinstance(value, Mapping) and value and not next(iter(value)).startswith("$")
        if nested:
            yield from _paths(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
