"""A profile's own constraints: FHIRPath that is asked of an element in its resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from capability.definitions import invariant_paths, invariants
from capability.fhirpath import Env, Node, PathError, compiled
from capability.issue import Issue
from capability.profile.definition import Constraint, core
from capability.profile.item import Item

Json = dict[str, Any]
EVERYWHERE = ("ele-1", "ext-1", "ref-1", "txt-1", "txt-2", "dom-2", "dom-3", "dom-4", "dom-5")
Test = Callable[[Item, str], bool]


def of_base(constraint: Constraint) -> bool:
    """Whether it is an invariant of R4 itself, which R4's own validation asks."""
    known = _expressions().get(constraint.key)
    if constraint.key in EVERYWHERE or (constraint.source and core(constraint.source)):
        return True
    return known is not None and constraint.expression in ("", *known)


@cache
def _expressions() -> dict[str, frozenset[str]]:
    every = [i for path in invariant_paths() for i in invariants(path)]
    return {i.key: frozenset(e.expression for e in every if e.key == i.key) for i in every}


def surroundings(resource: Json, outer: Env | None, member: Test, conforms: Test) -> Env:
    """What constraints see around them in a resource that stands alone, or in another's `outer`."""

    def tell(test: Test) -> Callable[[Node, str], bool]:
        return lambda node, url: test(Item(node.value, node.type, "", beside=node.beside), url)

    made = Env.of(resource)
    if outer is not None and outer.resource.type == "Bundle":
        made.bundle = outer.resource
    elif outer is not None:
        made.root, made.bundle = outer.root, outer.bundle
    if outer is not None:
        made.budget = outer.budget
    return replace(made, member=tell(member), conforms=tell(conforms))


def broken(constraint: Constraint, item: Item, env: Env) -> Iterator[Issue]:
    """The issue of a constraint that an element does not hold, or that can't be evaluated."""
    key = constraint.key
    try:
        if compiled(constraint.expression).holds(env.on(item.node())):
            return
    except PathError as fault:
        text = f"{key}: the constraint was not checked: {fault}"
        yield Issue("information", "not-supported", item.at, text)
        return
    text = f"{key}: {constraint.human or constraint.expression}"
    yield Issue(constraint.severity, "invariant", item.at, text)
