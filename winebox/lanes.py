"""Which thread answers which request: what takes long has few of its own, so that it never takes all of them."""

from typing import Any

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

# For passwords as many as may hash at the same moment (accounts.hashers).
SLOW_THREADS = 2


class Lanes(ThreadedTaskDispatcher):  # type: ignore[misc]
    """The threads of waitress, with a narrow lane beside them for each kind of form in `settings.SLOW_FORMS`.

    Otherwise eight people who sign in, or one who tries passwords, would have every thread wait for a turn to hash;
    and labels that are read would keep those waiting who sign in.
    """

    def __init__(self) -> None:
        super().__init__()
        self._slow = {addresses: ThreadedTaskDispatcher() for addresses in settings.SLOW_FORMS}

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        for lane in self._slow.values():
            lane.set_thread_count(min(count, SLOW_THREADS))

    def add_task(self, task: Any) -> None:
        request = task.requests[0]
        if not request.error and request.command == "POST":
            for addresses, lane in self._slow.items():
                if request.path.startswith(addresses):
                    lane.add_task(task)
                    return
        super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        stopped = [lane.shutdown(cancel_pending, timeout) for lane in self._slow.values()]
        return bool(super().shutdown(cancel_pending, timeout)) and all(stopped)
