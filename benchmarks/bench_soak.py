"""Claims: memory is flat under a mixed load, once the store is loaded, and under creates alone.

`bench_soak.py [RESOURCES [SECONDS]]`; a full run is 100000 and 600. `bench_soak.py creates [SECONDS
[SERVER]]` creates alone; SERVER may be `whole`, with the terminology of MEDPARSER_DATA.
"""

from __future__ import annotations

import asyncio
import random
import sys

import orjson
from load import rate, request
from race import claim
from servers import OBSERVATION, observations, served

CLIENTS = 32
LOADED, SECONDS = 20_000, 60.0
PARTS = 6  # looks at the memory
FRESH = 40_000  # creates of a part at most, none like another


def mixed(count: int) -> list[bytes]:
    """Requests in the proportions of a ward: mostly reads, some searches, creates and updates."""
    draw = random.Random(5)  # noqa: S311 - made-up load
    made = []
    for turn in range(5_000):
        number = draw.randrange(count)
        body = orjson.dumps(
            {**OBSERVATION, "id": f"o{number}", "issued": f"20{turn % 80 + 10}-01-01T00:00:00Z"}
        )
        path = f"/fhir/Observation/o{number}"
        search = (
            f"/fhir/Observation?subject=Patient/p&code=http://loinc.org|718-7&_count={turn % 20}"
        )
        made.append(
            draw.choices(
                (
                    request("GET", path),
                    request("GET", search),
                    request("GET", f"{path}/_history"),
                    request("POST", "/fhir/Observation", body),
                    request("PUT", path, body),
                ),
                (60, 15, 5, 10, 10),
            )[0]
        )
    return made


def creates(first: int) -> list[bytes]:
    """Creates that share no patient, number or time with those of another `first`."""
    made = []
    for number in range(first, first + FRESH):
        body = {**OBSERVATION, "subject": {"reference": f"Patient/p{number}"}}
        del body["id"]
        body["identifier"] = [{"system": "http://lab", "value": f"{number}"}]
        body["valueQuantity"] = {**OBSERVATION["valueQuantity"], "value": number / 10}
        body["effectiveDateTime"] = f"{1900 + number % 150}-01-02T03:04:05Z"
        made.append(request("POST", "/fhir/Observation", orjson.dumps(body)))
    return made


def alone(seconds: float, kind: str) -> None:
    """Creates without a search between them, so that index rows are put off all the time."""
    with served(kind) as server:
        seen: list[float] = []
        for part in range(2 * PARTS):
            posts = creates(part * FRESH)
            each = seconds / PARTS / 2
            asyncio.run(rate(server.port, posts, CLIENTS, each, b"HTTP/1.1 201", len(posts)))
            seen.append(server.memory())
    told = ", ".join(f"{mb:.0f}" for mb in seen)
    name = f"memory after {seconds:.0f} s of creates alone ({told} MB on the way; vs halfway)"
    claim(name, seen[-1], seen[PARTS - 1], "MB")


def main() -> None:
    """Loads, then looks at the server's memory while it works."""
    if sys.argv[1:2] == ["creates"]:
        seconds, kind, *_ = (*sys.argv[2:], *(str(SECONDS), "store")[len(sys.argv) - 2 :])
        return alone(float(seconds), kind)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LOADED
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with served("store") as server:
        bodies = observations(count)
        puts = [request("PUT", f"/fhir/Observation/{i}", body) for i, body in bodies]
        began = server.memory()
        asyncio.run(rate(server.port, puts, CLIENTS, 1e9, b"HTTP/1.1 20", len(puts)))
        requests = mixed(count)
        asyncio.run(rate(server.port, requests, CLIENTS, seconds / PARTS, b"HTTP/1.1 20"))
        after = [server.memory()]
        for _ in range(PARTS - 1):
            asyncio.run(rate(server.port, requests, CLIENTS, seconds / PARTS, b"HTTP/1.1 20"))
            after.append(server.memory())
    told = ", ".join(f"{mb:.0f}" for mb in (began, *after))
    name = (
        f"memory after {seconds:.0f} s of mixed load on {count:,} resources ({told} MB on the way)"
    )
    claim(f"{name} (vs after {seconds / PARTS:.0f} s)", after[-1], after[0], "MB")
    return None


if __name__ == "__main__":
    main()
