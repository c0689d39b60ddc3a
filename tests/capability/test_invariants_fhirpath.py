"""The compiled invariants say what their FHIRPath says, of the official examples and mutants."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest

from capability import structure
from capability.definitions import RESOURCE_TYPES, Invariant, invariant_paths, invariants
from capability.fhirpath import Env, Node, compiled
from capability.fhirpath.node import descendants, types
from capability.invariants import BY_PATH
from capability.invariants.resources import NAMED
from capability.references import Scope
from capability.rule import Rule
from tests.reference import reference

Json = dict[str, Any]
STRICTER = {*NAMED.values(), "drt-1"}  # docs/spec-clarifications.md
LARGEST = 40_000
RULES = {(rule.key, rule.path): rule for rules in BY_PATH.values() for rule in rules}
PAIRS: dict[str, list[tuple[Invariant, Rule]]] = {
    path: [(i, RULES[i.key, path]) for i in invariants(path) if (i.key, path) in RULES]
    for path in invariant_paths()
}


def mutants(resource: Json, by: random.Random) -> Iterator[Json]:
    """Copies with some elements taken away, doubled, or given the text of others."""
    for _ in range(4):
        made = deepcopy(resource)
        for _ in range(3):
            spots = list(_spots(made))
            (owner, key), (other, name) = by.choice(spots), by.choice(spots)
            value, text = owner[key], other[name]
            if by.random() < 0.6:
                del owner[key]
            elif isinstance(value, list):
                value.append(deepcopy(value[0]))
            elif isinstance(value, str) and isinstance(text, str):
                owner[key] = text
        yield made


def _spots(value: Any) -> Iterator[tuple[Json, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "resourceType":
                yield value, key
            yield from _spots(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _spots(inner)


def sound(resource: Json) -> bool:
    return not any(structure.resource(resource, "", Scope({}, True, False)))


def disagreements(resource: Json) -> Iterator[str]:
    env = Env.of(resource)
    for node in (env.resource, *descendants(env.resource)):
        if isinstance(node.value, dict):
            yield from _disagreed(node, env)


def _disagreed(node: Node, env: Env) -> Iterator[str]:
    for path in types(node.type):
        for invariant, rule in PAIRS.get(path, ()):
            said = compiled(invariant.expression).holds(env.on(node))
            if invariant.key not in STRICTER:
                if said is not rule.holds(node.value):
                    yield f"{invariant.key}: FHIRPath says {said} of {node.value}"
            elif rule.holds(node.value) and not said:
                yield f"{invariant.key}: looser than its FHIRPath, of {node.value}"


def test_compiled_invariants_say_what_their_fhirpath_says() -> None:
    folder = reference("data/fhir/examples")
    by = random.Random(4)  # noqa: S311
    asked = 0
    for path in sorted(folder.glob("*.json")):
        resource = orjson.loads(path.read_bytes())
        if path.stat().st_size > LARGEST or "resourceType" not in resource:
            continue
        for one in (resource, *mutants(resource, by)):
            if sound(one):
                asked += 1
                assert list(disagreements(one)) == [], path.name
    assert asked > 500


@pytest.mark.parametrize("path", invariant_paths())
def test_every_invariant_can_be_read(path: str) -> None:
    for invariant in invariants(path):
        assert compiled(invariant.expression)


@pytest.mark.parametrize("type", RESOURCE_TYPES)
def test_an_empty_resource_breaks_no_engine(type: str) -> None:
    env = Env.of({"resourceType": type})
    for path in types(type):
        for invariant in invariants(path):
            assert compiled(invariant.expression).holds(env) in (True, False)
