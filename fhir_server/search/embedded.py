"""Resources inside a Bundle that parameters search as if they were referred to.

Bundle.composition and Bundle.message name the resource of the first entry. Its index rows lie among
the Bundle's, under a path that begins with its place, so that chains go into it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fhir_server.errors import NotSupported
from fhir_server.search.index import Emit, IndexPath, Json, Rows
from fhir_server.search.terms import Chain, Criterion, Each, Either, Match, Missing, Not

TYPES = ("Composition", "MessageHeader")
PLACE = "Bundle.entry[0].resource"
Extract = Callable[[Json, Rows, str], None]


def place_of(type: str) -> IndexPath:
    """Where an inner resource of a type is indexed: its name as a uri, its own rows below."""
    return IndexPath(f"{PLACE}.as({type})", type)


def emitter(extract_of: Callable[[str], Extract]) -> Emit:
    """Indexes an inner resource; `extract_of` gives what indexes a resource of a type."""

    def emit(path: str, value: Json, out: Rows, base: str) -> None:
        type = value.get("resourceType", "")
        if type not in TYPES:
            return
        at = place_of(type).path
        out.uri.append((at, f"{type}/{value.get('id', '')}"))
        inner = Rows()
        extract_of(type)(value, inner, base)
        out.tok.extend((f"{at}/{p}", code, system) for p, code, system in inner.tok)
        out.ref.extend((f"{at}/{p}", kind, id, raw) for p, kind, id, raw in inner.ref)
        out.str.extend((f"{at}/{p}", norm, exact) for p, norm, exact in inner.str)
        out.dat.extend((f"{at}/{p}", low, high) for p, low, high in inner.dat)
        out.qty.extend((f"{at}/{p}", *value) for p, *value in inner.qty)  # type: ignore[misc]
        out.uri.extend((f"{at}/{p}", uri) for p, uri in inner.uri)

    return emit


def named(name: str, place: IndexPath, modifier: str, values: tuple[str, ...]) -> Match:
    """A Bundle whose inner resource is one of those named: `id` or `Type/id`."""
    if modifier not in ("", place.target):
        raise NotSupported(f"the parameter names a {place.target} and has no {modifier!r}", name)
    full = tuple(value if "/" in value else f"{place.target}/{value}" for value in values)
    return Match(name, "uri", (place,), "", full)


def within(criterion: Criterion, type: str, place: IndexPath, name: str) -> Criterion:
    """What a Bundle must meet for its inner resource to meet the criterion.

    Raises NotSupported for what is no index row of the resource itself (_id, _has, _text …).
    """

    def below(places: tuple[IndexPath, ...]) -> tuple[IndexPath, ...]:
        return tuple(p._replace(path=f"{place.path}/{p.path}") for p in places)

    match criterion:
        case Match() | Missing() | Chain():
            return replace(criterion, places=below(criterion.places))
        case Each(_, inner) | Either(_, inner):
            moved = tuple(within(each, type, place, name) for each in inner)
            return replace(criterion, type=type, criteria=moved)
        case Not(_, one):
            return Not(type, within(one, type, place, name))
    raise NotSupported("this can't be asked of a resource inside a Bundle", name)
