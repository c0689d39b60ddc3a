"""Invariants of structure definitions."""

from __future__ import annotations

from typing import Any

from capability.facts import among, chosen, count, distinct, each, has
from capability.rule import AnyOf, Rule
from capability.sure import absent, every, none_of, one_of, there

Json = dict[str, Any]


def _roots(part: Json) -> list[Json]:
    """The elements of a snapshot or differential that are the type itself."""
    return [e for e in each(part, "element") if "." not in e.get("path", "")]


RULES: tuple[Rule, ...] = (
    Rule(
        "sdf-1",
        "StructureDefinition",
        "each path once",
        lambda o: (
            among(o, "derivation", "constraint") or distinct(each(o, "snapshot", "element", "path"))
        ),
        when=("snapshot",),
        sure=(one_of("derivation", "constraint"),),
    ),
    Rule("sdf-2", "StructureDefinition.mapping", "a name or a uri", AnyOf("name", "uri")),
    Rule(
        "sdf-3",
        "StructureDefinition.snapshot",
        "each element has definition, min and max",
        lambda o: all(count(e, "definition", "min", "max") == 3 for e in o["element"]),
        sure=(every("element", there("definition", "min", "max")),),
    ),
    Rule(
        "sdf-4",
        "StructureDefinition",
        "a concrete type has a baseDefinition",
        lambda o: o.get("abstract") is True or has(o, "baseDefinition"),
        sure=(there("baseDefinition"),),
    ),
    Rule(
        "sdf-5",
        "StructureDefinition",
        "a profile of Extension has a context",
        lambda o: (
            not among(o, "type", "Extension")
            or among(o, "derivation", "specialization")
            or has(o, "context")
        ),
        sure=(none_of("type", "Extension"),),
    ),
    Rule(
        "sdf-6",
        "StructureDefinition",
        "a snapshot or a differential",
        AnyOf("snapshot", "differential"),
    ),
    Rule(
        "sdf-8b",
        "StructureDefinition.snapshot",
        "each element has a base",
        lambda o: all(has(e, "base") for e in o["element"]),
        sure=(every("element", there("base")),),
    ),
    Rule(
        "sdf-11",
        "StructureDefinition",
        "the first path of the snapshot is the type",
        lambda o: (
            among(o, "kind", "logical")
            or each(o, "snapshot", "element", "path")[:1] in ([], [o.get("type")])
        ),
    ),
    Rule(
        "sdf-14",
        "StructureDefinition",
        "each element has an id",
        lambda o: all(
            has(e, "id") for part in ("snapshot", "differential") for e in each(o, part, "element")
        ),
    ),
    Rule(
        "sdf-15",
        "StructureDefinition",
        "the first element of the snapshot has no type",
        lambda o: (
            among(o, "kind", "logical")
            or not any("type" in e for e in each(o, "snapshot", "element")[:1])
        ),
    ),
    Rule(
        "sdf-20",
        "StructureDefinition.differential",
        "the root is not sliced",
        lambda o: not any("slicing" in e for e in _roots(o)),
        sure=(every("element", absent("slicing")),),
    ),
    Rule(
        "sdf-21",
        "StructureDefinition",
        "a defaultValue only in a specialization",
        lambda o: (
            among(o, "derivation", "specialization")
            or not any(chosen(e, "defaultValue") for e in each(o, "differential", "element"))
        ),
        when=("differential",),
        sure=(one_of("derivation", "specialization"),),
    ),
    Rule(
        "sdf-23",
        "StructureDefinition",
        "the root has no sliceName",
        lambda o: (
            not any(
                has(e, "sliceName")
                for part in ("snapshot", "differential")
                for e in _roots(o.get(part, {}))
            )
        ),
    ),
    Rule(
        "sdf-16",
        "StructureDefinition",
        "each id of the snapshot once",
        lambda o: distinct(each(o, "snapshot", "element", "id")),
        when=("snapshot",),
    ),
    Rule(
        "sdf-17",
        "StructureDefinition",
        "each id of the differential once",
        lambda o: distinct(each(o, "differential", "element", "id")),
        when=("differential",),
    ),
    Rule(
        "sdf-18",
        "StructureDefinition",
        "contextInvariant only of an Extension",
        lambda o: not has(o, "contextInvariant") or among(o, "type", "Extension"),
        when=("contextInvariant",),
    ),
)
