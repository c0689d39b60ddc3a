"""Claim: durable creates of many clients share a commit and go far faster than those of one."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import uvloop
from bench_transaction import post
from load import measure, request
from race import claim
from servers import in_turn, observations, served, still, store

SECONDS = 1.5
SYNCS = 0.0005, 0.001, 0.002, 0.005  # seconds that a commit is made to take, beside the disk's own
AIM = 5_000.0  # creates a second of one core, validated and durable


def main() -> None:
    """Races 64 clients against one; every create is synced to disk before it is answered."""
    posts = [request("POST", "/fhir/Observation", body) for _, body in observations(64)]
    own = sync()
    for more in (0.0, *SYNCS):
        with served(str(more) if more else "store") as server:

            def job(clients: int, port: int = server.port) -> float:
                return measure(port, posts, clients, SECONDS, b"HTTP/1.1 201")()

            rates = in_turn({"64": lambda: job(64), "1": lambda: job(1)}, 3)
            before = server.cpu()
            found = job(64)
            over_http = found * SECONDS / (server.cpu() - before)
        name = f"durable creates, 64 clients (vs 1; a sync takes {1000 * (own + more):.2f} ms)"
        claim(name, rates["64"], rates["1"], "creates/s")
        if not more:
            name = "durable creates over HTTP, of one core (vs the aim)"
            claim(name, over_http, AIM, "creates/s")
    claim("durable creates in process, of one core (vs the aim)", in_process(), AIM, "creates/s")


def in_process() -> float:
    """Creates of 64 at a time in a CPU second of the app without HTTP's parser and sockets."""
    bodies = [body for _, body in observations(64)]

    async def create(app: Any, count: int) -> None:
        async def client(number: int) -> None:
            for _ in range(count):
                await post(app, "/fhir/Observation", bodies[number])

        await asyncio.gather(*(client(n) for n in range(len(bodies))))

    with (
        tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder,
        store(Path(folder)) as app,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(create(app, 40))
        still()
        started = time.process_time()
        runner.run(create(app, 100))
        return 100 * len(bodies) / (time.process_time() - started)


def sync() -> float:
    """Median seconds that the disk takes to make 4 KiB durable."""
    taken = []
    with tempfile.TemporaryFile(dir=Path(__file__).parent) as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
