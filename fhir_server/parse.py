"""Bytes to a JSON object, once; what parsers disagree on (duplicate keys) is refused here."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest

KNOWN = frozenset(RESOURCE_TYPES)
DEEPEST = 254  # levels that orjson writes
_TYPE = re.compile(rb'"resourceType"\s*+:\s*+"([A-Za-z]{1,40})"')
# What is the same when written again shows each key once. In JSON a quote before a colon closes a
# key, or opens or sits escaped in a string that goes on with a colon. What was parsed, written
# again, has as many unless a key was lost, white space aside; an escape by number may hide a
# quote, a colon or a space: such bodies are always walked.
_BLANK = b" \t\r\n"
_HIDDEN = re.compile(rb"\\u00(?:2[02]|3[aA])")
_TOKEN = re.compile(rb'("(?:[^"\\]++|\\.)*+")(\s*+:)?|[{}\[\],]')


def parse(body: bytes, root: str = "Resource") -> dict[str, Any]:
    """The JSON object; raises BadRequest with line and column, or a second key's place.

    `root` is the place of a fault where the body does not tell its type.
    """
    try:
        resource = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise not_json(body, error, root) from None
    if not isinstance(resource, dict):
        raise BadRequest("the body is JSON, but no object: a resource is expected", root)
    try:
        again = orjson.dumps(resource)
    except orjson.JSONEncodeError:
        raise BadRequest(f"the body is nested deeper than {DEEPEST} levels", root) from None
    if again != body and (_HIDDEN.search(body) or _keys(body) != _keys(again)):
        kind = resource.get("resourceType")
        _refuse_duplicates(body, kind if isinstance(kind, str) and kind in KNOWN else "")
    return resource


def not_json(body: bytes, error: Exception, root: str = "Resource") -> BadRequest:
    """The error of a body that is no JSON, with line and column.

    Its place is the type of resource that the body names as far as it goes, else `root`.
    """
    named = _TYPE.search(body)
    name = named[1].decode() if named else root
    text = _other_encoding(body) or f"the body is not JSON: {_reason(body, error)}"
    return BadRequest(text, name if name in KNOWN else root)


def _reason(body: bytes, error: Exception) -> str:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as found:
        return f"{found.msg} at line {found.lineno}, column {found.colno}"
    return str(error)


def _other_encoding(body: bytes) -> str:
    """What is wrong with a body that is not UTF-8, "" where it is."""
    if b"\0" in body[:4] or body[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        return "the body looks like UTF-16 or UTF-32: send UTF-8"
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"the body is not UTF-8 from byte {error.start + 1} on: send UTF-8"
    return ""


def _keys(body: bytes) -> int:
    """How many keys an object has, and strings that look like their end."""
    return body.translate(None, _BLANK).count(b'":')


def _refuse_duplicates(body: bytes, root: str) -> None:
    """Walks the tokens with, for each open object, the keys it has shown so far."""
    seen: list[set[str] | None] = []
    names: list[str] = []
    for token in _TOKEN.finditer(body):
        match token[0][:1]:
            case b"{":
                seen.append(set())
                names.append("")
            case b"[":
                seen.append(None)
                names.append("[0]")
            case b"}" | b"]":
                seen.pop()
                names.pop()
            case b"," if seen[-1] is None:
                names[-1] = f"[{int(names[-1][1:-1]) + 1}]"
            case b'"' if token[2]:
                _show(body, token, seen[-1], names, root)


def _show(
    body: bytes, token: re.Match[bytes], keys: set[str] | None, names: list[str], root: str
) -> None:
    name: str = orjson.loads(token[1])
    names[-1] = f".{name}"
    if keys is None or name not in keys:
        if keys is not None:
            keys.add(name)
        return
    line = body.count(b"\n", 0, token.start()) + 1
    column = token.start() - body.rfind(b"\n", 0, token.start())
    text = f"a key is given twice in one object at line {line}, column {column}"
    raise BadRequest(text, "".join((root, *names)).removeprefix("."))
