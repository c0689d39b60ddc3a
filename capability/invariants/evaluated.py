"""Invariants that are asked as the specification writes them, by its FHIRPath: those that are rare.

Each is asked at the resource, of every element that its own path leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capability.definitions import invariants
from capability.fhirpath import Env, PathError, compiled
from capability.rule import Rule
from capability.sure import absent, every

Json = dict[str, Any]
OPERATIONS = "(setup | test | teardown).action.operation"


def _holds(key: str, path: str, reached: str) -> Callable[[Json], bool]:
    """Whether an invariant of `path` holds of all that `reached` leads to from the resource."""

    def holds(resource: Json) -> bool:
        env = Env.of(resource)
        try:
            return all(ask.holds(env.on(node)) for node in nodes(env))
        except PathError:  # of what is too large to be looked at, nobody knows that it breaks
            return True

    nodes = compiled(reached)
    ask = compiled(next(i.expression for i in invariants(path) if i.key == key))
    return holds


def _rule(key: str, path: str, says: str, reached: str = "", *sure: Json) -> Rule:
    root, _, below = path.partition(".")
    return Rule(key, root, says, _holds(key, path, reached or below or "$this"), sure=sure)


RULES: tuple[Rule, ...] = (
    _rule("sdf-8", "StructureDefinition.snapshot", "every path starts with the type"),
    _rule("sdf-8a", "StructureDefinition.differential", "every path starts with the type"),
    _rule(
        "sdf-9",
        "StructureDefinition",
        "the root has no label, code or requirements",
    ),
    _rule(
        "sdf-10",
        "StructureDefinition.snapshot.element",
        "a binding has a valueSet or a description",
    ),
    _rule("sdf-15a", "StructureDefinition", "the first element of the differential has no type"),
    _rule(
        "sdf-19",
        "StructureDefinition",
        "HL7's own definitions name types of the specification",
    ),
    _rule("sdf-22", "StructureDefinition", "HL7's own definitions have no defaultValue"),
    _rule(
        "ctm-1",
        "CareTeam.participant",
        "onBehalfOf needs a member that is a practitioner",
        "participant",
        every("participant", absent("onBehalfOf")),
    ),
    _rule(
        "tst-7",
        "TestScript.setup.action.operation",
        "an operation has a sourceId, or one of targetId, url and params, or needs none",
        OPERATIONS,
    ),
)
