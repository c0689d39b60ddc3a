"""Puts id and meta into a resource's bytes; every other byte stays as the client wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

_SPLIT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_ITEM = re.compile(rb"\s*+[\[,]\s*+")  # what comes before an item
_MEMBER = re.compile(rb'[\s{,]*+("(?:[^"\\]++|\\.)*+")\s*+:\s*+')

_HEAD = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"\w+"(?:\s*,\s*"id"\s*:\s*("[^"\\]*"))?')
_META = re.compile(rb'(?:,\s*)?"meta"\s*:\s*\{')

VERSION, INSTANT = 0, 1
FRESH = b',"meta":{"versionId":', VERSION, b',"lastUpdated":', INSTANT
HOLDERS = frozenset({"Bundle", "Parameters"})  # of resources, beside those that contain some
Piece = bytes | int


class Member(NamedTuple):
    """A member of a JSON object: its name unescaped, the place of its value in the bytes."""

    name: str
    start: int
    end: int


class Template(msgspec.Struct, frozen=True):
    """A resource's bytes with holes for version and instant."""

    pieces: tuple[Piece, ...]

    def fill(self, version: int, last_updated: int) -> bytes:
        """The resource as stored; `last_updated` is milliseconds since 1970."""
        values = b'"%d"' % version, b'"%b"' % instant(last_updated)
        return b"".join([p if isinstance(p, bytes) else values[p] for p in self.pieces])


def template(body: bytes, resource: Mapping[str, Any], id: str) -> Template:
    """The body with the id, and where meta goes, of a valid resource that was parsed before (see
    fhir_server.parse)."""
    return _usual(body, resource, id) or _any(body, id)


def _usual(body: bytes, resource: Mapping[str, Any], id: str) -> Template | None:
    """The template where type and id come first and meta, if any, has neither of ours."""
    head = _HEAD.match(body)
    if head is None or (head[1] is None) is ("id" in resource):
        return None
    start, end = head.span(1)
    if start < 0:
        start = end = head.end()
    own, new = body[:start] if head[1] else body[:start] + b',"id":', id.encode()
    if "meta" not in resource:
        return Template((b'%b"%b"%b' % (own, new, FRESH[0]), *FRESH[1:], b"}" + body[end:]))
    meta = resource["meta"]
    if not meta or "versionId" in meta or "lastUpdated" in meta:
        return None
    opening = _META.match(body, end)
    if opening is None and not _is_nested(resource):  # no other element has the name
        opening = _META.match(body, max(body.rfind(b'"meta"'), 0))
    if opening is None:
        return None
    at = opening.end()
    begun = b'%b"%b"%b"versionId":' % (own, new, body[end:at])
    return Template((begun, *FRESH[1:], b"," + body[at:]))


def _is_nested(resource: Mapping[str, Any]) -> bool:
    """Whether resources inside it may have a meta of their own."""
    if resource["resourceType"] in HOLDERS:
        return True
    if "contained" not in resource:
        return False
    inside = resource["contained"]
    return any("meta" in each or each["resourceType"] in HOLDERS for each in inside)


def _any(body: bytes, id: str) -> Template:
    found = {m.name: m for m in members(body, 0, len(body))}
    edits: list[tuple[int, int, tuple[Piece, ...]]] = []
    home, new = found["resourceType"].end, b'"%b"' % id.encode()
    if own := found.get("id"):
        edits.append((own.start, own.end, (new,)))
    else:
        edits.append((home, home, (b',"id":', new)))
    if meta := found.get("meta"):
        edits += _meta(body, meta)
    else:
        at = own.end if own else home
        edits.append((at, at, (*FRESH, b"}")))
    return Template(_cut(body, edits))


def members(body: bytes, start: int, end: int) -> Iterator[Member]:
    """The members of the JSON object at body[start:end], in their order.

    msgspec gives each value's bytes, so their length tells where the next member begins.
    """
    place = body.index(b"{", start)
    for name, value in _SPLIT.decode(body[start:end]).items():
        head = _MEMBER.match(body, place)
        if head is None:
            raise ValueError(f"no member at byte {place}")
        place = head.end() + len(value)
        yield Member(name, head.end(), place)


def items(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the items of the JSON array at body[start:end], in their order."""
    place = body.index(b"[", start)
    for value in _ITEMS.decode(body[start:end]):
        head = _ITEM.match(body, place)
        if head is None:
            raise ValueError(f"no item at byte {place}")
        place = head.end() + len(value)
        yield head.end(), place


@lru_cache(1024)
def instant(milliseconds: int) -> bytes:
    """A FHIR instant in UTC with milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    moment = datetime.fromtimestamp(seconds, UTC)
    return b"%b.%03dZ" % (moment.strftime("%Y-%m-%dT%H:%M:%S").encode(), rest)


def _meta(body: bytes, meta: Member) -> Iterator[tuple[int, int, tuple[Piece, ...]]]:
    inner = {m.name: m for m in members(body, meta.start, meta.end)}
    opening = meta.start + 1
    for name, value in (("versionId", VERSION), ("lastUpdated", INSTANT)):
        if old := inner.get(name):
            yield old.start, old.end, (value,)
        else:
            tail = b"," if inner or name == "versionId" else b""
            yield opening, opening, (b'"%b":' % name.encode(), value, tail)


def _cut(body: bytes, edits: list[tuple[int, int, tuple[Piece, ...]]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    place = 0
    for start, end, new in sorted(edits, key=lambda e: e[0]):
        pieces += (body[place:start], *new)
        place = end
    pieces.append(body[place:])
    return tuple(p for p in pieces if p != b"")
