"""Claim: reading a stored resource over HTTP is not far from answering with a constant."""

from __future__ import annotations

import asyncio
import statistics

from load import measure, rate, request
from race import claim
from servers import in_turn, observations, served

CLIENTS, SECONDS, COUNT = 16, 1.5, 2_000


def main() -> None:
    """Races reads of many resources against bare ASGI on the same uvicorn."""
    with served("bare") as bare, served("store") as store:
        puts = [request("PUT", f"/fhir/Observation/{i}", b) for i, b in observations(COUNT)]
        asyncio.run(rate(store.port, puts, CLIENTS, 3.0, b"HTTP/1.1 20"))
        reads = [request("GET", f"/fhir/Observation/{i}") for i, _ in observations(COUNT)]
        used: dict[str, list[float]] = {"ours": [], "bare": []}

        def job(name: str) -> float:
            server = store if name == "ours" else bare
            before = server.cpu()
            found = measure(server.port, reads, CLIENTS, SECONDS, b"HTTP/1.1 200")()
            used[name].append((server.cpu() - before) / (found * SECONDS))
            return found

        rates = in_turn({"ours": lambda: job("ours"), "bare": lambda: job("bare")})
    name = f"read one of {COUNT:,} resources over HTTP"
    claim(f"{name} (vs bare ASGI)", rates["ours"], rates["bare"], "requests/s")
    ours, reference = (1e6 * statistics.median(used[each]) for each in ("ours", "bare"))
    claim(f"{name}, server CPU (vs bare ASGI)", ours, reference, "us")


if __name__ == "__main__":
    main()
