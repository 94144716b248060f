"""What a reading may cost: seconds of one processor, of the programs it starts and of what is made of their words."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field

# A reading takes at most four seconds of work. What is not here is for the last comparison, and for the fields.
MOST_WORK = 3.6
# A program is ended after whole seconds alone.
LEAST_WORK = 1
# Seconds of waiting, on a machine that does other things, after which nothing more is begun.
MOST_WAITING = 12.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a reading's time; it is used by the thread that made it."""

    work: float
    _begun: float = field(default_factory=lambda: worked())
    _clock: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        if time.monotonic() - self._clock > MOST_WAITING:
            return 0.0
        return self.work - (worked() - self._begun)

    def allows(self, work: float) -> bool:
        """Say whether something may be begun that will take about so much work."""
        return self.left >= max(work, LEAST_WORK)

    def without(self, work: float) -> Budget:
        """Return the same budget with so much set aside."""
        return Budget(self.work - work, self._begun, self._clock)


def worked() -> float:
    """Return the seconds of work of this thread, and of all programs that this process started and that ended."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + programs.ru_utime + programs.ru_stime
