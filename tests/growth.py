"""How what a job takes grows with its size: told by ratios, which hold on machines of any speed."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 4  # the larger size, in smaller ones: takes 4 times as long, 16 where the square counts
MOST = 7.0
ATTEMPTS = 4  # other work on the machine makes one of them slow, hardly all


def linear(job: Callable[[int], object], size: int) -> bool:
    """Whether a job of `size` takes no more of the processor than in proportion to a quarter of it.

    Each call is of a size of its own, so that nothing that is remembered of others makes it quick.
    """
    _taken(job, max(size // 50, 1))  # what only the first call takes
    for attempt in range(ATTEMPTS):
        smaller = size // TIMES + attempt * (size // 100)
        if _taken(job, smaller * TIMES + 1) <= MOST * _taken(job, smaller):
            return True
    return False


def _taken(job: Callable[[int], object], size: int) -> float:
    """Processor seconds of the job, without those that looking for garbage takes at some time."""
    gc.disable()
    try:
        begun = time.process_time()
        job(size)
        return time.process_time() - begun
    finally:
        gc.enable()
