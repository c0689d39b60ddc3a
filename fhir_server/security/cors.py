"""CORS: which pages of other origins may use the server from a browser. None, unless set."""

from __future__ import annotations

from collections.abc import Collection

from fhir_server.http.asgi import ASGI, Header, Message, Receive, Reply, Scope, Send, answer

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
HEADERS = (
    b"accept, authorization, content-type, if-match, if-modified-since, if-none-exist, "
    b"if-none-match, origin, prefer, x-correlation-id, x-request-id, x-requested-with"
)
EXPOSED = b"content-location, etag, last-modified, location, x-correlation-id, x-request-id"
ANY = "*"


class Cors:
    """An ASGI app around another; `origins` as in https://app.example.org, or "*" for all."""

    def __init__(self, app: ASGI, origins: Collection[str]) -> None:
        self._app, self._origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what browsers ask beforehand, and marks replies that a page may read."""
        headers = dict(scope["headers"]) if scope["type"] == "http" else {}
        origin = headers.get(b"origin")
        if origin is None or not self._allowed(origin):
            return await self._app(scope, receive, send)
        marks: list[Header] = [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"origin"),
        ]
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            marks += [
                (b"access-control-allow-methods", METHODS),
                (b"access-control-allow-headers", HEADERS),
                (b"access-control-max-age", b"600"),
            ]
            return await answer(send, Reply(204, headers=tuple(marks)))

        async def marking(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *marks]}
            await send(message)

        await self._app(scope, receive, marking)
        return None

    def _allowed(self, origin: bytes) -> bool:
        return ANY in self._origins or origin.decode("latin-1") in self._origins
