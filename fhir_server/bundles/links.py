"""Links between the entries of a transaction, rewritten in the resources' bytes (R4 3.1.0.11.2)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Set
from contextlib import suppress
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.shape import shape
from fhir_server.parse import parse
from fhir_server.splice import items, members

KNOWN = frozenset(RESOURCE_TYPES)
LINKED = frozenset({"uri", "url", "canonical", "oid", "uuid", "xhtml"})
_REFERENCE = re.compile(rb'("reference"\s*:\s*")([^"\\]*+(?:\\.[^"\\]*+)*+)(?=")')
_ATTRIBUTE = re.compile(r"""(\b(?:href|src)\s*=\s*["'])([^"'#]*)""")
_URNS = (b"urn:uuid:", b"urn:oid:")
_URN = re.compile(rb"urn:(?:uuid|oid):[0-9A-Za-z.\-]+")


class Links:
    """What a link says, and what it is to say in its place."""

    def __init__(self, targets: Mapping[str, str]) -> None:
        self.targets = targets
        self.raw = {key.encode(): value.encode() for key, value in targets.items()}
        self._urns = [urn for urn in _URNS if any(key.startswith(urn) for key in self.raw)]
        self._stems = {
            (key if key.startswith("http") else f'"{key}').rpartition("/")[0].encode() + b"/"
            for key in targets
            if "/" in key and "?" not in key and "/_history/" not in key
        }

    def elsewhere(self, body: bytes) -> bool:
        """Whether a link may be in the bytes, seen without regard to elements."""
        for urn in self._urns:
            if urn in body and not self.raw.keys().isdisjoint(_URN.findall(body)):
                return True
        return bool(self._stems) and any(stem in body for stem in self._stems)


class Sent:
    """A resource's bytes as they were sent, cut at its references: text, name, url, text …"""

    __slots__ = ("_pieces", "_urls", "body")

    def __init__(self, body: bytes) -> None:
        self.body, self._pieces = body, _REFERENCE.split(body)
        self._urls = self._pieces[2::3]

    def conditional(self) -> list[str]:
        """The references that are searches: "Patient?identifier=…"."""
        if b"?" not in self.body:
            return []
        found = [_text(url) for url in self._urls if b"?" in url]
        return [text for text in found if "?" in text and text[:1].isupper()]

    def dangling(self, known: Set[bytes]) -> tuple[str, str] | None:
        """The first reference to a urn that is not `known`: its place in the resource, the urn.

        Raises BadRequest where the bytes are no JSON.
        """
        urns = [url for url in self._urls if url not in known and url.startswith(_URNS)]
        if not urns:
            return None
        texts = {_text(url) for url in urns}
        lost = {t for t in texts if known.isdisjoint((t.encode(), t.partition("#")[0].encode()))}
        return next(_places(parse(self.body), "", lost), None) if lost else None

    def rewritten(self, type: str, links: Links) -> bytes:
        """The bytes with each link in `links` replaced; all other bytes stay.

        References are found by their name, other links (uris, the narrative's href and src) by
        the type of their element. Raises BadRequest where the bytes are no JSON.
        """
        if not links.targets:
            return self.body
        body, raw = self.body, links.raw
        if self._urls:
            pieces = self._pieces[:]
            pieces[2::3] = [
                raw.get(_text(url).encode() if b"\\" in url else url, url) for url in self._urls
            ]
            body = b"".join(pieces)
        if links.elsewhere(body):
            parse(body)  # what follows takes sound JSON
            for start, end, new in reversed(list(_edits(body, 0, len(body), type, links.targets))):
                body = body[:start] + new + body[end:]
        return body


def _places(value: Any, where: str, lost: Container[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from _places(each, f"{where}[{n}]", lost)
    elif isinstance(value, dict):
        if value.get("resourceType") == "Bundle":  # its links are its own entries'
            return
        for name, each in value.items():
            if name == "reference" and isinstance(each, str) and each in lost:
                yield f"{where}.{name}", each
            yield from _places(each, f"{where}.{name}", lost)


def _edits(
    body: bytes, start: int, end: int, type: str, links: Mapping[str, str]
) -> Iterator[tuple[int, int, bytes]]:
    fields = shape(type).fields
    for member in members(body, start, end):
        field = fields.get(member.name)
        if field is None or (field.kind == "primitive" and field.type not in LINKED):
            continue
        many = body[member.start : member.start + 1] == b"["
        places = items(body, member.start, member.end) if many else [(member.start, member.end)]
        for first, last in places:
            if field.kind == "primitive":
                text = orjson.loads(body[first:last])
                new = _changed(text, links, markup=field.type == "xhtml")
                if new != text:
                    yield first, last, orjson.dumps(new)
            elif body[first : first + 1] == b"{":
                inner = _resource(body, first, last) if field.kind == "resource" else field.type
                yield from _edits(body, first, last, inner, links)


def _changed(text: str, links: Mapping[str, str], *, markup: bool) -> str:
    if not isinstance(text, str):
        return text
    if markup:
        return _ATTRIBUTE.sub(lambda m: m[1] + links.get(m[2], m[2]), text)
    url, mark, fragment = text.partition("#")
    return links.get(text) or (links[url] + mark + fragment if url in links else text)


def _resource(body: bytes, start: int, end: int) -> str:
    for member in members(body, start, end):
        if member.name == "resourceType":
            name = body[member.start + 1 : member.end - 1].decode()
            return name if name in KNOWN else "Resource"
    return "Resource"


def _text(raw: bytes) -> str:
    """What a string says; of one that is not sound something that no link is."""
    if b"\\" not in raw:
        return raw.decode(errors="replace")
    with suppress(orjson.JSONDecodeError):
        return str(orjson.loads(b'"%b"' % raw))
    return ""
