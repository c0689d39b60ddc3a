"""reference: to resources of this server, by URL, by canonical (R4 search 3.1.1.4.9)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest
from fhir_server.search.hierarchy import STEPS, paths, reach
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.types.uri import below, versions
from fhir_server.search.value import unescape

TYPES = frozenset(RESOURCE_TYPES)
CURRENT, NONE = 0, -1  # numbers that no version has
ANY = """tgt_rid IN (SELECT r.rid FROM json_each(?) j CROSS JOIN res r
    ON r.id = json_extract(j.value, '$[0]'))"""
ANY_TYPED = ANY[:-1] + " AND r.type = json_extract(j.value, '$[1]'))"


@lru_cache(8192)  # the resources of a patient name the same few
def local(reference: str, base: str) -> tuple[str, str] | None:
    """(type, id) that a literal reference names on this server, None where it leaves it."""
    if base and reference.startswith(base) and reference[len(base) : len(base) + 1] == "/":
        reference = reference[len(base) + 1 :]
    type_, _, rest = reference.partition("/")
    id_, _, version = rest.partition("/")
    if type_ in TYPES and id_ and (not version or version.startswith("_history/")):
        return type_, id_
    return None


def version_in(reference: str) -> int:
    """The version that a literal reference names, CURRENT where none; NONE is one that never is."""
    _, mark, number = reference.partition("/_history/")
    if not mark:
        return CURRENT
    return int(number) if number.isdecimal() and len(number) < 19 else NONE


def _reference(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        literal = value.get("reference", "")
        if target := local(literal, base):
            type_, id_ = target
            out.ref.append((path, type_, id_))
        else:
            out.uri.append((path, literal))
        if "identifier" in value:
            identifier = value["identifier"]
            out.tok.append((path, identifier.get("value", ""), identifier.get("system", "")))

    return extract


def _canonical(path: str) -> Extract:
    return lambda value, out, base: out.uri.append((path, value))


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`id`, `Type/id`, a URL (of this server or not), a canonical with or without its version,
    which may be relative.

    With the modifier "below" what is part of it too, and a canonical in any version, or in those
    that begin so; with "above" what it is part of.
    """
    text = unescape(value)
    only = "" if modifier in STEPS else modifier
    target = None if place.canonical else local(text, keys.base)
    if target:
        type_, id_ = target
    elif ":" in text or (place.canonical and text):
        if modifier == "above":
            raise BadRequest(":above is done of resources of this server")
        more = below(text) if modifier == "below" else [versions(text)]
        return [Clause("uri", "uri = ?", (text,), point=True), *more]
    elif not text or "/" in text:
        raise BadRequest("a reference is id, Type/id or a URL")
    else:
        type_, id_ = only or place.target, text
    if type_ and {type_, place.target or type_, only or type_} != {type_}:
        return []
    if modifier in STEPS:
        return [_hierarchy(modifier, id_, keys.type(type_) if type_ else None)]
    if type_:
        one = "tgt_rid = (SELECT rid FROM res WHERE id = ? AND type = ?)"
        return [Clause("ref", one, (id_, keys.type(type_)), point=True, many=ANY_TYPED)]
    return [Clause("ref", "tgt_rid IN (SELECT rid FROM res WHERE id = ?)", (id_,), many=ANY)]


def _hierarchy(modifier: str, id: str, type: int | None) -> Clause:
    """References to a resource, to any of the id without a `type`, or to what hangs together."""
    roots = "SELECT rid FROM res WHERE id = ?" + (" AND type = ?" if type is not None else "")
    args = (id, paths()) if type is None else (id, type, paths())
    return Clause("ref", f"tgt_rid IN ({reach(modifier, roots)})", args)


TYPE = SearchType(
    tables=("ref", "uri", "tok"),
    emit={"Reference": _reference, "canonical": _canonical, "uri": _canonical, "url": _canonical},
    modifiers=("missing", "identifier", "[type]", "below", "above"),
    where=where,
)
