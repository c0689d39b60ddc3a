"""The SQLite store: resources and their history, written by one thread, read by many.

Statements are made from the tables and prepared once by sqlite3's cache. A write is durable
(WAL, synchronous=FULL) when `write` returns.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import orjson

from fhir_server.errors import Conflict, Gone, NotFound, PreconditionFailed
from fhir_server.store.lock import claim
from fhir_server.store.migrations import upgrade
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.recent import Recent
from fhir_server.store.rows import Index
from fhir_server.store.tables import Hist, Res, insert
from fhir_server.store.types import Drop, Method, Put, Stored, Write
from fhir_server.store.writer import Writer

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

T = TypeVar("T")
Resource = dict[str, Any]
READERS = 4
METHODS: tuple[Method, ...] = ("PUT", "POST", "PUT", "DELETE")  # by res.op; 0 is a placeholder
OPS = {"POST": 1, "PUT": 2, "DELETE": 3}

READ = "SELECT vid, ts, del, op, body FROM res WHERE id = ? AND type = ?"
CURRENT = "SELECT rid, vid, ts, del, op, body FROM res WHERE id = ? AND type = ?"
REPLACE = "UPDATE res SET vid = ?, ts = ?, del = ?, op = ?, body = ? WHERE rid = ?"
VERSIONS = """SELECT vid, ts, op = 3, op, body FROM res WHERE rid = :rid AND vid > 0
    UNION ALL SELECT vid, ts, op = 3, op, body FROM hist WHERE rid = :rid ORDER BY vid DESC"""
VERSION = """SELECT vid, ts, op = 3, op, body FROM res WHERE rid = :rid AND vid = :vid
    UNION ALL SELECT vid, ts, op = 3, op, body FROM hist WHERE rid = :rid AND vid = :vid"""
INSERT = insert(Res)
REMEMBER = insert(Hist)


class _Row(NamedTuple):
    rid: int
    vid: int
    ts: int
    deleted: int
    op: int
    body: bytes | None


class Store:
    """One database. `rows` gives a resource's index rows, `now` the time."""

    def __init__(
        self, path: Path, rows: Callable[[Resource], Rows], now: Callable[[], datetime]
    ) -> None:
        self._path, self._rows, self._now = path, rows, now
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = claim(path)
        self._recent = Recent()
        connection = connect(path)
        upgrade(connection)
        self._connection = connection
        self._numbers = Numbers(connection)
        self._index = Index(connection, self._numbers)
        self.writer = Writer(connection, self._numbers.forget)
        self._reader = connect(path, read_only=True)
        self._types = Numbers(self._reader).types
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = [self._reader]
        self._pool = ThreadPoolExecutor(READERS, "store-reader", self._open_reader)

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection, for jobs on the writer's thread alone."""
        return self._connection

    def extract(self, resource: Resource) -> Rows:
        """The index rows of a resource, without what the server itself writes into it.

        So they are the same before and after id and meta are set.
        """
        kept = {k: v for k, v in resource.items() if k != "id"}
        if meta := kept.get("meta"):
            kept["meta"] = {k: v for k, v in meta.items() if k not in ("versionId", "lastUpdated")}
        return self._rows(kept)

    def read(self, type: str, id: str) -> Stored:
        """The current version, a deletion too; raises NotFound. Microseconds, so not async.

        Only on the event loop's thread.
        """
        if kept := self._recent.get(type, id):
            return kept
        number = self._types.find(type)
        row = self._reader.execute(READ, (id, number)).fetchone() if number != UNKNOWN else None
        if row is None or row[0] == 0:
            raise NotFound(f"no {type} has the id {id!r}")
        vid, ts, deleted, op, body = row
        stored = Stored(type, id, vid, ts, body or b"", bool(deleted), METHODS[op])
        self._recent.put(stored)
        return stored

    async def query(self, job: Callable[[sqlite3.Connection, Numbers], T]) -> T:
        """Runs a reading job on a thread with a connection of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._with_local, job)

    async def versions(self, type: str, id: str, version: int | None = None) -> list[Stored]:
        """All versions or the one, newest first; empty where there are none."""

        def job(connection: sqlite3.Connection, numbers: Numbers) -> list[Stored]:
            row = connection.execute(CURRENT, (id, numbers.types.find(type))).fetchone()
            if row is None:
                return []
            given = {"rid": row[0], "vid": version}
            found = connection.execute(VERSIONS if version is None else VERSION, given)
            return [
                Stored(type, id, v, t, b or b"", bool(d), METHODS[o]) for v, t, d, o, b in found
            ]

        return await self.query(job)

    async def write(self, writes: Sequence[Write]) -> list[Stored]:
        """All of the writes in one transaction, or none; raises Conflict and its kin."""

        def job() -> list[Stored]:
            now = int(self._now().timestamp() * 1000)
            return [self._put(w, now) if isinstance(w, Put) else self._drop(w, now) for w in writes]

        def told() -> None:
            for write in writes:
                self._recent.drop(write.type, write.id)

        return await self.writer.submit(job, told)

    def close(self) -> None:
        """Commits what waits and closes every connection."""
        self.writer.close()
        self._pool.shutdown()
        while self._opened:
            self._opened.pop().close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _put(self, put: Put, now: int) -> Stored:
        row = self._current(put.type, put.id)
        _check(put, row)
        if row is None:
            body = put.template.fill(put.id, 1, now)
            values = (None, self._numbers.types.give(put.type), put.id, 1, now, 0)
            made = self._connection.execute(INSERT, (*values, OPS[put.method], body))
            self._index.change(made.lastrowid or 0, None, put.rows)
            return Stored(put.type, put.id, 1, now, body, False, put.method, True)
        if put.method == "POST" and row.vid:
            raise Conflict(f"{put.type}/{put.id} exists already")
        if row.body and put.template.fill(put.id, row.vid, row.ts) == row.body:
            return Stored(put.type, put.id, row.vid, row.ts, row.body, method=METHODS[row.op])
        old = self.extract(orjson.loads(row.body)) if row.body else None
        vid, ts = row.vid + 1, max(now, row.ts)
        body = put.template.fill(put.id, vid, ts)
        self._replace(row, vid, ts, 0, OPS[put.method], body)
        self._index.change(row.rid, old, put.rows)
        return Stored(put.type, put.id, vid, ts, body, False, put.method, not row.body)

    def _drop(self, drop: Drop, now: int) -> Stored:
        row = self._current(drop.type, drop.id)
        _check(drop, row)
        if row is None or not row.vid:
            raise NotFound(f"no {drop.type} has the id {drop.id!r}")
        if not row.body:
            return Stored(drop.type, drop.id, row.vid, row.ts, b"", True, "DELETE")
        vid, ts = row.vid + 1, max(now, row.ts)
        self._replace(row, vid, ts, 1, OPS["DELETE"], None)
        self._index.change(row.rid, self.extract(orjson.loads(row.body)), None)
        return Stored(drop.type, drop.id, vid, ts, b"", True, "DELETE")

    def _replace(
        self, row: _Row, vid: int, ts: int, deleted: int, op: int, body: bytes | None
    ) -> None:
        if row.vid:
            self._connection.execute(REMEMBER, (row.rid, row.vid, row.ts, row.op, row.body))
        self._connection.execute(REPLACE, (vid, ts, deleted, op, body, row.rid))

    def _current(self, type: str, id: str) -> _Row | None:
        number = self._numbers.types.find(type)
        row = self._connection.execute(CURRENT, (id, number)).fetchone()
        return None if row is None else _Row(*row)

    def _open_reader(self) -> None:
        connection = connect(self._path, read_only=True)
        self._opened.append(connection)
        self._local.connection, self._local.numbers = connection, Numbers(connection)

    def _with_local(self, job: Callable[[sqlite3.Connection, Numbers], T]) -> T:
        return job(self._local.connection, self._local.numbers)


def _check(write: Write, row: _Row | None) -> None:
    """No lost updates: If-Match must name the current version of a resource that lives."""
    if write.if_match is None:
        return
    if row is None or not row.vid:
        raise PreconditionFailed(f"If-Match names version {write.if_match}, there is none")
    if row.deleted:
        raise Gone(f"{write.type}/{write.id} was deleted")
    if row.vid != write.if_match:
        text = f"If-Match names version {write.if_match}, the current one is {row.vid}"
        raise PreconditionFailed(text)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with the store's pragmas; transactions are begun by hand."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=512, timeout=30
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA mmap_size = 1073741824")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection
