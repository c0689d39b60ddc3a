"""HTTP on raw ASGI: what its parts are called, replies and how they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from email.utils import formatdate
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import orjson

from fhir_server.errors import (
    MethodNotAllowed,
    TooLarge,
    outcome,
    reply_of,
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]
JSON = b"application/fhir+json"


class Reply(NamedTuple):
    """A status, a body (FHIR JSON, or of another type), headers besides those of the body."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()
    type: bytes = JSON


@lru_cache(4096)
def http_date(seconds: int) -> bytes:
    """An HTTP date."""
    return formatdate(seconds, usegmt=True).encode()


def failure(error: Exception, headers: Iterable[Header] = ()) -> Reply:
    """The OperationOutcome of an error with its status."""
    own: tuple[Header, ...] = ()
    if isinstance(error, MethodNotAllowed):
        own = ((b"allow", error.allowed.encode()),)
    if isinstance(error, TooLarge):  # the rest of the body is not read
        own = ((b"connection", b"close"),)
    return Reply(reply_of(error).status, orjson.dumps(outcome(error)), (*own, *headers))


async def answer(send: Send, reply: Reply, *, head: bool = False, pretty: bool = False) -> None:
    """Sends the reply; `head` leaves the body out, `pretty` indents it without changing a value."""
    body = reply.body
    headers = list(reply.headers)
    if body:
        if pretty and reply.type == JSON:
            body = msgspec.json.format(body, indent=2)
        headers.append((b"content-type", reply.type))
    if reply.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(body)))
    start = {"type": "http.response.start", "status": reply.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else body})
