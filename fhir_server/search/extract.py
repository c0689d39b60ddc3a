"""Index rows of a resource: the R4 search expressions, compiled per type on first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from capability.definitions import Element, SearchParameter, elements, search_parameters
from fhir_server.search import embedded
from fhir_server.search.codegen import Child, Choice, NoIndex, Tree, generate
from fhir_server.search.expression import Path, Unreadable, parse
from fhir_server.search.index import Emit, Extract, IndexPath, Json, Rows
from fhir_server.search.pairs import (
    Composite,
    Part,
    add,
    add_numbers,
    key_of,
    parts_of,
    steps_of,
)
from fhir_server.search.types import SEARCH_TYPES

__all__ = ["Rows", "paths", "rows"]

NESTED = ("BackboneElement", "Element")
OF_ITSELF = ("_id", "_lastUpdated")  # the store has them beside the resource: no index rows


class Compiled(NamedTuple):
    """What one resource type can be searched by."""

    extract: Extract
    within: Emit  # the same for a resource inside another: what its paths begin with there
    paths: dict[str, tuple[IndexPath, ...]]  # by parameter code
    kinds: dict[str, str]  # search type by parameter code
    targets: dict[str, tuple[str, ...]]  # resource types, by code of a reference parameter
    composites: dict[str, Composite]  # by parameter code
    left_out: dict[str, str]  # why, by parameter code


def rows(resource: Json, base: str = "", more: tuple[SearchParameter, ...] = ()) -> Rows:
    """The index rows of a valid R4 resource; `base` is the server's own URL, no slash at the end.

    `more` are parameters of its type besides the specification's. Raises KeyError for a resource
    type that R4 does not have.
    """
    out = Rows()
    compiled(resource["resourceType"], more).extract(resource, out, base)
    if "contained" in resource:
        embedded.contained(resource, out, base, _within)
    return out


@cache
def _within(type: str, place: str) -> Extract:
    return compiled(type).within(place)


def paths(resource_type: str, code: str) -> tuple[IndexPath, ...]:
    """Where a search parameter looks. Raises KeyError for one that the type does not have."""
    return compiled(resource_type).paths[code]


def targets(resource_type: str, code: str) -> tuple[str, ...]:
    """The resource types that a reference parameter may name. Raises KeyError as `paths`."""
    return compiled(resource_type).targets[code]


def compiled(resource_type: str, more: tuple[SearchParameter, ...] = ()) -> Compiled:
    """The function and the paths of a type, with more parameters than the specification's.

    Raises KeyError where R4 has no such type.
    """
    return _compiled(resource_type, more)  # a cache counts an argument left out as another one


@cache
def _compiled(resource_type: str, more: tuple[SearchParameter, ...]) -> Compiled:
    tree = Tree(resource_type, children)
    paths: dict[str, tuple[IndexPath, ...]] = {}
    kinds: dict[str, str] = {}
    targets: dict[str, tuple[str, ...]] = {}
    composites: dict[str, Composite] = {}
    left_out: dict[str, str] = {}
    listed = search_parameters(resource_type) + more
    for parameter in sorted(listed, key=lambda p: p.type == "composite"):
        code = parameter.code
        if code in OF_ITSELF:
            continue
        try:
            if parameter.type == "composite":
                composites[code] = _compose(tree, parameter, listed, paths)
                continue
            paths[code] = _add(tree, parameter)
        except (NoIndex, Unreadable) as error:
            left_out[code] = str(error)
            continue
        kinds[code] = parameter.type
        if parameter.type == "reference":
            narrow = tuple(dict.fromkeys(p.target for p in paths[code]))
            targets[code] = parameter.targets if "" in narrow else narrow
    within = generate(tree)
    return Compiled(within(""), within, paths, kinds, targets, composites, left_out)


def _add(tree: Tree, parameter: SearchParameter) -> tuple[IndexPath, ...]:
    kind = SEARCH_TYPES.get(parameter.type)
    if kind is None:
        raise NoIndex(f"search type {parameter.type}")
    if not parameter.expression:
        raise NoIndex("no expression")
    found: dict[IndexPath, None] = {}
    if parameter.expression == embedded.PLACE:
        (path,) = parse(parameter.expression)
        tree.add(path, "embedded", {"Resource": embedded.emitter(_within)})
        return tuple(embedded.place_of(target) for target in parameter.targets)
    for path in parse(parameter.expression):
        found |= dict.fromkeys(tree.add(path, parameter.type, kind.emit))
    if not found:
        raise NoIndex(f"no element that it reaches can be indexed as {parameter.type}")
    return tuple(found)


def _compose(
    tree: Tree,
    parameter: SearchParameter,
    listed: Sequence[SearchParameter],
    paths: Mapping[str, tuple[IndexPath, ...]],
) -> Composite:
    """The parts of a resource by their own parameters, those of a repeating element as pairs."""
    by_url = {p.url: p for p in listed}
    parameters = [by_url[url] for url, _ in parameter.components]
    kinds = tuple(p.type for p in parameters)
    if parameter.expression == tree.type:
        return Composite(kinds, (tuple(paths[p.code] for p in parameters),))
    if len(parameters) == 3:
        (path,) = parse(parameter.expression)
        expressions = tuple(expression for _, expression in parameter.components)
        pair = add_numbers(tree, path, expressions[1:])
        return Composite(kinds, spans=((paths[parameters[0].code], pair),))
    parts = parts_of(parameter, {p.url: p.type for p in parameters})
    wholes, pairs = [], []
    for path in parse(parameter.expression):
        if path.steps:
            pairs += list(add(tree, path, parts))
        else:
            wholes.append(tuple(_on_whole(tree, part) for part in parts))
    return Composite(kinds, tuple(wholes), tuple(pairs), key_of(parts))


def _on_whole(tree: Tree, part: Part) -> tuple[IndexPath, ...]:
    emits = SEARCH_TYPES[part.kind].emit
    found = (tree.add(Path(tree.type, s), part.kind, emits) for s in steps_of(part.expression))
    return tuple(place for places in found for place in places)


@cache
def children(type_: str) -> Mapping[str, Child]:
    """The child elements of a FHIR type or backbone path by name, a choice without its [x]."""
    try:
        listed = elements(type_)
    except KeyError:
        return {}
    return {e.name.removesuffix("[x]"): _child(type_, e) for e in listed}


def _child(parent: str, element: Element) -> Child:
    name = element.name
    if element.content:
        return Child(element.many, (Choice(name, element.content),))
    if name.endswith("[x]"):
        stem = name.removesuffix("[x]")
        names = tuple(Choice(stem + t[:1].upper() + t[1:], t) for t in element.types)
        return Child(element.many, names)
    type_ = element.types[0]
    if type_ in NESTED:
        type_ = f"{parent}.{name}"
    return Child(element.many, (Choice(name, type_, element.codes),))
