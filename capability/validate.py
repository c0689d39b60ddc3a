"""validate: what is wrong with a resource by FHIR R4 4.0.1, with the place of each fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from capability import constraints, structure
from capability.advice import advice, types_by_url
from capability.carried import carried, rows, type_of
from capability.full_urls import misnamed
from capability.issue import Issue, error
from capability.quick import accepted
from capability.references import Scope

__all__ = ["Issue", "validate"]

Json = dict[str, Any]


def validate(
    resource: Json, *, conditional: bool = False, warnings: bool = False, typed: bool = True
) -> list[Issue]:
    """The issues of a resource (parsed JSON); empty where it is valid.

    `conditional` allows references by search ("Patient?identifier=…"), as transactions have them;
    the entries of a transaction Bundle are given that by themselves. `warnings` asks for the
    specification's warnings and recommendations too, which make no resource invalid, and for what
    `advice` tells. Unless `typed`, references may name other types than their elements' targets.
    """
    try:
        if not warnings and accepted(resource, conditional):
            return []
        return list(explain(resource, conditional=conditional, warnings=warnings, typed=typed))
    except RecursionError:
        text = "expected nesting that a resource can have, found far deeper"
        return [error("too-costly", type_of(resource), text)]


def explain(
    resource: Json, *, conditional: bool = False, warnings: bool = False, typed: bool = True
) -> Iterator[Issue]:
    """Every issue, found without the schemas: first the structure, then (if sound) invariants."""
    sound = True
    for issue in _whole(resource, "", Scope({}, conditional, typed)):
        sound = False
        yield issue
    if sound:
        yield from _invariants(resource, "", warnings)
        if warnings:
            yield from _advice(resource, "", {})


def _whole(resource: Any, at: str, outer: Scope) -> Iterator[Issue]:
    """The structure of a resource that is its own container, and of all that is in it."""
    within = rows(resource, "contained")
    named = [c["id"] for _, c in within if isinstance(c.get("id"), str)]
    ids = {c["id"]: c.get("resourceType", "") for _, c in within if c.get("id") in named}
    scope = replace(outer, contained=ids)
    yield from structure.resource(resource, at, scope)
    root = at or type_of(resource)
    for index, inner in within:
        place = f"{root}.contained[{index}]"
        yield from structure.resource(inner, place, scope)
        if named.count(inner.get("id")) > 1:  # R4 2.1.5 Resource.id
            text = "expected an id that is no other contained resource's, found it again"
            yield error("value", f"{place}.id", text)
    for place, inner, of_transaction in carried(resource, root):
        inside = replace(outer, conditional=outer.conditional or of_transaction)
        yield from _whole(inner, place, inside)


def _invariants(resource: Json, at: str, warnings: bool) -> Iterator[Issue]:
    root = at or type_of(resource)
    if warnings and type_of(resource) == "Bundle":
        for index, text in misnamed(resource):
            yield Issue("warning", "value", f"{root}.entry[{index}].fullUrl", text)
    yield from constraints.broken(resource, root, warnings=warnings)
    for index, inner in rows(resource, "contained"):
        yield from constraints.broken(inner, f"{root}.contained[{index}]")
    for place, inner, _ in carried(resource, root):
        yield from _invariants(inner, place, warnings)


def _advice(resource: Json, at: str, entries: Mapping[str, str]) -> Iterator[Issue]:
    root = at or type_of(resource)
    yield from advice(resource, root, entries)
    for index, inner in rows(resource, "contained"):
        yield from advice(inner, f"{root}.contained[{index}]", entries)
    within = types_by_url(resource) if type_of(resource) == "Bundle" else entries
    for place, inner, _ in carried(resource, root):
        yield from _advice(inner, place, within)
