"""Servers to race: bare ASGI, and resources over a fresh store; `python servers.py bare|store`."""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import uvicorn

from fhir_server.app import still

Send = Callable[[dict[str, Any]], Awaitable[None]]
BASE = "http://127.0.0.1/fhir"
OBSERVATION = {
    "resourceType": "Observation",
    "id": "o",
    "status": "final",
    "category": [
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                    "code": "laboratory",
                }
            ]
        }
    ],
    "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}], "text": "Hemoglobin"},
    "subject": {"reference": "Patient/p"},
    "effectiveDateTime": "2026-01-02T03:04:05Z",
    "valueQuantity": {
        "value": 13.5,
        "unit": "g/dL",
        "system": "http://unitsofmeasure.org",
        "code": "g/dL",
    },
    "note": [{"text": "taken while fasting, " * 40}],
}


class Served:
    """A server process: its port, and the CPU seconds it has used."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._stat = Path(f"/proc/{process.pid}/stat")

    def cpu(self) -> float:
        user, system = self._stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(kind: str) -> Iterator[Served]:
    """A server process of a kind, on a free port."""
    with (
        tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder,
        subprocess.Popen(
            [sys.executable, __file__, kind, folder], stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            yield Served(process, int(process.stdout.readline() if process.stdout else 0))
        finally:
            process.terminate()
            process.wait()


def in_turn(jobs: dict[str, Callable[[], float]], rounds: int = 5) -> dict[str, float]:
    """The median rate of each job, run in turn from a rotating start after a round to warm up."""
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    names = list(jobs)
    for turn in range(rounds + 1):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            rate = jobs[name]()
            if turn:
                rates[name].append(rate)
    return {name: statistics.median(found) for name, found in rates.items()}


def bare() -> Callable[..., Awaitable[None]]:
    """The least that answers: the same bytes and headers as a read, out of memory."""
    body = orjson.dumps(OBSERVATION)
    headers = [
        (b"etag", b'W/"1"'),
        (b"last-modified", b"Sat, 21 Nov 2026 01:00:00 GMT"),
        (b"content-type", b"application/fhir+json"),
        (b"content-length", b"%d" % len(body)),
    ]

    async def app(scope: object, receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


@contextlib.contextmanager
def store(folder: Path) -> Iterator[Callable[..., Awaitable[None]]]:
    """The resource interactions over a fresh store, as the server has them."""
    from fhir_server.door import Door
    from fhir_server.repository import Repository
    from fhir_server.rest import Rest
    from fhir_server.search.extract import rows
    from fhir_server.store.sqlite import Store

    made = Store(folder / "store.sqlite", lambda r: rows(r, BASE), lambda: datetime.now(UTC))
    repository = Repository(made, lambda: str(uuid4()), BASE)
    try:
        yield Door(Rest(repository, bare(), "/fhir", 1 << 24, None))
    finally:
        made.close()


def main(kind: str, folder: Path) -> None:
    """Serves until it is ended; the port is the first line of its output."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=1024)
    with store(folder) as app:
        still()
        config = uvicorn.Config(
            bare() if kind == "bare" else app,
            http="httptools",
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_config=None,
        )
        print(sock.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[sock])


def observations(count: int) -> Sequence[tuple[str, bytes]]:
    """(id, bytes) of Observations."""
    return [(f"o{n}", orjson.dumps({**OBSERVATION, "id": f"o{n}"})) for n in range(count)]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
