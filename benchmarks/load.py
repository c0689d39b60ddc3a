"""HTTP load: keep-alive connections that send one prepared request after another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

READ = 1 << 16


async def rate(
    port: int,
    requests: Sequence[bytes],
    clients: int,
    seconds: float,
    expect: bytes,
    count: int = 1 << 62,
) -> float:
    """Requests answered in a second, `count` at most; raises ValueError where an answer is not
    `expect`ed."""
    done = 0
    until = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = number
        while time.perf_counter() < until and turn < count:
            writer.write(requests[turn % len(requests)])
            turn += clients
            await _answer(reader, expect)
            done += 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(client(n) for n in range(clients)))
    return done / (time.perf_counter() - started)


async def latencies(
    port: int, requests: Sequence[bytes], clients: int, each: float, seconds: float
) -> list[float]:
    """Seconds from when a request was due to its answer; every client sends `each` a second."""
    found: list[float] = []
    began = time.perf_counter()

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = 0
        while (due := began + (turn + number / clients) / each) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(requests[(number + turn * clients) % len(requests)])
            await _answer(reader, b"HTTP/1.1 200")
            found.append(time.perf_counter() - due)
            turn += 1
        writer.close()

    await asyncio.gather(*(client(n) for n in range(clients)))
    return found


async def _answer(reader: asyncio.StreamReader, expect: bytes) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(expect):
        raise ValueError(f"expected {expect!r}, got {head[:60]!r}")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
    await reader.readexactly(length)


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """One HTTP request's bytes."""
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/fhir+json\r\n"
    if body:
        head += f"content-type: application/fhir+json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def measure(
    port: int, requests: Sequence[bytes], clients: int, seconds: float, expect: bytes
) -> Callable[[], float]:
    """A round of `rate` to run when its turn comes."""
    return lambda: asyncio.run(rate(port, requests, clients, seconds, expect))
