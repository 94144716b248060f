"""Making thousands of rows without the search for garbage that would be done again and again meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_later() -> Iterator[None]:
    """Put off the search for rings of objects that nobody needs; what is in no ring is freed at once, as always.

    Rows that are being made are no garbage, and looking through all of them each time some hundred have come took a
    tenth of an import's work.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
