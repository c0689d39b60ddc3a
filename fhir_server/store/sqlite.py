"""The SQLite store: resources and their history, written by one thread, read by many.

Statements are made from the tables and prepared once by sqlite3's cache. A write is durable
(WAL, synchronous=FULL) when `write` returns.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fhir_server.errors import NotFound
from fhir_server.store.connection import connect, sound
from fhir_server.store.late import LATE, LateIndex
from fhir_server.store.lock import claim
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.private import own_file
from fhir_server.store.recent import ROOM, Recent
from fhir_server.store.rows import Name
from fhir_server.store.session import Session
from fhir_server.store.turn import Reader, Turn
from fhir_server.store.types import METHODS, Stored, Unusable, Write
from fhir_server.store.writer import Upkeep, Writer

if TYPE_CHECKING:
    from fhir_server.search.index import Rows

T = TypeVar("T")
Resource = dict[str, Any]
READERS = 4
AGAIN = 0.05  # seconds between two interrupts of a job that is given up
QUIET = 2.0  # seconds without a search, from which on index rows may be put off

READ = "SELECT vid, ts, del, op, body FROM res WHERE id = ? AND type = ?"


class _Unindexed(Exception):
    """What a reading job would see has resources whose index rows were put off."""


class Store:
    """One database. `rows` gives a resource's index rows, `now` the time.

    `room` are the bytes of resources that are kept in memory.
    """

    def __init__(
        self,
        path: Path,
        rows: Callable[[Resource], Rows],
        now: Callable[[], datetime],
        room: int = ROOM,
    ) -> None:
        self._path, self._rows, self._now = path, rows, now
        own_file(path)
        self._lock = claim(path)
        self._recent = Recent(room)
        try:
            self._connection = connection = sound(path)
        except Unusable:
            os.close(self._lock)
            raise
        self._numbers = Numbers(connection)
        self._index = LateIndex(connection, self._numbers, self.extract)
        self._session = Session(connection, self._numbers, self._index, self.extract)
        self._asked = -QUIET  # when somebody searched last
        self._asking = 0  # searches under way
        upkeep = Upkeep(
            *(self._begin, self._forget, self._end, self._index.settle, self._catch_up),
            self._recent.drop,
        )
        self.writer = Writer(connection, upkeep)
        self._reader = connect(path, read_only=True)
        self._find = self._reader.cursor().execute  # one cursor: a read takes a row and is done
        self._types = Numbers(self._reader).types
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = [self._reader]
        self._pool = ThreadPoolExecutor(READERS, "store-reader")

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection, for jobs on the writer's thread alone."""
        return self._connection

    def extract(self, resource: Resource) -> Rows:
        """The index rows of a resource, without what the server itself writes into it.

        So they are the same before and after id and meta are set.
        """
        kept = resource.copy()
        kept.pop("id", None)
        meta = kept.get("meta")
        if meta and ("versionId" in meta or "lastUpdated" in meta):
            kept["meta"] = {k: v for k, v in meta.items() if k not in ("versionId", "lastUpdated")}
        return self._rows(kept)

    def read(self, type: str, id: str) -> Stored:
        """The current version, a deletion too; raises NotFound. Microseconds, so not async.

        Only on the event loop's thread.
        """
        if kept := self._recent.get(type, id):
            return kept
        number = self._types.find(type)
        row = self._find(READ, (id, number)).fetchone() if number != UNKNOWN else None
        if row is None or row[0] == 0:
            raise NotFound(f"no {type} has the id {id!r}")
        vid, ts, deleted, op, body = row
        stored = Stored(type, id, vid, ts, body or b"", bool(deleted), METHODS[op])
        self._recent.put(stored)
        return stored

    async def query(
        self, job: Callable[[sqlite3.Connection, Numbers], T], *, indexed: bool = True
    ) -> T:
        """Runs a reading job on a thread with a connection of its own.

        It finds all that was written before, and nothing that is not indexed: index rows that
        were put off are put first, and none are put off while it is under way. Unless `indexed`,
        it looks at no index rows, and they stay put off: so it is answered where the disk is full.
        One that is cancelled ends with the statement that it is at, or before its next one.
        """
        run = asyncio.get_running_loop().run_in_executor
        self._asking += indexed
        try:
            late = indexed and self._index.late
            while True:
                if late:
                    await self.transact(Session.flush, ())
                turn = Turn()
                try:
                    return await run(self._pool, self._with_local, job, turn, indexed)
                except _Unindexed:  # it was being committed when `late` was looked at
                    late = True
                except asyncio.CancelledError:
                    _end(turn)
                    raise
        finally:
            self._asking -= indexed
            self._asked = time.monotonic() if indexed else self._asked

    async def write(self, writes: Sequence[Write]) -> list[Stored]:
        """All of the writes in one transaction, or none; raises Conflict and its kin."""
        touched = [(w.type, w.id) for w in writes]
        return await self.transact(lambda session: [session.write(w) for w in writes], touched)

    def transact(
        self,
        job: Callable[[Session], T],
        touched: Collection[Name],
        told: Callable[[], None] | None = None,
    ) -> Awaitable[T]:
        """Runs a job in one transaction, on the writer's thread; what it raises undoes all of it.

        `touched` are the (type, id) of what it may write. `told` is called on the event loop once
        it is durable, before anyone hears of it, even where nobody waits any more.
        """
        return self.writer.submit(partial(self._session.run, job), touched, told)

    async def rehearse(self, job: Callable[[Session], T]) -> T:
        """What a job gives, all that it writes undone."""

        def run(session: Session) -> T:
            with session.rehearsal():
                return job(session)

        return await self.transact(run, ())

    def mark(self) -> int:
        """Where the store stands: a session tells by it whether anything was written since."""
        return self.writer.settled

    def close(self) -> None:
        """Commits what waits and closes every connection."""
        self.writer.close()
        self._pool.shutdown()
        while self._opened:
            self._opened.pop().close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _begin(self, names: Iterable[Collection[Name]]) -> None:
        """A transaction begins; its jobs may write what bears these names."""
        self._session.now = int(self._now().timestamp() * 1000)
        self._index.begin([name for each in names for name in each])

    def _end(self) -> None:
        self._index.end(later=not self._asking and time.monotonic() - self._asked > QUIET)

    def _catch_up(self) -> Callable[[], None] | None:
        """The job that puts the index rows that were put off; None where none were."""
        return self._session.flush if self._index.late else None

    def _forget(self) -> None:
        """What was cached of something that is undone."""
        self._numbers.forget()
        self._index.forget()

    def _reader_of_thread(self) -> Reader:
        """What this thread reads with, opened where it has nothing yet, or no longer."""
        local = self._local
        if getattr(local, "connection", None) is None:
            opened = connect(self._path, Reader, read_only=True)
            self._opened.append(opened)
            local.connection, local.numbers = opened, Numbers(opened)
        reader: Reader = local.connection
        return reader

    def _with_local(
        self, job: Callable[[sqlite3.Connection, Numbers], T], turn: Turn, indexed: bool
    ) -> T:
        connection = self._reader_of_thread()
        connection.execute("BEGIN")  # all of the job sees the same
        try:
            with turn.on(connection):
                if indexed and connection.execute(LATE).fetchone() is not None:
                    raise _Unindexed
                return job(connection, self._local.numbers)
        finally:
            if connection.in_transaction:  # SQLite ends it itself where it can't read
                try:
                    connection.execute("COMMIT")
                except sqlite3.OperationalError:  # interrupted, as long as a cursor is open
                    self._local.connection = None
                    self._opened.remove(connection)
                    connection.close()


def _end(turn: Turn) -> None:
    """Ends a turn, and looks after it until that is done."""
    if turn.end():
        asyncio.get_running_loop().call_later(AGAIN, _end, turn)
