"""Servers to race: bare ASGI, resources over a fresh store, and the whole server.

`servers.py bare|store|uncached|plain|whole|SECONDS FOLDER`: `bare` answers with the folder's file
`body`; SECONDS is a store whose syncs take that much longer than the disk's.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import uvicorn

from fhir_server.app import still

Send = Callable[[dict[str, Any]], Awaitable[None]]
BASE = "http://127.0.0.1/fhir"
LIMIT = 1 << 24  # bytes of a body
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
        self._own = process.pid

    def cpu(self) -> float:
        """CPU seconds of the process and of those that it started."""
        below = Path(f"/proc/{self._own}/task/{self._own}/children").read_text().split()
        used = 0
        for each in (str(self._own), *below):
            stat = Path(f"/proc/{each}/stat").read_text()
            user, system = stat.rpartition(")")[2].split()[11:13]
            used += int(user) + int(system)
        return used / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of the process that are in memory and no page of a file."""
        status = Path(f"/proc/{self._own}/status").read_text()
        return int(status.partition("RssAnon:")[2].split()[0]) / 1024


@contextlib.contextmanager
def served(kind: str, body: bytes = b"") -> Iterator[Served]:
    """A server process of a kind, on a free port; `bare` answers with the body."""
    with (
        tempfile.TemporaryDirectory(dir=Path(__file__).parent) as folder,
        _written(Path(folder) / "body", body),
        subprocess.Popen(
            [sys.executable, __file__, kind, folder], stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            yield Served(process, int(process.stdout.readline() if process.stdout else 0))
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def _written(path: Path, body: bytes) -> Iterator[None]:
    path.write_bytes(body)
    yield


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


def bare(body: bytes = b"") -> Callable[..., Awaitable[None]]:
    """The least that answers: the same bytes and headers as a read, out of memory."""
    read = [(b"etag", b'W/"1"'), (b"last-modified", b"Sat, 21 Nov 2026 01:00:00 GMT")]
    headers = [
        *([] if body else read),
        (b"content-type", b"application/fhir+json"),
    ]
    body = body or orjson.dumps(OBSERVATION)
    headers.append((b"content-length", b"%d" % len(body)))

    async def app(scope: object, receive: object, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


class Slow:
    """A connection whose commits take so many seconds more."""

    def __init__(self, connection: Any, seconds: float) -> None:
        self._connection, self._seconds = connection, seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str) -> Any:
        if statement == "COMMIT":
            time.sleep(self._seconds)
        return self._connection.execute(statement)


@contextlib.contextmanager
def store(
    folder: Path, *, kept: bool = True, sync: float = 0.0
) -> Iterator[Callable[..., Awaitable[None]]]:
    """The resource interactions over a store, as the server has them.

    Unless `kept`, no resource stays in memory between reads; `sync` are seconds that a commit takes
    beside its own.
    """
    from fhir_server.http.compression import Gzip
    from fhir_server.http.door import Door
    from fhir_server.http.formats import Formats
    from fhir_server.ids import new_id
    from fhir_server.reads import Reads
    from fhir_server.repository import Repository
    from fhir_server.rest import Rest
    from fhir_server.search.extract import rows
    from fhir_server.store.recent import ROOM
    from fhir_server.store.sqlite import Store

    made = Store(
        *(folder / "store.sqlite", lambda r: rows(r, BASE), lambda: datetime.now(UTC)),
        room=ROOM if kept else 0,
    )
    if sync:
        made.writer._connection = Slow(made.connection, sync)  # type: ignore[assignment]
    repository = Repository(made, new_id, BASE)
    try:
        app = Gzip(Formats(Rest(repository, bare(), "/fhir", LIMIT), LIMIT))
        yield Door(Reads(app, repository, "/fhir"))
    finally:
        made.close()


@contextlib.contextmanager
def whole(folder: Path) -> Iterator[Callable[..., Awaitable[None]]]:
    """The whole server over a fresh store, with the terminology of MEDPARSER_DATA."""
    from fhir_server.app import create_app, wired
    from fhir_server.settings import Settings

    data = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
    settings = Settings(data=data, database=f"sqlite:///{folder / 'store.sqlite'}", base_url=BASE)
    with wired(settings) as (context, _):
        inner = create_app(context)
        started = False

        async def app(scope: object, receive: object, send: Send) -> None:
            nonlocal started
            if not started:
                started = True
                context.matching.start(os.cpu_count() or 1)
            await inner(scope, receive, send)  # type: ignore[arg-type]

        yield app


def main(kind: str, folder: Path) -> None:
    """Serves until it is ended; the port is the first line of its output."""
    sock = socket.create_server(("127.0.0.1", 0), backlog=1024)
    with contextlib.ExitStack() as stack:
        match kind:
            case "bare":
                app = bare((folder / "body").read_bytes())
            case "store" | "uncached":
                app = stack.enter_context(store(folder, kept=kind == "store"))
            case "plain":
                from plain import plain

                app = plain(folder)
            case "whole":
                app = stack.enter_context(whole(folder))
            case _:
                app = stack.enter_context(store(folder, sync=float(kind)))
        still()
        config = uvicorn.Config(
            app,
            http="httptools",
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
        )
        print(sock.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[sock])


def observations(count: int) -> Sequence[tuple[str, bytes]]:
    """(id, bytes) of Observations."""
    return [(f"o{n}", orjson.dumps({**OBSERVATION, "id": f"o{n}"})) for n in range(count)]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
