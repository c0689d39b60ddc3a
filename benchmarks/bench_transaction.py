"""Claim: a transaction of 300 linked resources costs less CPU than 300 creates of the same."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from race import claim, race
from servers import observations, still, store

ENTRIES = 300
PATIENT = {"resourceType": "Patient", "name": [{"family": "Meier", "given": ["Eva"]}]}


async def post(app: Any, path: str, body: bytes) -> None:
    """One request to the app, in process; it must be answered with success."""
    told: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b""}
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


def main() -> None:
    """Races both in one process over one store."""
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


if __name__ == "__main__":
    main()
