"""JSON or XML: what a client sends and takes. Behind this all is JSON (R4 http 3.1.0.1.11)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from fhir_server.errors import REPLIES
from fhir_server.http.asgi import ASGI, JSON, Message, Receive, Scope, Send, answer, failure
from fhir_server.http.media import WRITABLE, media, of_version
from fhir_server.http.request import Request
from fhir_server.http.xml import to_json, to_xml

XML = b"application/fhir+xml"
XML_TYPES = frozenset(
    {"application/fhir+xml", "application/xml", "text/xml", "xml", "application/xml+fhir"}
)
KNOWN_ERRORS = tuple(REPLIES)
LARGE = 256 << 10  # bytes from which on a body is converted on a thread
_QUALITY = re.compile(r";\s*q=([0-9.]+)")


class Formats:
    """An ASGI app around one that knows JSON alone; `limit` is that of a body in bytes."""

    def __init__(self, app: ASGI, limit: int) -> None:
        self._app, self._limit = app, limit

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Passes JSON through as it is."""
        if scope.get("method") == "POST" and scope["path"].endswith("/_search"):
            return self._form(scope, receive, send)
        if scope["type"] != "http" or not _mentions_xml(scope):
            return self._app(scope, receive, send)
        return self._convert(scope, receive, send)

    async def _form(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A search by POST."""
        try:
            scope, receive = await _lifted(scope, receive, self._limit)
        except KNOWN_ERRORS as error:
            return await answer(send, failure(error))
        pass_on = self._convert if _mentions_xml(scope) else self._app
        return await pass_on(scope, receive, send)

    async def _convert(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, self._limit)
        told = _Told(send, pretty=request.pretty, head=request.method == "HEAD")
        out: Send = told if _wants_xml(request) else send
        inner = _inner(scope, wants=out is told)
        sent = request.header(b"content-type")
        if media(sent) in XML_TYPES and of_version(sent):
            try:
                body = await _converted(to_json, await request.body())
            except KNOWN_ERRORS as error:
                return await answer(out, failure(error))
            receive = _received(body)
            _describe(inner, len(body))
        await self._app(inner, receive, out)
        return None


class _Told:
    """Sends in XML what is told in JSON."""

    def __init__(self, send: Send, *, pretty: bool, head: bool) -> None:
        self._send, self._pretty, self._head = send, pretty, head
        self._start: Message = {}
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        headers = dict(self._start["headers"])
        body = b"".join(self._parts)
        if headers.get(b"content-type", b"").startswith(JSON):
            headers[b"content-type"] = XML
            headers.pop(b"content-length", None)
            if body:
                body = await _converted(lambda b: to_xml(b, pretty=self._pretty), body)
            if not self._head:
                headers[b"content-length"] = b"%d" % len(body)
        await self._send({**self._start, "headers": list(headers.items())})
        await self._send({"type": "http.response.body", "body": body})


async def _lifted(scope: Scope, receive: Receive, limit: int) -> tuple[Scope, Receive]:
    """A search by POST with what its form says of the reply where a URL has it."""
    request = Request(scope, receive, limit)
    body = await request.body()
    inner = {**scope}
    _describe(inner, len(body), request.header(b"content-type").encode("latin-1"))
    if own := [p for p in parse_qsl(body.decode("latin-1")) if p[0] in ("_format", "_pretty")]:
        inner["query_string"] = b"&".join(filter(None, (scope["query_string"], _written(own))))
    return inner, _received(body)


def _written(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs).encode()


async def _converted(convert: Callable[[bytes], bytes], body: bytes) -> bytes:
    return await asyncio.to_thread(convert, body) if len(body) > LARGE else convert(body)


def _mentions_xml(scope: Scope) -> bool:
    if b"xml" in scope["query_string"]:
        return True
    for name, value in scope["headers"]:  # a loop: this is on every request's way
        if name in (b"accept", b"content-type") and b"xml" in value.lower():
            return True
    return False


def _wants_xml(request: Request) -> bool:
    """Whether the reply is to be in XML: by _format, else by Accept, else as the body is."""
    if wanted := dict(request.query).get("_format"):
        return media(wanted.replace(" ", "+")) in XML_TYPES
    accept = request.header(b"accept")
    if not accept.strip() or accept.strip() == "*/*":
        return media(request.header(b"content-type")) in XML_TYPES
    return _prefers_xml(accept)


@lru_cache(256)
def _prefers_xml(accept: str) -> bool:
    best = {True: 0.0, False: 0.0}
    for each in accept.split(","):
        kind = media(each)
        found = _QUALITY.search(each)
        quality = float(found[1]) if found else 1.0
        for xml, kinds in ((True, XML_TYPES), (False, WRITABLE)):
            if kind in kinds and of_version(each):
                best[xml] = max(best[xml], quality)
    return best[True] > best[False]


def _inner(scope: Scope, *, wants: bool) -> Scope:
    """The request as the app within sees it."""
    if not wants:
        return {**scope}
    headers = [(k, v) for k, v in scope["headers"] if k != b"accept"]
    query = scope["query_string"]
    if b"_format=" in query:
        kept = [p for p in parse_qsl(query.decode("latin-1"), True) if p[0] != "_format"]
        query = _written(kept)
    return {**scope, "headers": [*headers, (b"accept", JSON)], "query_string": query}


def _describe(scope: Scope, size: int, kind: bytes = JSON) -> None:
    replaced = (b"content-type", b"content-length", b"content-encoding")
    headers = [(k, v) for k, v in scope["headers"] if k not in replaced]
    length = (b"content-length", b"%d" % size)
    scope["headers"] = [*headers, (b"content-type", kind), length]


def _received(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
