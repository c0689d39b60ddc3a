"""Criteria of a search: one parameter with its values, chains and reverse chains of them."""

from __future__ import annotations

from dataclasses import dataclass

from capability.definitions import RESOURCE_TYPES
from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search.extract import compiled, targets
from fhir_server.search.index import IndexPath
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.search.value import split

TYPES = frozenset(RESOURCE_TYPES)
DEEPEST = 4  # links of a chain
MOST = 300  # alternatives of one parameter


class Unknown(NotSupported):
    """A parameter that the server does not know or do."""


@dataclass(frozen=True, slots=True)
class Match:
    """A parameter of a search type: one of the values matches at one of the places.

    With the modifier "not", none of them does.
    """

    name: str
    kind: str
    places: tuple[IndexPath, ...]
    modifier: str
    values: tuple[str, ...]  # as written, escapes kept


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether there is nothing at any of the places."""

    name: str
    kind: str
    places: tuple[IndexPath, ...]
    missing: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What the store itself knows of a resource: "_id" or "_lastUpdated"."""

    name: str
    values: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A reference at one of the places to a resource that meets the criterion of its type."""

    places: tuple[IndexPath, ...]
    links: tuple[tuple[str, Criterion], ...]  # by resource type, for those that have the parameter


@dataclass(frozen=True, slots=True)
class Has:
    """A resource that meets the criterion refers to the one searched."""

    type: str  # of the one searched
    source: str  # of the one that refers
    places: tuple[IndexPath, ...]
    inner: Criterion


@dataclass(frozen=True, slots=True)
class Each:
    """All of the criteria: a composite of a whole resource."""

    criteria: tuple[Criterion, ...]


Criterion = Match | Missing | Own | Chain | Has | Each


def criterion(type: str, name: str, value: str, depth: int = 0) -> Criterion:
    """The criterion of one query parameter. Raises Unknown, NotSupported, BadRequest."""
    if depth > DEEPEST:
        raise NotSupported(f"a chain has up to {DEEPEST} links", name)
    if name.startswith("_has:"):
        return _has(type, name, value, depth)
    head, dot, rest = name.partition(".")
    code, colon, modifier = head.partition(":")
    if dot:
        return _chain(type, (code, modifier, rest), value, depth)
    if code in ("_id", "_lastUpdated"):
        if colon:
            raise NotSupported(f"{code} has no modifier {modifier!r}", name)
        return Own(code, _values(name, value), type)
    known = compiled(type)
    if code in known.composites:
        return _each(type, name, value, known.composites[code], depth)
    if code not in known.kinds:
        raise Unknown(f"{type} can't be searched by {code!r}", name)
    places, kind = known.paths[code], known.kinds[code]
    if modifier == "missing":
        if value not in ("true", "false"):
            raise BadRequest(":missing is true or false", name)
        return Missing(name, kind, places, value == "true")
    _check(name, kind, modifier, colon)
    return Match(name, kind, places, modifier, _values(name, value))


def _check(name: str, kind: str, modifier: str, colon: str) -> None:
    allowed = SEARCH_TYPES[kind].modifiers
    typed = "[type]" in allowed and modifier in TYPES
    if colon and not typed and (modifier not in allowed or modifier == "[type]"):
        listed = ", ".join(f":{m}" for m in allowed)
        raise NotSupported(f"{modifier!r} is no modifier of this parameter; it has {listed}", name)


def _values(name: str, value: str) -> tuple[str, ...]:
    values = tuple(v for v in split(value, ",") if v)
    if not values:
        raise BadRequest("the parameter has no value", name)
    if len(values) > MOST:
        raise NotSupported(f"a parameter has up to {MOST} alternatives", name)
    return values


def _reference(type: str, code: str, name: str) -> tuple[IndexPath, ...]:
    known = compiled(type)
    if code not in known.kinds:
        raise Unknown(f"{type} can't be searched by {code!r}", name)
    if known.kinds[code] != "reference":
        raise BadRequest(f"{code!r} of {type} is no reference", name)
    return known.paths[code]


def _chain(type: str, parts: tuple[str, str, str], value: str, depth: int) -> Chain:
    code, only, rest = parts
    name = f"{code}:{only}.{rest}" if only else f"{code}.{rest}"
    if only and only not in TYPES:
        raise BadRequest(f"{only!r} is no resource type", name)
    places = _reference(type, code, name)
    links: list[tuple[str, Criterion]] = []
    unknown: Unknown | None = None
    for target in (only,) if only else targets(type, code):
        try:
            links.append((target, criterion(target, rest, value, depth + 1)))
        except Unknown as error:
            unknown = error
    if not links:
        raise unknown or Unknown(f"{code!r} of {type} refers to nothing", name)
    return Chain(places, tuple(links))


def _has(type: str, name: str, value: str, depth: int) -> Has:
    parts = name.split(":", 3)
    if len(parts) < 4 or not all(parts):
        raise BadRequest("_has is written _has:Type:reference:parameter", name)
    _, source, code, rest = parts
    if source not in TYPES:
        raise BadRequest(f"{source!r} is no resource type", name)
    inner = criterion(source, rest, value, depth + 1)
    return Has(type, source, _reference(source, code, name), inner)


def _each(type: str, name: str, value: str, codes: tuple[str, ...], depth: int) -> Each:
    if name != name.partition(":")[0]:
        raise NotSupported("a composite has no modifiers here", name)
    if len(split(value, ",")) > 1:
        raise NotSupported("a composite has one value here, not a list", name)
    parts = split(value, "$")
    if len(parts) != len(codes) or not all(parts):
        raise BadRequest(f"the value has {len(codes)} parts with $ between", name)
    each = zip(codes, parts, strict=True)
    return Each(tuple(criterion(type, code, part, depth + 1) for code, part in each))
