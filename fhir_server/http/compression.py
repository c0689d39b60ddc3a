"""gzip for who takes it."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Awaitable

from fhir_server.http.asgi import ASGI, Message, Receive, Scope, Send

LEAST = 1024  # bytes of a body from which on it is worth the while
LARGE = 256 << 10  # bytes from which on it is packed on a thread
LEVEL = 5
_TAKES = re.compile(rb"(?:^|[,\s])(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)")


class Gzip:
    """An ASGI app around another, whose replies are single messages or streams (left alone)."""

    def __init__(self, app: ASGI) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Packs the body where the client's Accept-Encoding has gzip."""
        if scope["type"] != "http" or not _takes(scope):
            return self._app(scope, receive, send)
        return self._pack(scope, receive, send)

    async def _pack(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def packing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body = message.get("body", b"")
            if start and len(body) >= LEAST and not message.get("more_body"):
                large = len(body) > LARGE
                body = await asyncio.to_thread(_packed, body) if large else _packed(body)
                headers = [(k, v) for k, v in start["headers"] if k != b"content-length"]
                length = (b"content-length", b"%d" % len(body))
                headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"), length]
                start, message = {**start, "headers": headers}, {**message, "body": body}
            if start:
                await send(start)
                start = {}
            await send(message)

        await self._app(scope, receive, packing)


def _takes(scope: Scope) -> bool:
    for name, value in scope["headers"]:  # a loop: this is on every request's way
        if name == b"accept-encoding":
            return _TAKES.search(value) is not None
    return False


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)
