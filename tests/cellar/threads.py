"""Several people at once: threads with connections of their own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

WAIT_SECONDS = 180


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the calls at the same time and return what each returned or raised, in their order."""
    results: list[Any] = [None] * len(calls)
    together = threading.Barrier(len(calls))

    def run(number: int) -> None:
        try:
            together.wait(WAIT_SECONDS)
            results[number] = calls[number]()
        except Exception as problem:
            results[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number], daemon=True) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
        assert not thread.is_alive(), "a thread waits for ever"
    return results
