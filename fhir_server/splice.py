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

ID, VERSION, INSTANT = 0, 1, 2
Piece = bytes | int


class Member(NamedTuple):
    """A member of a JSON object: its name unescaped, the place of its value in the bytes."""

    name: str
    start: int
    end: int


class Template(NamedTuple):
    """A resource's bytes with holes for id, version and instant."""

    pieces: tuple[Piece, ...]

    def fill(self, id: str, version: int, last_updated: int) -> bytes:
        """The resource as stored; `last_updated` is milliseconds since 1970."""
        values = (b'"%b"' % id.encode(), b'"%d"' % version, b'"%b"' % instant(last_updated))
        return b"".join([p if isinstance(p, bytes) else values[p] for p in self.pieces])


def template(body: bytes, resource: Mapping[str, Any]) -> Template:
    """Where id and meta go in a resource that was parsed before (see fhir_server.parse).

    The body is a JSON object without duplicate keys whose meta, if any, is an object.
    """
    return _usual(body, resource) or _any(body)


def _usual(body: bytes, resource: Mapping[str, Any]) -> Template | None:
    """The template where type and id come first and the one meta there is has neither of ours."""
    head = _HEAD.match(body)
    if head is None or (head[1] is None) is ("id" in resource):
        return None
    start, end = head.span(1) if head[1] else (head.end(), head.end())
    own: tuple[Piece, ...] = (body[:start], ID) if head[1] else (body[:end], b',"id":', ID)
    if "meta" not in resource:
        fresh = (b',"meta":{"versionId":', VERSION, b',"lastUpdated":', INSTANT, b"}")
        return Template((*own, *fresh, body[end:]))
    meta = resource["meta"]
    if not meta or "versionId" in meta or "lastUpdated" in meta:
        return None
    opening = _META.match(body, end)
    if opening is None:
        opening = _META.match(body, max(body.find(b'"meta"', end), 0))
        if opening is None or body.find(b'"meta"', opening.end()) > 0 or b"\\u00" in body:
            return None  # whose is it?
    at = opening.end()
    ours = (b'"versionId":', VERSION, b',"lastUpdated":', INSTANT, b",")
    return Template((*own, body[end:at], *ours, body[at:]))


def _any(body: bytes) -> Template:
    found = {m.name: m for m in members(body, 0, len(body))}
    edits: list[tuple[int, int, tuple[Piece, ...]]] = []
    home = found["resourceType"].end
    if own := found.get("id"):
        edits.append((own.start, own.end, (ID,)))
    else:
        edits.append((home, home, (b',"id":', ID)))
    if meta := found.get("meta"):
        edits += _meta(body, meta)
    else:
        fresh = (b',"meta":{"versionId":', VERSION, b',"lastUpdated":', INSTANT, b"}")
        at = own.end if own else home
        edits.append((at, at, fresh))
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
