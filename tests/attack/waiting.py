"""Waiting for what has to pass by itself."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], *, seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, f"it did not come within {seconds:.0f} seconds"
        time.sleep(3)
