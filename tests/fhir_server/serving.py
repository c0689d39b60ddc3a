"""A repository and its HTTP front over a fresh store, in process, with a clock that tests set."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import orjson

from fhir_server.custom import Parameters
from fhir_server.http.asgi import ASGI, Receive, Reply, Scope, Send, answer
from fhir_server.http.compression import Gzip
from fhir_server.http.door import Door
from fhir_server.http.formats import Formats
from fhir_server.http.leaving import Leaving
from fhir_server.reads import Reads
from fhir_server.repository import Repository, Rules
from fhir_server.rest import Rest
from fhir_server.security.cors import Cors
from fhir_server.store.sqlite import Store

T = TypeVar("T")
BASE = "http://test/fhir"
Served = tuple[ASGI, Store]  # an application and its store
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FHIR = {"content-type": "application/fhir+json"}


@contextmanager
def opened(folder: Path, rules: Rules | None = None) -> Iterator[tuple[Repository, Store]]:
    """A repository whose clock moves a second with each look at it and whose ids count up."""
    ticks, ids = count(), count(1)
    parameters = Parameters(BASE)
    store = Store(
        folder / "store.sqlite",
        parameters.rows,
        lambda: START + timedelta(seconds=next(ticks)),
    )
    try:
        parameters.load(store)
        yield Repository(store, lambda: f"id-{next(ids)}", BASE, rules, parameters), store
    finally:
        store.close()


@contextmanager
def served(
    folder: Path,
    limit: int = 1 << 20,
    rules: Rules | None = None,
    origins: tuple[str, ...] = (),
    *,
    lenient: bool = False,
) -> Iterator[ASGI]:
    """The resource interactions over HTTP."""
    with opened(folder, rules) as (repository, _):
        rest = Rest(repository, _elsewhere, "/fhir", limit, lenient=lenient)
        app = Reads(Leaving(Gzip(Formats(rest, limit)), ("_search",)), repository, "/fhir")
        yield Door(Cors(app, origins))


def client(app: ASGI) -> httpx.AsyncClient:
    """An HTTP client of the app, in process."""
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://test/fhir/", headers=FHIR)


def talk(app: ASGI, conversation: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
    """Runs a conversation with the app."""

    async def run() -> T:
        async with client(app) as http:
            return await conversation(http)

    return asyncio.run(run())


def patient(**elements: Any) -> bytes:
    """A Patient's bytes."""
    return orjson.dumps({"resourceType": "Patient", **elements})


async def _elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, Reply(404))
