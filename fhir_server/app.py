"""create_app and running: the one place where the parts are wired, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvicorn
import uvloop

from fhir_server.calls import BASE, Calls, lasting, questions
from fhir_server.context import Context
from fhir_server.custom import Parameters
from fhir_server.definitions import TYPES as DEFINITIONS
from fhir_server.definitions import definitions
from fhir_server.hl7v2.mllp import Listener
from fhir_server.hl7v2.receive import Receiver
from fhir_server.http.asgi import ASGI
from fhir_server.http.compression import Gzip
from fhir_server.http.door import Door
from fhir_server.http.formats import Formats
from fhir_server.http.leaving import Leaving
from fhir_server.ids import new_id
from fhir_server.operations import OPERATIONS
from fhir_server.own import Own, Source
from fhir_server.reads import Reads
from fhir_server.remembered import Remembered
from fhir_server.repository import Repository, Rules
from fhir_server.rest import Rest
from fhir_server.routes import create_routes
from fhir_server.security.cors import Cors
from fhir_server.security.limits import check_host
from fhir_server.settings import Settings
from fhir_server.store.connection import told
from fhir_server.store.journal import Journal
from fhir_server.store.private import close_to_others
from fhir_server.store.sqlite import Store
from fhir_server.terminology.codes import codes
from fhir_server.terminology.direct import Direct
from fhir_server.terminology.matching import Matching
from fhir_server.terminology.published import TYPES as PUBLISHED
from fhir_server.terminology.renewal import renewing
from fhir_server.terminology.vocabulary import Vocabulary
from nlp.pipeline import Pipeline
from terminology.service import Terminology

SQLITE = "sqlite:///"
GRACE = 10  # seconds that open requests get at shutdown


@dataclass(frozen=True, slots=True)
class Running:
    """A server at work; `mllp_port` is -1 where MLLP is off."""

    base_url: str
    port: int
    mllp_port: int
    ended: Awaitable[None]  # done when the HTTP server ends of itself


def create_app(ctx: Context) -> ASGI:
    """The whole server over HTTP as one ASGI app."""
    settings = ctx.settings
    calls = Calls(ctx, OPERATIONS, create_routes(ctx, OPERATIONS))
    rest = Rest(
        *(ctx.repository, calls, BASE, settings.max_body),
        lenient=settings.handling == "lenient",
    )
    app: ASGI = Leaving(Gzip(Formats(rest, settings.max_body)), questions(OPERATIONS))
    app = Reads(app, ctx.repository, BASE)
    direct = Direct(ctx.vocabulary, BASE)
    app = Remembered(app, frozenset(lasting(OPERATIONS)), ctx.vocabulary.as_of, direct)
    if origins := [o.strip() for o in settings.cors_origins.split(",") if o.strip()]:
        app = Cors(app, origins)
    return Door(app)


def _own(ctx: Context) -> Mapping[str, Own]:
    """By type, the resources that are made of the server's tables and of what is loaded."""
    sources = (
        Source(DEFINITIONS, partial(definitions, ctx)),
        Source(PUBLISHED, ctx.vocabulary.published, ctx.vocabulary.renewed),
    )
    now = int(ctx.now().timestamp() * 1000)
    made = {source: Own(source, ctx.repository, now) for source in sources}
    return {type: own for source, own in made.items() for type in source.types}


@contextlib.contextmanager
def wired(
    settings: Settings,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    new_id: Callable[[], str] = new_id,
) -> Iterator[tuple[Context, Store]]:
    """The parts, put together; the store is closed at the end.

    Raises IndexMissing, EngineError, or ValueError where a setting can't be followed.
    """
    terminology = Terminology.open(settings.data)
    pipeline = Pipeline(terminology, model=settings.model)
    with stored(settings, now) as (store, parameters):
        rules = Rules(
            settings.referential_integrity, settings.delete_multiple, settings.reference_types
        )
        repository = Repository(store, new_id, settings.base_url, rules, parameters)
        vocabulary = Vocabulary(terminology, repository)
        repository.codes = partial(codes, vocabulary, repository)
        ctx = Context(
            *(settings, terminology, pipeline, repository, vocabulary),
            Matching(terminology, settings.data),
            now,
            new_id,
        )
        repository.own.take(_own(ctx))
        yield ctx, store


@contextlib.contextmanager
def stored(
    settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[tuple[Store, Parameters]]:
    """The store alone, with what its resources are indexed by; closed at the end."""
    parameters = Parameters(settings.base_url)
    path = database_path(settings.database)
    store = Store(path, parameters.rows, now)
    if path.parent == settings.data:
        close_to_others(settings.data)
    try:
        with told(path):
            parameters.load(store)
        yield store, parameters
    finally:
        store.close()


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """HTTP and MLLP at work on the settings' ports; at the end what came in is finished."""
    check_host(settings.host)
    sock = _listen(settings.host, settings.port)
    port: int = sock.getsockname()[1]
    settings = replace(settings, port=port, base_url=own_url(settings, port))
    with contextlib.closing(sock), wired(settings) as (ctx, store):
        still()
        async with (
            _http(create_app(ctx), sock) as ended,
            _mllp(ctx, store) as mllp_port,
            renewing(ctx),
        ):
            ctx.repository.parameters.start()
            ctx.matching.start(_workers(settings))
            try:
                yield Running(settings.base_url, port, mllp_port, ended)
            finally:
                await ctx.matching.close()
                await ctx.repository.parameters.close()
                await ctx.repository.full_text.close()


def own_url(settings: Settings, port: int) -> str:
    """The base of the server's own URLs, as set or by its address; no slash at the end."""
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    return (settings.base_url or f"http://{name}:{port}{BASE}").rstrip("/")


def _workers(settings: Settings) -> int:
    """How many processes match text: as set, or one a core, up to four, where there are several."""
    if settings.match_workers >= 0:
        return settings.match_workers
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, 4) if (cores or 1) > 1 else 0


def still() -> None:
    """Keeps the garbage collector off what stays for good: indexes, tables, code."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; `say` is told the addresses once the server is up."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_signal(settings, say))


def database_path(database: str) -> Path:
    """The file of a database URL; raises ValueError where it is none of SQLite."""
    path = database.removeprefix(SQLITE)
    if path == database or not path:
        raise ValueError(f"the database is {SQLITE}PATH, not {database!r}")
    return Path(path).expanduser().absolute()


async def _until_signal(settings: Settings, say: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings) as server:
        say(f"FHIR R4 at {server.base_url}")
        if server.mllp_port >= 0:
            say(f"HL7 v2 at mllp://{settings.host}:{server.mllp_port}")
        waiting = asyncio.ensure_future(stop.wait())
        ended = asyncio.ensure_future(server.ended)
        await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()


def _listen(host: str, port: int) -> socket.socket:
    family, *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server((host, port), family=family, backlog=2048)


class _Uvicorn(uvicorn.Server):
    """uvicorn without its signal handlers: `run` has its own, for the whole server."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _http(app: ASGI, sock: socket.socket) -> AsyncIterator[asyncio.Future[None]]:
    config = uvicorn.Config(
        app,
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Uvicorn(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield task
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def _mllp(ctx: Context, store: Store) -> AsyncIterator[int]:
    if ctx.settings.mllp_port < 0:
        yield -1
        return
    receiver = Receiver(ctx, Journal(store, ctx.now))
    listener = Listener(receiver.answer, receiver.refuse, ctx.settings.max_body)
    await receiver.resume()
    await listener.start(ctx.settings.host, ctx.settings.mllp_port)
    try:
        yield listener.port
    finally:
        await listener.close()
        await receiver.close()
