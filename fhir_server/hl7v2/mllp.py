"""MLLP framing (HL7 v2 Transport, MLLP Release 1): bytes on a socket to message bytes and back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

START, END = b"\x0b", b"\x1c\r"

Answer = Callable[[bytes, str], Awaitable[bytes]]  # (message, peer) → reply


class BadFrame(ValueError):
    """Bytes that are no frame: no start byte, cut short, or over the limit."""


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Message bytes between <VT> and <FS><CR>; line ends between frames are ignored."""
    while True:
        try:
            block = (await reader.readuntil(END)).lstrip(b"\r\n")
        except asyncio.IncompleteReadError as cut:
            if cut.partial.strip(b"\r\n"):
                raise BadFrame("the stream ended inside a frame") from None
            return
        except asyncio.LimitOverrunError:
            raise BadFrame("the frame is over the size limit") from None
        if not block.startswith(START):
            raise BadFrame("the frame has no start byte (0x0B)")
        yield block[1:-2]


def frame(message: bytes) -> bytes:
    """The message as one frame."""
    return START + message + END


class Listener:
    """A listening socket with its open connections; `port` is the actual one."""

    def __init__(self, answer: Answer, refuse: Callable[[str], bytes], limit: int) -> None:
        self._answer, self._refuse, self._limit = answer, refuse, limit
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(
            self._connected, host, port, limit=self._limit + len(START) + len(END)
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Takes no more messages; the ones at hand are answered first."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks - self._busy:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)
        for task in self._tasks:
            task.cancel()
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine of start_server always runs in a task
        self._tasks.add(task)
        peer = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        try:
            await self._converse(task, reader, writer, peer)
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            self._tasks.discard(task)
            self._busy.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(
        self,
        task: asyncio.Task[None],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        peer: str,
    ) -> None:
        try:
            async for message in frames(reader):
                self._busy.add(task)
                writer.write(frame(await self._answer(message, peer)))
                await writer.drain()
                self._busy.discard(task)
                if self._server is None or not self._server.is_serving():
                    return
        except BadFrame as error:
            writer.write(frame(self._refuse(str(error))))
            await writer.drain()


async def send(host: str, port: int, message: bytes, timeout: float = 60) -> bytes:
    """Sends one message and gives the reply's bytes; raises OSError or BadFrame."""
    async with asyncio.timeout(timeout):
        reader, writer = await asyncio.open_connection(host, port, limit=1 << 26)
        try:
            writer.write(frame(message))
            await writer.drain()
            async for reply in frames(reader):
                return reply
            raise BadFrame("the listener closed without an answer")
        finally:
            writer.close()
