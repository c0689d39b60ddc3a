"""Long work of terminology: how much of it runs at once, and that it ends where nobody waits for it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from fhir_server.terminology.working import work
from terminology.budget import Budget
from terminology.issue import Refused


def test_two_work_at_once_and_the_others_wait() -> None:
    at_work, most = [0], [0]
    lock = threading.Lock()

    def job(number: int) -> int:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.01)
        with lock:
            at_work[0] -= 1
        return number

    async def run() -> list[int]:
        return await asyncio.gather(*(work(job, n) for n in range(8)))

    assert asyncio.run(run()) == list(range(8))
    assert most == [2]


def test_work_that_nobody_waits_for_ends() -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless() -> None:
        budget = Budget("urn:x")
        begun.set()
        try:
            while True:
                budget.look()
                time.sleep(0.001)
        except Refused:
            ended.set()

    async def run() -> None:
        asked = asyncio.create_task(work(endless))
        await asyncio.to_thread(begun.wait)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(run())
    assert ended.wait(1)  # the budget has 4 s of processor time, which a sleeper never uses
