"""HTTP as FHIR wants it, on raw ASGI: headers in, negotiation, bodies with a limit, replies."""

from __future__ import annotations

import re
import zlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
import orjson

from fhir_server.errors import (
    CONTENT_TYPE,
    BadRequest,
    MethodNotAllowed,
    NotAcceptable,
    TooLarge,
    UnsupportedMedia,
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
READABLE = frozenset(  # the last as older clients write it
    {"application/fhir+json", "application/json", "text/json", "application/json+fhir"}
)
BOM = b"\xef\xbb\xbf"  # which some clients write before UTF-8
WRITABLE = READABLE | {"*/*", "application/*", "json"}
FORM = "application/x-www-form-urlencoded"
VERSIONS = ("4.0", "4.0.1")  # of FHIR, as the parameter fhirVersion of a media type has them
_VERSION = re.compile(r";\s*fhirversion\s*=\s*\"?([^;\",\s]*)", re.IGNORECASE)
ANY = 0  # what `If-Match: *` names: whichever version there is
_RETURN = re.compile(r'return="?(minimal|representation|OperationOutcome)')
_ETAG = re.compile(r'(?:W/)?"([^"]*)"')
_BARE = re.compile(r'(?:W/)?(?:"([0-9]{1,18})"|([0-9]{1,18}))')  # some clients leave the quotes out


class Reply(NamedTuple):
    """A status, a body (FHIR JSON, or of another type), headers besides those of the body."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()
    type: bytes = JSON


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
        sent = self.header(b"if-match").strip()
        if not sent:
            return None
        if (wanted := version_of(sent)) is None:
            raise BadRequest('If-Match is a version, as in W/"3"', "http.If-Match")
        return wanted

    def if_none_match(self) -> bool:
        """Whether If-None-Match lets a write only make what is not there; raises BadRequest."""
        sent = self.header(b"if-none-match").strip()
        if sent not in ("", "*"):
            raise BadRequest("If-None-Match of a write is *", "http.If-None-Match")
        return bool(sent)

    def unchanged(self, version: int, last_updated: int) -> bool:
        """Whether a conditional read (If-None-Match, else If-Modified-Since) holds."""
        tags = self.headers.get(b"if-none-match", b"").decode("latin-1")
        since = self.headers.get(b"if-modified-since", b"").decode("latin-1")
        try:
            seconds = parsedate_to_datetime(since).timestamp() if since else None
        except ValueError:
            seconds = None
        return unchanged(version, last_updated, tags, seconds)


def version_of(tag: str) -> int | None:
    """The version that an ETag of ours names, ANY for "*"; None where it is none."""
    if tag == "*":
        return ANY
    found = _BARE.fullmatch(tag)
    return int(found[1] or found[2]) if found else None


def _joined(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """Headers by name; one that comes more than once is a list (RFC 9110, 5.3)."""
    given: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        given.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in given.items()}


def unchanged(version: int, last_updated: int, tags: str, since: float | None) -> bool:
    """Whether a version is one of the tags; without tags, whether it is as old as `since` (s)."""
    if tags:
        return tags.strip() == "*" or str(version) in _ETAG.findall(tags)
    return since is not None and last_updated // 1000 <= since


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
        return tuple(parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise BadRequest("the parameters are not percent-encoded UTF-8") from None


def media(value: str) -> str:
    """A media type without its parameters, lower case."""
    return value.partition(";")[0].strip().lower()


def of_version(type: str) -> bool:
    """Whether a media type names no other version of FHIR than R4 (R4 http 3.1.0.1.11)."""
    found = _VERSION.search(type)
    return found is None or found[1] in VERSIONS


@lru_cache(256)
def unreadable(sent: bytes) -> str:
    """Why a body of this Content-Type is no FHIR JSON; empty where it is."""
    type = sent.decode("latin-1")
    if media(type) not in READABLE:
        return f"send application/fhir+json, not {type or 'no Content-Type'!r}"
    return "" if of_version(type) else f"FHIR 4.0 is read here, not {type!r}"


@lru_cache(256)
def acceptable(accept: bytes) -> bool:
    """Whether an Accept header lets FHIR JSON through; nothing said lets all through."""
    if not accept.strip():
        return True
    return any(
        media(each) in WRITABLE
        and of_version(each)
        and not re.search(r";\s*q=0(\.0*)?\s*(;|$)", each)
        for each in accept.decode("latin-1").split(",")
    )


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
