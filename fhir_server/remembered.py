"""Replies kept as the bytes that were sent, for as long as what they were made from stays."""

from __future__ import annotations

from collections.abc import Callable, Collection

from fhir_server.http.asgi import ASGI, Message, Receive, Scope, Send

# what of a request a reply may depend on, besides its method, path, query and body
TELLING = frozenset({b"accept", b"accept-encoding", b"accept-language", b"content-type", b"prefer"})
KEPT = frozenset({200, 404, 422})  # statuses that the same request will be answered with again
LONGEST = 4 << 10  # bytes of a request's query and body
LARGEST = 64 << 10  # bytes of a reply
BUDGET = 32 << 20  # bytes of one generation of replies; there are two
Key = tuple[object, ...]


class Remembered:
    """An ASGI app around another, whose replies on some paths it gives again without asking.

    `paths` are those where the same request has the same reply until `as_of` gives another value.
    The least used half is let go where the replies outgrow their budget.
    """

    def __init__(self, app: ASGI, paths: Collection[str], as_of: Callable[[], object]) -> None:
        self._app, self._paths, self._as_of = app, paths, as_of
        self._told_as_of: object = None
        self._replies: dict[Key, tuple[Message, Message]] = {}
        self._older: dict[Key, tuple[Message, Message]] = {}
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gives the reply again, or lets it be made and keeps it."""
        if scope["type"] != "http" or scope["path"] not in self._paths:
            return await self._app(scope, receive, send)
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
        key = (
            scope["path"],
            scope["query_string"],
            body,
            *[header for header in scope["headers"] if header[0] in TELLING],
        )
        reply = self._replies.get(key) or self._older.get(key)
        if reply is not None:
            await send(reply[0])
            return await send(reply[1])
        await self._made(scope, receive, send, key, as_of)
        return None

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
        size = len(told[1].get("body", b"")) + len(key[2]) + 1024  # type: ignore[arg-type]
        if size <= LARGEST:
            if self._size + size > BUDGET:
                self._older, self._replies, self._size = self._replies, {}, 0
            self._replies[key] = told[0], told[1]
            self._size += size

    def _forget(self, as_of: object) -> None:
        self._replies, self._older, self._size = {}, {}, 0
        self._told_as_of = as_of


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
