"""MLLP framing (HL7 v2 Transport, MLLP Release 1): bytes on a socket to message bytes and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

log = logging.getLogger(__name__)
START, STOP, RETURN = b"\x0b", b"\x1c", b"\r"
END = STOP + RETURN
OUTSIDE_BYTES = 1 << 16  # of what is no frame, before the connection is closed
OUTSIDE_SECONDS = 30.0  # from the first such byte to the frame that is waited for
RETURN_SECONDS = 5.0  # from 0x1C to the 0x0D that belongs to it
LINGER_SECONDS = 1.0  # to read on after a refusal: a socket closed with bytes unread drops it

Answer = Callable[[bytes, str], Awaitable[bytes]]  # (message, peer) → reply
Refuse = Callable[[str, bytes], bytes]  # (what is wrong, the bytes or their beginning) → reply


class BadFrame(ValueError):
    """Bytes that are no frame: no start byte, no proper end, or over the limit.

    `raw` are the bytes or their beginning.
    """

    def __init__(self, text: str, raw: bytes = b"") -> None:
        super().__init__(text)
        self.raw = raw


class Outside(BadFrame):
    """Bytes outside of any frame, too many or for too long: there is nothing to answer to."""


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Message bytes between <VT> and <FS><CR>; what stands between frames is ignored.

    Raises BadFrame, Outside where no frame begins after what stands outside.
    """
    while await _begun(reader):
        yield await _body(reader)


async def _begun(reader: asyncio.StreamReader) -> bool:
    """Whether a frame begins; its start byte is read. False at the end of the stream."""
    outside = bytearray()
    try:
        async with asyncio.timeout(None) as patience:
            while (byte := await reader.read(1)) != START:
                if not byte:
                    break
                if byte == STOP:
                    raise BadFrame("the frame has no start byte (0x0B)", bytes(outside))
                if not outside and byte in b"\r\n":
                    continue
                if not outside:
                    patience.reschedule(asyncio.get_running_loop().time() + OUTSIDE_SECONDS)
                outside += byte
                if len(outside) > OUTSIDE_BYTES:
                    raise Outside(f"over {OUTSIDE_BYTES} bytes outside of any frame")
    except TimeoutError:
        raise Outside(f"{len(outside)} bytes outside of any frame, then none began") from None
    if outside:
        log.warning("%d bytes outside of any frame were ignored", len(outside))
    return bool(byte)


async def _body(reader: asyncio.StreamReader) -> bytes:
    try:
        body = (await reader.readuntil(STOP))[:-1]
    except asyncio.IncompleteReadError as cut:
        raise BadFrame("the stream ended inside a frame", cut.partial) from None
    except asyncio.LimitOverrunError:
        raise BadFrame("the frame is over the size limit", await reader.read(4096)) from None
    first, again, _ = body.partition(START)
    if again:
        raise BadFrame("a frame begins (0x0B) before the one before it ends (0x1C 0x0D)", first)
    try:
        async with asyncio.timeout(RETURN_SECONDS):
            ended = await reader.read(1) == RETURN
    except TimeoutError:
        ended = False
    if not ended:
        raise BadFrame("the frame ends in 0x1C without 0x0D: it takes both", body)
    return body


def frame(message: bytes) -> bytes:
    """The message as one frame."""
    return START + message + END


class Listener:
    """A listening socket with its open connections; `port` is the actual one."""

    def __init__(self, answer: Answer, refuse: Refuse, limit: int) -> None:
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
        except Outside as error:
            log.warning("a connection was closed: %s", error)
        except BadFrame as error:
            writer.write(frame(self._refuse(str(error), error.raw)))
            await writer.drain()
            writer.write_eof()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINGER_SECONDS):
                    while await reader.read(1 << 16):
                        pass


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
