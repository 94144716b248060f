"""A database that fails at the n-th write, on each engine by its own means."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pymongo.collection
import pytest
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")
MONGODB_WRITES = ("insert_many", "update_many", "delete_many")


class FaultError(Exception):
    """The write that did not happen."""


class Fuse:
    """Blows once, at the n-th write; what is written afterwards, to clean up, gets through."""

    def __init__(self, number: int) -> None:
        self.left = number

    @property
    def has_blown(self) -> bool:
        return self.left <= 0

    def count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise FaultError


@contextmanager
def fault_at(number: int) -> Iterator[Fuse]:
    """Let the n-th write within the block fail."""
    fuse = Fuse(number)
    if connection.vendor == "mongodb":
        with pytest.MonkeyPatch.context() as patch:
            for name in MONGODB_WRITES:
                patch.setattr(pymongo.collection.Collection, name, _guarded(name, fuse))
            yield fuse
    else:

        def execute(run: Callable[..., Any], sql: str, *args: Any) -> Any:
            if sql.lstrip().upper().startswith(WRITES):
                fuse.count()
            return run(sql, *args)

        with connection.execute_wrapper(execute):
            yield fuse


def _guarded(name: str, fuse: Fuse) -> Callable[..., Any]:
    method = getattr(pymongo.collection.Collection, name)

    def write(self: Any, *args: Any, **kwargs: Any) -> Any:
        if name == "insert_many" and fuse.left == 1 and len(args[0]) > 1:
            # A server without transactions may go away in the middle of a bulk.
            method(self, args[0][: len(args[0]) // 2], *args[1:], **kwargs)
        fuse.count()
        return method(self, *args, **kwargs)

    return write
