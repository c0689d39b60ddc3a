"""token: codes, identifiers, booleans (R4 search 3.1.1.4.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from capability.definitions import codes
from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Codes, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.types.string import norm, starts
from fhir_server.search.value import split, unescape

TEXT, OF_TYPE = ":text", ":of-type"  # follow the path of texts, of identifiers with their type
MEMBERS = """(code, sys) IN (SELECT json_extract(m.value, '$[1]'),
    CASE json_extract(m.value, '$[0]') WHEN '' THEN 0
    ELSE (SELECT k FROM sys WHERE uri = json_extract(m.value, '$[0]')) END FROM json_each(?) m)"""

MIME = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)  # of which `below` takes any parameters
ANY = """(code, sys) IN
    (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"""

_shown = lru_cache(4096)(norm)  # the displays of codes come again and again


def _concept(path: str) -> Extract:
    texts = path + TEXT

    def extract(value: Any, out: Rows, base: str) -> None:
        text = value.get("text")
        if text:
            out.str.append((texts, _shown(text), text))
        codings = value.get("coding")
        if not codings:
            out.tok.append((path, "", ""))
            return
        for coding in codings:
            get = coding.get
            display = get("display")
            if display and display != text:
                out.str.append((texts, _shown(display), display))
            out.tok.append((path, get("code", ""), get("system", "")))

    return extract


def _coding(path: str) -> Extract:
    texts = path + TEXT

    def extract(value: Any, out: Rows, base: str) -> None:
        if display := value.get("display"):
            out.str.append((texts, _shown(display), display))
        out.tok.append((path, value.get("code", ""), value.get("system", "")))

    return extract


def _identifier(path: str) -> Extract:
    texts, typed = path + TEXT, path + OF_TYPE

    def extract(value: Any, out: Rows, base: str) -> None:
        own = value.get("value", "")
        out.tok.append((path, own, value.get("system", "")))
        if kind := value.get("type"):
            if text := kind.get("text"):
                out.str.append((texts, _shown(text), text))
            for coding in kind.get("coding", ()):
                code = f"{coding.get('code', '')}|{own}"
                out.tok.append((typed, code, coding.get("system", "")))

    return extract


def _contact(path: str) -> Extract:
    return lambda value, out, base: out.tok.append((path, value.get("value", ""), ""))


def _text(path: str) -> Extract:
    return lambda value, out, base: out.tok.append((path, value, ""))


def _string(path: str) -> Extract:
    return lambda value, out, base: out.tok.append((path, value.casefold(), ""))


def _boolean(path: str) -> Extract:
    return lambda value, out, base: out.tok.append((path, "true" if value else "false", ""))


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`code`, `system|code`, `|code` (no system), `system|` (any code of it), or by modifier:
    the start of a text, system|code|value of an identifier's type, codes that a set holds."""
    match modifier:
        case "text":
            return [starts(_text_of(value), TEXT)]
        case "of-type":
            return [_of_type(value, keys)]
        case "below" if place.bare and MIME.fullmatch(value):
            return [
                _point(value),
                Clause("tok", "code >= ? AND code < ?", (f"{value};", f"{value}<")),
            ]
        case "in" | "not-in" | "above" | "below":
            return list(_members(place, keys.codes(modifier.removeprefix("not-"), unescape(value))))
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) > 2 or not any(parts):
        raise BadRequest("a token is code, system|code, |code or system|")
    code, system = parts[-1], parts[0] if len(parts) > 1 else None
    if place.bare:
        code = code.casefold() if place.folded else code
        return [_point(each) for each in _bare(place.codes, system, code)]
    if system is None:
        return [_point(code, number) for number in keys.systems(place.path, code)]
    number = keys.system(system) if system else 0
    return [_point(code, number) if code else Clause("tok", "sys = ?", (number,))]


def _text_of(value: str) -> str:
    if key := norm(unescape(value)):
        return key
    raise BadRequest("an empty text finds nothing: use :missing")


def _of_type(value: str, keys: Keys) -> Clause:
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) != 3 or not all(parts):
        raise BadRequest(":of-type is system|code|value: those of the type, and the identifier")
    system, code, identifier = parts
    return _point(f"{code}|{identifier}", keys.system(system))._replace(under=OF_TYPE)


def _members(place: IndexPath, members: Codes) -> Iterator[Clause]:
    """The codes of a set: one clause for all, as sets have thousands."""
    if place.bare:
        own = codes(place.codes) or {}
        members = [("", code) for system, code in members if code in own.get(system, ())]
    listed = orjson.dumps([list(member) for member in members]).decode()
    if members:
        yield Clause("tok", MEMBERS, (listed,))


def _point(code: str, system: int = 0) -> Clause:
    return Clause("tok", "code = ? AND sys = ?", (code, system), point=True, many=ANY)


def _bare(value_set: str, system: str | None, code: str) -> list[str]:
    """The codes that match where elements carry no system: a required binding implies it. Without
    one a system is not used (R4 search 3.1.1.4.10)."""
    if not system or (code and not value_set):
        return [code]
    known = (codes(value_set) or {}).get(system, frozenset())
    return sorted(known & {code} if code else known)


TYPE = SearchType(
    tables=("tok",),
    emit={
        "CodeableConcept": _concept,
        "Coding": _coding,
        "Identifier": _identifier,
        "ContactPoint": _contact,
        "boolean": _boolean,
        "code": _text,
        "id": _text,
        "string": _string,
        "uri": _text,
    },
    modifiers=("missing", "not", "text", "of-type", "in", "not-in", "above", "below"),
    where=where,
)
