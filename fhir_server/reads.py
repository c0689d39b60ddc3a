"""The read of a resource as most clients ask for it, answered before anything else looks at it."""

from __future__ import annotations

from collections.abc import Awaitable

from fhir_server import binary
from fhir_server.errors import FhirError
from fhir_server.http.asgi import ASGI, JSON, Receive, Scope, Send, http_date
from fhir_server.repository import Repository

# headers by which a read is more than a read; any other value of Accept is negotiated
TOLD = frozenset(
    {b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since", b"origin", b"prefer"}
)
PLAIN = frozenset(
    {
        (b"accept", b"*/*"),
        (b"accept", b"application/fhir+json"),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"identity"),
    }
)


class Reads:
    """An ASGI app around the others: a GET of a stored resource without more is answered here.

    What has a query, a condition or a choice of form goes on, and so does what is not found; a
    Binary has two forms.
    """

    def __init__(self, app: ASGI, repository: Repository, base_path: str) -> None:
        self._app, self._look = app, repository.look
        self._start = f"{base_path}/"
        self._size = len(self._start)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers, or passes on."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            return self._app(scope, receive, send)
        return self._read(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        type, slash, id = path[self._size :].partition("/")
        if not slash or "/" in id or type == binary.TYPE or not path.startswith(self._start):
            return await self._app(scope, receive, send)
        for header in scope["headers"]:
            if header[0] in TOLD and tuple(header) not in PLAIN:
                return await self._app(scope, receive, send)
        try:
            stored = self._look(type, id)
        except FhirError:  # it may be of the server itself, or an operation
            return await self._app(scope, receive, send)
        body = stored.body
        headers = [
            (b"etag", b'W/"%d"' % stored.version),
            (b"last-modified", http_date(stored.last_updated // 1000)),
            (b"content-type", JSON),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return None
