"""How much work one request may cause: seconds of its thread, whatever else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar

from terminology.issue import Refused, issue
from terminology.messages import TOO_COSTLY_TIME

SECONDS = 4.0  # of the thread's processor time, for all codes of a set
ONE = 1.0  # the same, for one code
STEPS_PER_CODE = 10  # that a look at one code counts for
STEPS_PER_LOOK = 5_000  # between two looks at the clock: about a millisecond


# whether nobody waits any more for what the thread works out
given_up: ContextVar[Callable[[], bool]] = ContextVar("given_up", default=lambda: False)
Spend = Callable[[int], None]  # is told steps of work, and may raise


def free(steps: int) -> None:
    """Steps that nobody counts."""


class Budget:
    """The time that work on one value set may take, from here on; for use in one thread.

    `origin` is the canonical of the value set, for the message.
    """

    def __init__(self, origin: str, seconds: float | None = None) -> None:
        self._origin = origin
        self._seconds = SECONDS if seconds is None else seconds
        self._last = time.thread_time() + SECONDS
        self._given_up = given_up.get()
        self.begin()

    def begin(self) -> None:
        """Gives the whole time again, for another code; all codes have no more than a set has."""
        self._end = min(time.thread_time() + self._seconds, self._last)
        self._steps = 0

    def spend(self, steps: int) -> None:
        """Counts steps, of less than a microsecond each; raises Refused when the time is over."""
        self._steps += steps
        if self._steps >= STEPS_PER_LOOK:
            self._steps = 0
            self.look()

    def look(self) -> None:
        """Raises Refused when the time is over, or nobody waits any more."""
        if time.thread_time() >= self._end or self._given_up():
            raise Refused(issue(TOO_COSTLY_TIME, self._origin, self._seconds))
