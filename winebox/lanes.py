"""Which thread answers which request: what hashes passwords has two of its own, so that it never takes all of them."""

from typing import Any

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

# As many as may hash at the same moment (accounts.hashers).
SLOW_THREADS = 2


class Lanes(ThreadedTaskDispatcher):  # type: ignore[misc]
    """The threads of waitress, with a second, narrow lane for the forms of `settings.SLOW_FORMS`.

    Otherwise eight people who sign in, or one who tries passwords, would have every thread wait for a turn to hash.
    """

    def __init__(self) -> None:
        super().__init__()
        self._slow = ThreadedTaskDispatcher()

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        self._slow.set_thread_count(min(count, SLOW_THREADS))

    def add_task(self, task: Any) -> None:
        request = task.requests[0]
        is_slow = not request.error and request.command == "POST" and request.path.startswith(settings.SLOW_FORMS)
        (self._slow.add_task if is_slow else super().add_task)(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        stopped = self._slow.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout)) and bool(stopped)
