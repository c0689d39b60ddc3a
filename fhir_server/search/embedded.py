"""Resources inside others that are searched as if they were referred to.

Bundle.composition and Bundle.message name the resource of the first entry; a reference `#id` names
a contained one (R4 search 3.1.1.5.5: chains go into those). Index rows of the inner resource lie
among those of the outer, under a path that begins with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from fhir_server.errors import NotSupported
from fhir_server.search.index import Emit, Extract, IndexPath, Json, Rows
from fhir_server.search.terms import Chain, Criterion, Each, Either, Match, Missing, Not

TYPES = ("Composition", "MessageHeader")
PLACE = "Bundle.entry[0].resource"
Within = Callable[[str, str], Extract]
"""(type, place): what indexes a resource of the type, its paths beginning with the place."""


def place_of(type: str) -> IndexPath:
    """Where an inner resource of a type is indexed: its name as a uri, its own rows below."""
    return IndexPath(f"{PLACE}.as({type})", type)


def emitter(within: Within) -> Emit:
    """Indexes an inner resource."""

    def extract(value: Json, out: Rows, base: str) -> None:
        type = value.get("resourceType", "")
        if type in TYPES:
            name = f"{type}/{value.get('id', '')}"
            _index(value, place_of(type).path, name, out, base, within)

    return lambda path: extract


def contained(resource: Json, out: Rows, base: str, within: Within) -> None:
    """Indexes what is contained under the paths of the references in `out` that name it."""
    inside: Mapping[str, Json] = {f"#{each.get('id', '')}": each for each in resource["contained"]}
    for path, uri in {row for row in out.uri if row[1] in inside}:
        inner = inside[uri]
        at = contained_at(path, inner["resourceType"]).path
        _index(inner, at, uri, out, base, within)


def _index(inner: Json, at: str, name: str, out: Rows, base: str, within: Within) -> None:
    """Adds the rows of an inner resource at its place, and its name there as a uri."""
    out.uri.append((at, name))
    within(inner["resourceType"], f"{at}/")(inner, out, base)


def contained_at(path: str, type: str) -> IndexPath:
    """Where a contained resource of a type is indexed that is referred to at the path."""
    return IndexPath(f"{path}.as({type})", type)


def named(name: str, place: IndexPath, modifier: str, values: tuple[str, ...]) -> Match:
    """A Bundle whose inner resource is one of those named: `id` or `Type/id`."""
    if modifier not in ("", place.target):
        raise NotSupported(f"the parameter names a {place.target} and has no {modifier!r}", name)
    full = tuple(value if "/" in value else f"{place.target}/{value}" for value in values)
    return Match(name, "uri", (place,), "", full)


def within(criterion: Criterion, type: str, place: IndexPath, name: str) -> Criterion:
    """What a resource of the type must meet for the one inside it to be there and to meet the
    criterion.

    Raises NotSupported for what is no index row of the inner resource itself (_id, _has, _text …).
    """
    there = Missing(name, "uri", (place,), missing=False)
    return Each(type, (_within(criterion, type, place, name), there))


def _within(criterion: Criterion, type: str, place: IndexPath, name: str) -> Criterion:

    def below(places: tuple[IndexPath, ...]) -> tuple[IndexPath, ...]:
        return tuple(p._replace(path=f"{place.path}/{p.path}") for p in places)

    match criterion:
        case Match() | Missing() | Chain():
            return replace(criterion, places=below(criterion.places))
        case Each(_, inner) | Either(_, inner):
            moved = tuple(_within(each, type, place, name) for each in inner)
            return replace(criterion, type=type, criteria=moved)
        case Not(_, one):
            return Not(type, _within(one, type, place, name))
    raise NotSupported("this can't be asked of a resource inside another", name)
