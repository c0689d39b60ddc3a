"""The one writer: jobs queue up, each drain of the queue is one transaction, one sync to disk."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Names = Collection[tuple[str, str]]  # types and ids
Result = tuple[Any, BaseException | None]

BATCH = 512  # jobs in one transaction at most, so that the first to come is not kept waiting
PAUSE = 0.0002  # seconds between two looks at who else is coming
SYNCS = 4.0  # as long as so many syncs may the first to come be kept waiting for the others
LONGEST = 0.02  # seconds, whatever a sync takes
IDLE = 0.25  # seconds without a job, after which what was put off is done


class Closed(RuntimeError):
    """The writer takes no more jobs: the server is going down."""


class Upkeep(NamedTuple):
    """What the writer calls on its thread: where a transaction or a savepoint begins, with the
    names that its jobs were submitted with; after anything was rolled back, what was cached of it
    must be forgotten; before each commit and after it; and, where it is idle, for a job that was
    put off. And on the loop's thread, before anyone hears of a job's result, with its names."""

    begun: Callable[[Iterable[Names]], None] = lambda names: None
    undone: Callable[[], None] = lambda: None
    ending: Callable[[], None] = lambda: None
    done: Callable[[], None] = lambda: None
    put_off: Callable[[], Callable[[], None] | None] = lambda: None
    told: Callable[[Names], None] = lambda names: None


@dataclass(slots=True)
class _Waiting:
    job: Callable[[], Any]
    names: Names = ()
    told: Callable[[], None] | None = None
    future: asyncio.Future[Any] | None = None
    loop: asyncio.AbstractEventLoop | None = None
    result: Result = (None, None)


class _Caught:
    """What jobs raise goes to their futures, and to nobody else."""

    error: BaseException | None = None

    def __enter__(self) -> None:
        self.error = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> bool:
        self.error = error
        return isinstance(error, Exception)


class Writer:
    """A thread that owns the writing connection; it begins with the first job.

    Before that nothing is done of what was put off: whoever opened the connection may still be
    about to say how.
    """

    def __init__(self, connection: sqlite3.Connection, upkeep: Upkeep) -> None:
        self._connection, self._upkeep = connection, upkeep
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._closed = False
        self._last, self._sync = 1, 0.0  # jobs of the last transaction; seconds of its commit
        self.commits = 0
        self.settled = connection.total_changes  # as of the last commit

    def submit(
        self, job: Callable[[], T], names: Names = (), told: Callable[[], None] | None = None
    ) -> asyncio.Future[T]:
        """Runs the job on the writer's thread; done once its transaction is durable.

        It may be run twice, the first time undone: when another of its transaction fails. `names`
        are what it may write; `told` is called on the loop's thread once that is done, even where
        the future was cancelled.
        """
        if self._closed:
            raise Closed("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._thread.ident is None:
            self._thread.start()
        self._queue.put(_Waiting(job, names, told, future, loop))
        return future

    def close(self) -> None:
        """Commits every job that was submitted, then ends the thread and its connection."""
        if not self._closed:
            self._closed = True
            if self._thread.ident is None:
                self._connection.close()
                return
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while batch := self._drain():
            self._commit(batch)
            del batch  # not kept until the next one comes
        self._connection.close()

    def _drain(self) -> list[_Waiting]:
        """What waits now, at least one job; nothing at the end."""
        first = self._next()
        batch = [] if first is None else [first]
        if batch and self._last > 1:
            self._gather()
        while batch and len(batch) < BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)  # comes round again after this batch
                break
            batch.append(more)
        return batch

    def _next(self) -> _Waiting | None:
        """The next job; where none comes for a while, or never, what was put off is done first."""
        while (put_off := self._upkeep.put_off()) is not None:
            with suppress(queue.Empty):
                if (waiting := self._queue.get(timeout=IDLE)) is not None:
                    return waiting
                self._queue.put(None)
            last = _Waiting(put_off)
            self._commit([last])
            if last.result[1] is not None:  # the disk is full, say: it is done at the next start
                break
        return self._queue.get()

    def _gather(self) -> None:
        """Waits for those who shared the last transaction, as long as they keep coming.

        Clients that wait for their answers come again together: without this the first would have
        a sync of its own, for which all others would wait.
        """
        until = time.monotonic() + min(SYNCS * self._sync, LONGEST)
        seen = -1
        while seen < (waiting := self._queue.qsize()) < self._last - 1 and time.monotonic() < until:
            seen = waiting
            time.sleep(PAUSE)

    def _commit(self, batch: list[_Waiting]) -> None:
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            self._safely(partial(self._upkeep.begun, [waiting.names for waiting in batch]))
            if not self._together(batch):
                if self._connection.in_transaction:  # SQLite ends it itself where the disk is full
                    execute("ROLLBACK")
                self._upkeep.undone()
                if len(batch) > 1:
                    execute("BEGIN IMMEDIATE")
                    self._apart(batch)
                    self._safely(self._upkeep.ending)  # of what the last undid
            if self._connection.in_transaction:
                began = time.monotonic()
                execute("COMMIT")
                self._last, self._sync = len(batch), time.monotonic() - began
                self.commits += 1
                self._upkeep.done()
        except sqlite3.Error as error:  # disk full, I/O: none of the batch is durable
            for waiting in batch:
                waiting.result = (None, error)
            if self._connection.in_transaction:
                execute("ROLLBACK")
            self._upkeep.undone()
        self.settled = self._connection.total_changes
        for loop in {w.loop for w in batch if w.loop is not None}:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._tell, [w for w in batch if w.loop is loop])

    def _safely(self, upkeep: Callable[[], None]) -> None:
        """What goes with the jobs; whatever goes wrong there, the thread lives on."""
        caught = _Caught()
        with caught:
            upkeep()
        if caught.error is not None:
            text = "what goes with the jobs could not be written"
            raise sqlite3.DataError(text) from caught.error

    def _together(self, batch: list[_Waiting]) -> bool:
        """Runs the jobs and what goes with them; false where that fails, or where a job had written
        something before it failed.

        Savepoints would have every page that is written copied first, and hardly a job fails.
        """
        caught = _Caught()
        for waiting in batch:
            before = self._connection.total_changes
            with caught:
                waiting.result = waiting.job(), None
            if caught.error is not None:
                waiting.result = None, caught.error
                unclean = self._connection.total_changes != before
                if unclean or isinstance(caught.error, sqlite3.Error):
                    return False
        with caught:
            self._safely(self._upkeep.ending)
        if caught.error is not None and len(batch) == 1:
            batch[0].result = None, caught.error
        return caught.error is None

    def _apart(self, batch: list[_Waiting]) -> None:
        """Runs the jobs each in a savepoint: an error undoes one alone."""
        execute, caught = self._connection.execute, _Caught()
        for waiting in batch:
            execute("SAVEPOINT job")
            with caught:
                self._upkeep.begun((waiting.names,))
                waiting.result = waiting.job(), None
                self._safely(self._upkeep.ending)
            if caught.error is not None:
                waiting.result = None, caught.error
                execute("ROLLBACK TO job")
                self._upkeep.undone()
            execute("RELEASE job")

    def _tell(self, batch: list[_Waiting]) -> None:
        for waiting in batch:
            value, error = waiting.result
            self._upkeep.told(waiting.names)
            if error is None and waiting.told is not None:
                waiting.told()
            if waiting.future is None or waiting.future.cancelled():
                continue
            if error is None:
                waiting.future.set_result(value)
            else:
                waiting.future.set_exception(error)
