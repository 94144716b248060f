"""What is made of the whole catalogue and kept in memory until the catalogue changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from cellar.models import CatalogueState

Made = TypeVar("Made")


class Versioned(Generic[Made]):
    """Something this process makes when it is first asked for, and again when the catalogue has another version.

    Whichever process changed the catalogue, the version in the database tells. Who asks meanwhile waits.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[UUID | None, Made] | None = None

    def get(self) -> Made:
        # Asked before the wines are read: what is written while they are read has a later version.
        state = CatalogueState.current()
        version = state.version if state else None
        made = self._made
        if made is not None and made[0] == version:
            return made[1]
        with self._lock:
            if self._made is None or self._made[0] != version:
                self._made = version, self._make()
            return self._made[1]
