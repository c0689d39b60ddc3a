"""token: codes, identifiers, booleans (R4 search 3.1.1.4.10)."""

from __future__ import annotations

from typing import Any

from capability.definitions import codes
from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import split, unescape


def _concept(path: str, value: Any, out: Rows, base: str) -> None:
    codings = value.get("coding")
    if not codings:
        out.tok.append((path, "", ""))
        return
    for coding in codings:
        out.tok.append((path, coding.get("code", ""), coding.get("system", "")))


def _coding(path: str, value: Any, out: Rows, base: str) -> None:
    out.tok.append((path, value.get("code", ""), value.get("system", "")))


def _identifier(path: str, value: Any, out: Rows, base: str) -> None:
    out.tok.append((path, value.get("value", ""), value.get("system", "")))


def _contact(path: str, value: Any, out: Rows, base: str) -> None:
    out.tok.append((path, value.get("value", ""), ""))


def _text(path: str, value: Any, out: Rows, base: str) -> None:
    out.tok.append((path, value, ""))


def _boolean(path: str, value: Any, out: Rows, base: str) -> None:
    out.tok.append((path, "true" if value else "false", ""))


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`code`, `system|code`, `|code` (no system), `system|` (any code of it)."""
    parts = [unescape(p) for p in split(value, "|")]
    if len(parts) > 2 or not any(parts):
        raise BadRequest("a token is code, system|code, |code or system|")
    code, system = parts[-1], parts[0] if len(parts) > 1 else None
    if place.bare:
        return [_point(each) for each in _bare(place.codes, system, code)]
    if system is None:
        return [_point(code, number) for number in keys.systems(place.path, code)]
    number = keys.system(system) if system else 0
    return [_point(code, number) if code else Clause("tok", "sys = ?", (number,))]


def _point(code: str, system: int = 0) -> Clause:
    return Clause("tok", "code = ? AND sys = ?", (code, system), point=True)


def _bare(value_set: str, system: str | None, code: str) -> list[str]:
    """The codes that match where elements carry no system: a required binding implies it."""
    if not system:
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
        "string": _text,
        "uri": _text,
    },
    modifiers=("missing", "not"),
    where=where,
)
