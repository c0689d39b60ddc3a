"""What may take long in terminology: on two threads, and given up where nobody waits for it.

Its steps hold the interpreter: more threads would not be faster, and leave the event loop less.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import ParamSpec, TypeVar

from terminology.budget import given_up

P = ParamSpec("P")
T = TypeVar("T")
THREADS = ThreadPoolExecutor(2, "terminology")


async def work(job: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What a job gives, once it had its turn; cancelled, it ends at the next look at its budget."""
    left = Event()

    def run() -> T:
        token = given_up.set(left.is_set)
        try:
            return job(*given, **named)
        finally:
            given_up.reset(token)

    try:
        return await asyncio.get_running_loop().run_in_executor(THREADS, run)
    finally:
        left.set()
