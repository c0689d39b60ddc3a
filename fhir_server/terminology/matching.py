"""Free text to codes on several cores: worker processes that share the mapped index.

Ranking is Python for the most part, so that threads would take turns at it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import signal
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.service import Terminology
from terminology.types import Match

log = logging.getLogger(__name__)
Found = tuple[Match, ...]
Asked = tuple[tuple[str, ...], str, int]  # texts, system, count
CHUNK = 16  # texts that a worker takes at once
LEAVE = 2.0  # seconds that a worker gets to end


class Matching:
    """`Terminology.match` for requests: in this process, until `start` gives it workers."""

    def __init__(self, terminology: Terminology, data: Path) -> None:
        self._terminology, self._data = terminology, data
        self._workers: list[_Worker] = []
        self._wanted = 0
        # None in a worker's stead says that there is none left
        self._free: asyncio.Queue[_Worker | None] = asyncio.Queue()

    def start(self, workers: int) -> None:
        """Lets so many workers take part: they are started when they are first needed."""
        self._wanted = workers

    def _start_workers(self) -> None:
        """Begins to start workers; each takes part once it is ready."""
        self._workers = [_Worker(self._data) for _ in range(self._wanted)]
        self._wanted = 0
        for worker in self._workers:
            worker.when_ready(self._free.put_nowait)

    async def renew(self) -> None:
        """Starts the workers anew, with what is loaded now; those at work end afterwards."""
        count, self._workers = len(self._workers), []
        while not self._free.empty():
            worker = self._free.get_nowait()
            if worker is not None:
                await asyncio.to_thread(worker.end)
        self.start(count or self._wanted)

    @property
    def ready(self) -> bool:
        """Whether a worker takes part."""
        return any(worker.ready for worker in self._workers)

    @property
    def processes(self) -> list[BaseProcess]:
        """The workers' processes."""
        return [worker.process for worker in self._workers]

    async def close(self) -> None:
        """Ends the workers."""
        workers, self._workers = self._workers, []
        for worker in workers:
            await asyncio.to_thread(worker.end)

    async def __call__(self, texts: Sequence[str], system: str, count: int) -> list[Found]:
        """The candidates of each text, at most `count`, best first; raises UnknownSystem."""
        url = self._terminology.resolve(system)
        chunks = [tuple(texts[n : n + CHUNK]) for n in range(0, len(texts), CHUNK)]
        if self._wanted:
            self._start_workers()
        if not self.ready:
            return await self._here(chunks, url, count)
        found = await asyncio.gather(*(self._match((chunk, url, count)) for chunk in chunks))
        return list(itertools.chain.from_iterable(found))

    async def _here(self, chunks: Sequence[tuple[str, ...]], url: str, count: int) -> list[Found]:
        """The work of a worker on the event loop, where others have their turn between chunks."""
        found: list[Found] = []
        for chunk in chunks:
            if found:
                await asyncio.sleep(0)
            found += _matched(self._terminology, (chunk, url, count))
        return found

    async def _match(self, asked: Asked) -> list[Found]:
        worker = await self._free.get()
        if worker is None:
            self._free.put_nowait(None)  # for who else waits
            return _matched(self._terminology, asked)
        # who leaves doesn't take the worker along, which has still to answer
        return await asyncio.shield(asyncio.create_task(self._asked(worker, asked)))

    async def _asked(self, worker: _Worker, asked: Asked) -> list[Found]:
        """A worker's answer; it is free again afterwards."""
        try:
            answer = await worker.ask(asked)
        except (EOFError, OSError):
            log.error("a worker of $match ended; the server does its work from now on")
            if worker in self._workers:
                self._workers.remove(worker)
            if not self.ready:
                self._free.put_nowait(None)
            return _matched(self._terminology, asked)
        if worker in self._workers:
            self._free.put_nowait(worker)
        else:
            await asyncio.to_thread(worker.end)
        if isinstance(answer, TerminologyError):
            raise answer
        return answer


class _Worker:
    """A process with the terminology opened, and the pipe to it; one question at a time."""

    def __init__(self, data: Path) -> None:
        context = get_context("spawn")
        self._pipe, far = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_work, args=(far, data), name="medparser-match", daemon=True
        )
        self.process.start()
        far.close()
        self.ready = False

    def when_ready(self, tell: Callable[[_Worker], None]) -> None:
        """Calls `tell` with itself once the process is up; never, where that fails."""
        loop = asyncio.get_running_loop()

        def up() -> None:
            loop.remove_reader(self._pipe.fileno())
            try:
                self._pipe.recv()
            except (EOFError, OSError):
                log.error("a worker of $match did not start")
                return
            self.ready = True
            tell(self)

        loop.add_reader(self._pipe.fileno(), up)

    async def ask(self, asked: Asked) -> list[Found] | TerminologyError:
        """The answer; raises EOFError or OSError where the process has ended."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[None] = loop.create_future()
        self._pipe.send(asked)
        loop.add_reader(self._pipe.fileno(), _resolve, told)
        try:
            await told
        finally:
            loop.remove_reader(self._pipe.fileno())
        answer: list[Found] | TerminologyError = self._pipe.recv()
        return answer

    def end(self) -> None:
        """Closes the pipe, by which the process ends."""
        self._pipe.close()
        self.process.join(LEAVE)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(LEAVE)


def _resolve(told: asyncio.Future[None]) -> None:
    if not told.done():
        told.set_result(None)


def _work(pipe: Connection, data: Path) -> None:
    """What a worker does: answers until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    terminology = Terminology.open(data)
    try:
        pipe.send(None)
        while True:
            asked: Asked = pipe.recv()
            try:
                pipe.send(_matched(terminology, asked))
            except TerminologyError as error:
                pipe.send(error)
    except (EOFError, OSError):
        return


def _matched(terminology: Terminology, asked: Asked) -> list[Found]:
    texts, system, count = asked
    return [terminology.match(text, system, count) for text in texts]
