"""Claim: reading a stored resource over HTTP is not far from answering with a constant."""

from __future__ import annotations

import asyncio
import statistics
from functools import partial

from load import measure, rate, request
from race import claim
from servers import in_turn, observations, served

CLIENTS, SECONDS, COUNT = 16, 1.5, 2_000


def main() -> None:
    """Races reads of many resources against bare ASGI, kept in memory or not."""
    with (
        served("bare") as bare,
        served("store") as store,
        served("uncached") as uncached,
        served("plain") as plain,
    ):
        servers = {
            "kept in memory": store,
            "from the database": uncached,
            "bare": bare,
            "plain": plain,
        }
        puts = [request("PUT", f"/fhir/Observation/{i}", b) for i, b in observations(COUNT)]
        for server in (store, uncached, plain):
            asyncio.run(rate(server.port, puts, CLIENTS, 60.0, b"HTTP/1.1 20", COUNT))
        reads = [request("GET", f"/fhir/Observation/{i}") for i, _ in observations(COUNT)]
        used: dict[str, list[float]] = {name: [] for name in servers}

        def job(name: str) -> float:
            server = servers[name]
            before = server.cpu()
            found = measure(server.port, reads, CLIENTS, SECONDS, b"HTTP/1.1 200")()
            used[name].append((server.cpu() - before) / (found * SECONDS))
            return found

        rates = in_turn({name: partial(job, name) for name in servers})
    reference = statistics.median(used["bare"])
    for name in ("kept in memory", "from the database"):
        said = f"read over HTTP, {COUNT:,} resources {name}"
        claim(f"{said} (vs bare ASGI)", rates[name], rates["bare"], "requests/s")
        ours = statistics.median(used[name])
        claim(f"{said}, server CPU (vs bare ASGI)", 1e6 * ours, 1e6 * reference, "us")
        other = 1e6 * statistics.median(used["plain"])
        claim(f"{said}, server CPU (vs FastAPI, SQLModel, fhir.resources)", 1e6 * ours, other, "us")


if __name__ == "__main__":
    main()
