"""Which thread answers which request."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from winebox.lanes import SLOW_THREADS, Lanes

THREADS = 3
WAIT_SECONDS = 10


class Task:
    """What waitress hands to a thread: a connection with a request; it is answered when the test says so."""

    def __init__(self, method: str, path: str, *, go_on: threading.Event, error: Any = None) -> None:
        self.requests = [SimpleNamespace(command=method, path=path, error=error)]
        self.begun = threading.Event()
        self._go_on = go_on

    def service(self) -> None:
        self.begun.set()
        self._go_on.wait(WAIT_SECONDS)

    def cancel(self) -> None:
        return


@pytest.fixture
def go_on() -> threading.Event:
    return threading.Event()


@pytest.mark.parametrize("path", ["/accounts/sign-in/", "/accounts/reset/x/", "/setup/x/"])
def test_many_who_sign_in_leave_threads_for_pages(path: str, go_on: threading.Event) -> None:
    lanes = Lanes()
    lanes.set_thread_count(THREADS)
    attempts = [Task("POST", path, go_on=go_on) for _ in range(20)]
    pages = [Task("GET", "/wines/", go_on=go_on) for _ in range(THREADS)]
    for task in [*attempts, *pages]:
        lanes.add_task(task)
    assert all(page.begun.wait(WAIT_SECONDS) for page in pages)
    assert sum(attempt.begun.is_set() for attempt in attempts) <= SLOW_THREADS
    go_on.set()
    assert all(attempt.begun.wait(WAIT_SECONDS) for attempt in attempts)
    assert lanes.shutdown(timeout=WAIT_SECONDS)


def test_labels_that_are_read_leave_threads_for_pages_and_for_who_signs_in(go_on: threading.Event) -> None:
    lanes = Lanes()
    lanes.set_thread_count(THREADS)
    readings = [Task("POST", "/wines/add/read/", go_on=go_on) for _ in range(20)]
    others = [Task("POST", "/accounts/sign-in/", go_on=go_on), Task("POST", "/wines/add/", go_on=go_on)]
    for task in [*readings, *others]:
        lanes.add_task(task)
    assert all(task.begun.wait(WAIT_SECONDS) for task in others)
    assert sum(reading.begun.is_set() for reading in readings) <= SLOW_THREADS
    go_on.set()
    assert all(reading.begun.wait(WAIT_SECONDS) for reading in readings)
    assert lanes.shutdown(timeout=WAIT_SECONDS)


def test_looking_at_the_form_is_a_page_like_others_and_so_is_what_cannot_be_understood(go_on: threading.Event) -> None:
    lanes = Lanes()
    lanes.set_thread_count(2)
    tasks = [
        Task("GET", "/accounts/sign-in/", go_on=go_on),
        Task("POST", "", go_on=go_on, error="Bad Request"),
        Task("POST", "/accounts/sign-in/", go_on=go_on),
    ]
    for task in tasks:
        lanes.add_task(task)
    assert all(task.begun.wait(WAIT_SECONDS) for task in tasks)
    go_on.set()
    assert lanes.shutdown(timeout=WAIT_SECONDS)
