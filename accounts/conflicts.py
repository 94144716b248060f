"""Two people who change the same thing at the same moment."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from winebox import databases

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 8
LONGEST_PAUSE = 0.2  # seconds


def settled(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb again when the database refused it for no other reason than another one at the same moment."""

    @wraps(verb)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                return verb(*args, **kwargs)
            except Exception as error:
                if not (databases.is_conflict(error) and databases.may_try_again()):
                    raise
            # Those who try again are spread, or they would meet again.
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311
        return verb(*args, **kwargs)

    return again
