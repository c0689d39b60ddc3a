"""Claims: a transaction of 300 linked resources costs less CPU than 300 creates of the same; one of
Synthea's takes little on a store that is full: `bench_transaction.py FOLDER [RESOURCES]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from race import claim, race
from servers import observations, still, store

ENTRIES = 300
TIMED = 60  # transactions
AIM = 35.0  # transactions a second
PATIENT = {"resourceType": "Patient", "name": [{"family": "Meier", "given": ["Eva"]}]}


async def post(app: Any, path: str, body: bytes, method: str = "POST", query: bytes = b"") -> None:
    """One request to the app, in process; it must be answered with success."""
    told: list[dict[str, Any]] = []
    scope = {"type": "http", "method": method, "path": path, "query_string": query}
    headers = [(b"content-type", b"application/fhir+json"), (b"prefer", b"return=minimal")]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await app({**scope, "headers": headers}, receive, send)
    assert told[0]["status"] < 300, told


async def one_by_one(app: Any, bodies: list[bytes]) -> None:
    """All creates at once, so that they share commits."""
    await asyncio.gather(*(post(app, "/fhir/Observation", body) for body in bodies))


def transaction(bodies: list[bytes]) -> bytes:
    """A Bundle of a patient and observations of it, linked by its urn."""
    urn = f"urn:uuid:{uuid4()}"
    resources = [{**orjson.loads(b), "subject": {"reference": urn}} for b in bodies]
    entries = [
        {"fullUrl": u, "resource": r, "request": {"method": "POST", "url": r["resourceType"]}}
        for u, r in [(urn, PATIENT), *((f"urn:uuid:{uuid4()}", r) for r in resources[1:])]
    ]
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def synthea(folder: Path) -> Iterator[bytes]:
    """Transactions of 300 entries from a folder of Synthea's, their patients new each time."""
    files = [orjson.loads(path.read_bytes())["entry"] for path in sorted(folder.glob("*.json"))]
    entries: list[Any] = []
    for patient in cycle(files):
        raw = orjson.dumps(patient)
        for entry in patient:
            raw = raw.replace(entry["fullUrl"].encode(), f"urn:uuid:{uuid4()}".encode())
        entries += orjson.loads(raw)
        if len(entries) >= ENTRIES:
            whole = {"resourceType": "Bundle", "type": "transaction", "entry": entries[:ENTRIES]}
            yield orjson.dumps(whole)
            entries = []


def full(folder: Path, count: int) -> None:
    """Loads a store by transactions, then times some more, and all that they put off; against the
    aim."""
    bundles = synthea(folder)
    with (
        tempfile.TemporaryDirectory(dir=Path(__file__).parent) as place,
        store(Path(place)) as app,
        asyncio.Runner() as runner,
    ):
        for _ in range(count // ENTRIES):
            runner.run(post(app, "/fhir", next(bundles)))
        still()
        given = list(islice(bundles, TIMED))
        started = time.process_time()
        for bundle in given:
            runner.run(post(app, "/fhir", bundle))
        runner.run(post(app, "/fhir/Observation", b"", "GET", b"code=none"))
        taken = time.process_time() - started
    name = f"Synthea transaction of {ENTRIES} on {count:,} resources, of one core (vs the aim)"
    claim(name, TIMED / taken, AIM, "transactions/s")


def main() -> None:
    """Races both in one process over one store."""
    if len(sys.argv) > 1:
        return full(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    bodies = [body for _, body in observations(ENTRIES)]
    bundle = transaction(bodies)
    here = Path(__file__).parent
    with (
        tempfile.TemporaryDirectory(dir=here) as folder,
        store(Path(folder)) as app,
        asyncio.Runner() as runner,
    ):
        still()
        times = race(
            {
                "together": lambda: runner.run(post(app, "/fhir", bundle)),
                "alone": lambda: runner.run(one_by_one(app, bodies)),
            }
        )
    name = f"transaction of {ENTRIES} linked resources (vs as many creates)"
    claim(name, 1 / times["together"], 1 / times["alone"], "transactions/s")
    return None


if __name__ == "__main__":
    main()
