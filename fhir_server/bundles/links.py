"""Links between the entries of a transaction, rewritten in the resources' bytes (R4 3.1.0.11.2)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.shape import shape
from fhir_server.errors import BadRequest
from fhir_server.parse import parse
from fhir_server.splice import items, members

KNOWN = frozenset(RESOURCE_TYPES)
LINKED = frozenset({"uri", "url", "canonical", "oid", "uuid", "xhtml"})
_REFERENCE = re.compile(rb'("reference"\s*:\s*")([^"\\]*+(?:\\.[^"\\]*+)*+)(?=")')
_ATTRIBUTE = re.compile(r"""(\b(?:href|src)\s*=\s*["'])([^"'#]*)""")
_URN, _URNS = b"urn:", (b"urn:uuid:", b"urn:oid:")
_ANY_URN = re.compile(rb"urn:(?:uuid|oid):[0-9A-Za-z.\-]+")


class Links:
    """What a link says, and what it is to say in its place; `known` are urls that lead to entries
    and stay as they are."""

    def __init__(self, targets: Mapping[str, str], known: Iterable[str] = ()) -> None:
        self._targets = targets
        self._raw = _Raw({key.encode(): value.encode() for key, value in targets.items()})
        self._known = {*known, *targets}
        self._stems = {
            (key if key.startswith("http") else f'"{key}').rpartition("/")[0].encode() + b"/"
            for key in targets
            if "/" in key and "?" not in key and "/_history/" not in key
        }

    def rewritten(self, body: bytes, type: str) -> bytes:
        """The bytes of a resource with each link to an entry replaced; all other bytes stay.

        References are found by their name, other links (uris, the narrative's href and src) by
        the type of their element. Raises BadRequest for a reference to a urn that no entry has,
        with its place, and where the bytes are no JSON.
        """
        pieces = _REFERENCE.split(body)
        if len(pieces) > 1:
            pieces[2::3] = map(self._raw.__getitem__, pieces[2::3])
            body = b"".join(pieces)
        urn = _URN in body
        if urn and (lost := self._lost(pieces[2::3])):
            for where, url in _places(parse(body), "", lost):
                raise BadRequest(
                    f"no entry of the Bundle has the fullUrl {url[:100]}", f"{type}{where}"
                )
        if self._elsewhere(body, urn=urn):
            parse(body)  # what follows takes sound JSON
            for start, end, new in reversed(list(_edits(body, 0, len(body), type, self._targets))):
                body = body[:start] + new + body[end:]
        return body

    def _lost(self, urls: Iterable[bytes]) -> set[str]:
        """The urns among them that no entry has."""
        texts = {_text(url) for url in urls if url.startswith(_URNS)}
        return {t for t in texts if self._known.isdisjoint((t, t.partition("#")[0]))}

    def _elsewhere(self, body: bytes, *, urn: bool) -> bool:
        """Whether a link may be in the bytes, seen without regard to elements."""
        if urn and not self._raw.keys().isdisjoint(_ANY_URN.findall(body)):
            return True
        return bool(self._stems) and any(stem in body for stem in self._stems)


class _Raw(dict[bytes, bytes]):
    """Links as bytes; one that is not there, or not as it is written, stays."""

    def __missing__(self, url: bytes) -> bytes:
        return self.get(_text(url).encode(), url) if b"\\" in url else url


def conditional(body: bytes) -> list[str]:
    """The references of a resource that are searches: "Patient?identifier=…"."""
    if b"?" not in body:
        return []
    found = [_text(url) for url in _REFERENCE.split(body)[2::3] if b"?" in url]
    return [text for text in found if "?" in text and text[:1].isupper()]


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
