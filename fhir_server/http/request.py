"""One HTTP request as FHIR wants it: headers, query, the body on demand and with a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Awaitable, Iterable
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from fhir_server.errors import (
    CONTENT_TYPE,
    BadRequest,
    NotAcceptable,
    TooLarge,
    UnsupportedMedia,
)
from fhir_server.http.asgi import Header, Receive, Scope
from fhir_server.http.etag import unchanged, version_of
from fhir_server.http.media import FORM, acceptable, media, unreadable

BOM = b"\xef\xbb\xbf"  # which some clients write before UTF-8
_RETURN = re.compile(r'return="?(minimal|representation|OperationOutcome)')


class Request:
    """One request: method, path below the base, headers, query; the body on demand."""

    __slots__ = ("_receive", "_scope", "headers", "limit", "method")

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self._scope, self._receive, self.limit = scope, receive, limit
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        if len(self.headers) < len(scope["headers"]):
            self.headers = _joined(scope["headers"])

    def header(self, name: bytes) -> str:
        """A header's value, empty where it was not sent."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def raw_query(self) -> bytes:
        """The query string of the URL as it was sent."""
        raw: bytes = self._scope["query_string"]
        return raw

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the URL in their order."""
        raw = self._scope["query_string"]
        return pairs(raw) if raw else ()

    def body(self) -> Awaitable[bytes]:
        """The whole body, unpacked; raises TooLarge before more than `limit` bytes are held."""
        return self._unpacked() if b"content-encoding" in self.headers else self._sent()

    async def _unpacked(self) -> bytes:
        coding = self.header(b"content-encoding").strip().lower()
        if coding in ("gzip", "x-gzip"):
            return unpacked(await self._sent(), self.limit)
        if coding not in ("", "identity"):
            text = "the Content-Encoding of a body is gzip, or there is none"
            raise UnsupportedMedia(text, "http.Content-Encoding")
        return await self._sent()

    async def text(self) -> bytes:
        """The body where it is text: a byte order mark is no part of it (RFC 8259, 8.1)."""
        return (await self.body()).removeprefix(BOM)

    async def _sent(self) -> bytes:
        announced = self.headers.get(b"content-length", b"")
        if announced.isdigit() and int(announced) > self.limit:
            raise TooLarge(f"the body is over the limit of {self.limit} bytes")
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise BadRequest("the client left before its body was complete")
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self.limit:
                raise TooLarge(f"the body is over the limit of {self.limit} bytes")
            if not message.get("more_body"):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def resource(self) -> Awaitable[bytes]:
        """The body where it is FHIR JSON; raises UnsupportedMedia, TooLarge."""
        if refused := unreadable(self.headers.get(b"content-type", b"")):
            raise UnsupportedMedia(refused, CONTENT_TYPE)
        return self.text()

    async def form(self) -> tuple[tuple[str, str], ...]:
        """The parameters of a form body (POST _search); raises UnsupportedMedia."""
        sent = self.header(b"content-type")
        body = await self.text()
        if body and media(sent) != FORM:
            text = f"_search takes {FORM}, not {sent or 'no Content-Type'!r}"
            raise UnsupportedMedia(text, CONTENT_TYPE)
        return pairs(body)

    def check_format(self) -> None:
        """Raises NotAcceptable where the client takes no JSON (Accept, or _format before it).

        XML is made of it further out, see fhir_server.http.formats.
        """
        raw = self._scope["query_string"]
        if raw and b"_format=" in raw and (wanted := dict(self.query).get("_format")):
            if not acceptable(wanted.replace(" ", "+").encode()):
                text = f"_format={wanted} is not served; FHIR JSON and XML are"
                raise NotAcceptable(text, "_format")
        elif not acceptable(self.headers.get(b"accept", b"")):
            text = "application/fhir+json and application/fhir+xml are served (see Accept)"
            raise NotAcceptable(text, "http.Accept")

    @property
    def pretty(self) -> bool:
        """Whether the reply is to be indented."""
        raw = self._scope["query_string"]
        return b"_pretty=true" in raw

    @property
    def preference(self) -> str:
        """What the reply to a write is to hold: minimal, representation, OperationOutcome or ""."""
        found = _RETURN.search(self.header(b"prefer")) if b"prefer" in self.headers else None
        return found[1] if found else ""

    @property
    def handling(self) -> str:
        """What is to become of unknown search parameters: lenient, strict or ""."""
        found = re.search(r'handling="?(lenient|strict)', self.header(b"prefer"))
        return found[1] if found else ""

    def if_match(self) -> int | None:
        """The version that If-Match names, ANY for "*"; raises BadRequest where it is no ETag of
        ours."""
        if b"if-match" not in self.headers:
            return None
        if (wanted := version_of(self.header(b"if-match").strip())) is None:
            raise BadRequest('If-Match is a version, as in W/"3"', "http.If-Match")
        return wanted

    def if_none_match(self) -> bool:
        """Whether If-None-Match lets a write only make what is not there; raises BadRequest."""
        if b"if-none-match" not in self.headers:
            return False
        if self.header(b"if-none-match").strip() != "*":
            raise BadRequest("If-None-Match of a write is *", "http.If-None-Match")
        return True

    def unchanged(self, version: int, last_updated: int) -> bool:
        """Whether a conditional read (If-None-Match, else If-Modified-Since) holds."""
        tags = self.headers.get(b"if-none-match", b"").decode("latin-1")
        since = self.headers.get(b"if-modified-since", b"").decode("latin-1")
        try:
            seconds = parsedate_to_datetime(since).timestamp() if since else None
        except ValueError:
            seconds = None
        return unchanged(version, last_updated, tags, seconds)


def _joined(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """Headers by name; one that comes more than once is a list (RFC 9110, 5.3)."""
    given: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        given.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in given.items()}


def unpacked(body: bytes, limit: int) -> bytes:
    """What gzip packed; raises TooLarge beyond `limit` bytes, BadRequest where it is no gzip."""
    unpacking = zlib.decompressobj(31)
    try:
        whole = unpacking.decompress(body, limit + 1)
    except zlib.error:
        text = "the body is not gzip, as its Content-Encoding says"
        raise BadRequest(text, "http.Content-Encoding") from None
    if len(whole) > limit:
        raise TooLarge(f"the unpacked body is over the limit of {limit} bytes")
    if not unpacking.eof:
        raise BadRequest("the gzip of the body is cut off", "http.Content-Encoding")
    return whole


def pairs(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The parameters of a query string or form; raises BadRequest where it is not UTF-8."""
    try:
        return tuple(parse_qsl(raw.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise BadRequest("the parameters are not UTF-8, percent-encoded or plain") from None
