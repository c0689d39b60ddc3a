"""Replies kept as the bytes that were sent, for as long as what they were made from stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from fhir_server.http.asgi import ASGI, JSON, Header, Message, Receive, Scope, Send

# what of a request a reply may depend on, besides its method, path, query and body
TELLING = frozenset({b"accept", b"accept-encoding", b"accept-language", b"content-type", b"prefer"})
KEPT = frozenset({200, 404, 422})  # statuses that the same request will be answered with again
LONGEST = 4 << 10  # bytes of a request's query and body
LARGEST = 64 << 10  # bytes of a reply
BUDGET = 32 << 20  # bytes of one generation of replies; there are two
MET = 1 << 16  # requests
Key = tuple[Any, ...]
# path, query, body, headers, as_of: the body of the reply, or None
Direct = Callable[[str, bytes, bytes, list[Header], object], bytes | None]


class Remembered:
    """An ASGI app around another, whose replies on some paths it gives again without asking.

    `paths` are those where the same request has the same reply until `as_of` gives another value.
    `direct` gives the body of a reply without asking the app, where it can.
    The least used half is let go where the replies outgrow their budget.
    """

    def __init__(
        self,
        app: ASGI,
        paths: Collection[str],
        as_of: Callable[[], object],
        direct: Direct | None = None,
    ) -> None:
        self._app, self._paths, self._as_of = app, paths, as_of
        self._direct = direct or (lambda *_: None)
        self._told_as_of: object = None
        self._replies: dict[Key, tuple[Message, Message]] = {}
        self._older: dict[Key, tuple[Message, Message]] = {}
        self._size = 0
        self._met: set[int] = set()  # requests that were answered directly

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Gives the reply again, or lets it be made and keeps it."""
        if scope["type"] != "http" or scope["path"] not in self._paths:
            return self._app(scope, receive, send)
        return self._give(scope, receive, send)

    async def _give(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        if scope["method"] == "POST":
            first = await _short(scope, receive)
            if first is None:
                return await self._app(scope, receive, send)
            receive, body = _again(first, receive), first["body"]
        elif scope["method"] != "GET" or len(scope["query_string"]) > LONGEST:
            return await self._app(scope, receive, send)
        if (as_of := self._as_of()) != self._told_as_of:
            self._forget(as_of)
        asked = scope["path"], scope["query_string"], body
        headers = [header for header in scope["headers"] if header[0] in TELLING]
        key = (*asked, *headers)
        reply = self._replies.get(key) or self._older.get(key)
        if reply is None:
            direct = self._direct(*asked, headers, as_of)
            if direct is None:
                return await self._made(scope, receive, send, key, as_of)
            reply = _messages(direct)
            self._meet(key, reply)
        await send(reply[0])
        return await send(reply[1])

    async def _made(
        self, scope: Scope, receive: Receive, send: Send, key: Key, as_of: object
    ) -> None:
        told: list[Message] = []

        async def keeping(message: Message) -> None:
            told.append(message)
            await send(message)

        await self._app(scope, receive, keeping)
        whole = len(told) == 2 and not told[1].get("more_body")
        if not whole or told[0]["status"] not in KEPT or as_of != self._as_of():
            return  # it was streamed, failed, or was made from what has changed meanwhile
        self._keep(key, (told[0], told[1]))

    def _meet(self, key: Key, reply: tuple[Message, Message]) -> None:
        """Keeps what is asked for again: memory for what is made so quickly must pay off."""
        mark = hash(key)
        if mark in self._met:
            self._keep(key, reply)
        else:
            if len(self._met) == MET:
                self._met.clear()
            self._met.add(mark)

    def _keep(self, key: Key, reply: tuple[Message, Message]) -> None:
        size = len(reply[1].get("body", b"")) + len(key[2]) + 1024
        if size <= LARGEST:
            if self._size + size > BUDGET:
                self._older, self._replies, self._size = self._replies, {}, 0
            self._replies[key] = reply
            self._size += size

    def _forget(self, as_of: object) -> None:
        self._replies, self._older, self._size = {}, {}, 0
        self._met.clear()
        self._told_as_of = as_of


def _messages(body: bytes) -> tuple[Message, Message]:
    headers = [(b"content-type", JSON), (b"content-length", b"%d" % len(body))]
    return (
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


async def _short(scope: Scope, receive: Receive) -> Message | None:
    """The body of a POST where it is short and comes at once, else None with nothing read."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            if not value.isdigit() or int(value) > LONGEST:
                return None
            break
    else:
        return None
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return {"type": "http.request", "body": bytes(parts), "left": message}
        parts += message.get("body", b"")
        if not message.get("more_body"):
            return {"type": "http.request", "body": bytes(parts)}


def _again(first: Message, receive: Receive) -> Receive:
    """A `receive` that gives what was read already, then what comes."""
    waiting = [first, *([first.pop("left")] if "left" in first else [])]

    async def given() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return given
