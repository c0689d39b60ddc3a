"""Links between the entries of a transaction, rewritten in the resources' bytes (R4 3.1.0.11.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import orjson

from capability.shape import shape
from fhir_server.splice import items, members

Links = Mapping[str, str]  # what a link says to what it is to say
LINKED = frozenset({"uri", "url", "canonical", "oid", "uuid", "xhtml"})
_REFERENCE = re.compile(rb'("reference"\s*:\s*")((?:[^"\\]|\\.)*)"')
_ATTRIBUTE = re.compile(r"""(\b(?:href|src)\s*=\s*["'])([^"'#]*)""")
_FINGERPRINT = re.compile(rb"urn:uuid:|urn:oid:")


def conditional(body: bytes) -> list[str]:
    """The references of a resource that are searches: "Patient?identifier=…"."""
    if b"?" not in body:
        return []
    found = (_text(match[2]) for match in _REFERENCE.finditer(body))
    return [text for text in found if "?" in text and text[:1].isupper()]


def rewritten(body: bytes, type: str, links: Links) -> bytes:
    """The resource's bytes with each link in `links` replaced; all other bytes stay.

    References are found by their name, other links (uris, the narrative's href and src) by the
    type of their element.
    """
    if not links:
        return body

    def change(match: re.Match[bytes]) -> bytes:
        text = _text(match[2])
        link = links.get(text)
        if link is None:
            return match[0]
        return match[1] + link.encode() + b'"'

    body = _REFERENCE.sub(change, body)
    if _left(body, links):
        edits = list(_edits(body, 0, len(body), type, links))
        for start, end, new in reversed(edits):
            body = body[:start] + new + body[end:]
    return body


def _left(body: bytes, links: Links) -> bool:
    """Whether another link may be in the bytes: by what the links begin with."""
    if _FINGERPRINT.search(body):
        return True
    return any(stem in body for stem in _stems(links))


def _stems(links: Links) -> set[bytes]:
    """The absolute URLs among the links without what comes after their type."""
    return {k.rpartition("/")[0].encode() for k in links if k.startswith("http") and "?" not in k}


def _edits(
    body: bytes, start: int, end: int, type: str, links: Links
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


def _changed(text: str, links: Links, *, markup: bool) -> str:
    if not isinstance(text, str):
        return text
    if markup:
        return _ATTRIBUTE.sub(lambda m: m[1] + links.get(m[2], m[2]), text)
    url, mark, fragment = text.partition("#")
    return links.get(text) or (links[url] + mark + fragment if url in links else text)


def _resource(body: bytes, start: int, end: int) -> str:
    for member in members(body, start, end):
        if member.name == "resourceType":
            return str(orjson.loads(body[member.start : member.end]))
    return "Resource"


def _text(raw: bytes) -> str:
    return str(orjson.loads(b'"%b"' % raw)) if b"\\" in raw else raw.decode()
