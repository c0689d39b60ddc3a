"""Claim: durable creates of many clients share a commit and go far faster than those of one."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from load import measure, request
from race import claim
from servers import in_turn, observations, served

SECONDS = 1.5


def main() -> None:
    """Races 64 clients against one; every create is synced to disk before it is answered."""
    posts = [request("POST", "/fhir/Observation", body) for _, body in observations(64)]
    with served("store") as server:

        def job(clients: int) -> float:
            return measure(server.port, posts, clients, SECONDS, b"HTTP/1.1 201")()

        rates = in_turn({"64": lambda: job(64), "1": lambda: job(1)})
    name = f"durable creates, 64 clients (vs 1; a sync takes {1000 * sync():.2f} ms here)"
    claim(name, rates["64"], rates["1"], "creates/s")


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
