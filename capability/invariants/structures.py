"""Invariants of structure and element definitions."""

from __future__ import annotations

import re
from typing import Any

from capability.facts import among, chosen, count, distinct, each, has
from capability.rule import AnyOf, Needs, Rule
from capability.sure import absent, at_most, every, matches, none_of, one_of, there

Json = dict[str, Any]
PATH = re.compile(
    r"[^\s.,:;'\"/|?!@#$%&*()\[\]{}]{1,64}(\.[^\s.,:;'\"/|?!@#$%&*()\[\]{}]{1,64}(\[x\])?(:[^\s.]+)?)*"
)
ADVISED = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*(\[x])?)*")
SLICE = re.compile(r"[a-zA-Z0-9/\-_\[\]@]+")
VALUED = ("defaultValue", "fixed", "pattern", "minValue", "maxValue")
BOUND = ("code", "Coding", "CodeableConcept", "Quantity", "string", "uri")


def _at_most(owner: Json) -> bool:
    """Whether an ElementDefinition's min is not over its max."""
    most = owner.get("max", "*")
    return most == "*" or not most.isdigit() or owner.get("min", 0) <= int(most)


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
    Rule(
        "eld-1",
        "ElementDefinition.slicing",
        "a discriminator or a description",
        AnyOf("discriminator", "description"),
    ),
    Rule(
        "eld-2",
        "ElementDefinition",
        "min is not above max",
        _at_most,
        sure=(
            one_of("max", "*"),
            absent("max"),
            {"required": ["max"], "properties": {"max": {"enum": ["1"]}, "min": {"maximum": 1}}},
        ),
    ),
    Rule(
        "eld-3",
        "ElementDefinition",
        "max is a number or *",
        lambda o: o.get("max", "*") == "*" or o["max"].isdigit(),
        sure=(matches("max", r"\*|[0-9]+"),),
    ),
    Rule(
        "eld-4",
        "ElementDefinition.type",
        "aggregation only of references",
        lambda o: not has(o, "aggregation") or among(o, "code", "Reference", "canonical"),
        when=("aggregation",),
        sure=(one_of("code", "Reference", "canonical"),),
    ),
    Rule(
        "eld-5",
        "ElementDefinition",
        "a contentReference stands for type, values and binding",
        lambda o: (
            not has(o, "contentReference")
            or not (
                count(o, "type", "example", "maxLength", "binding")
                or any(chosen(o, stem) for stem in VALUED)
            )
        ),
        when=("contentReference",),
    ),
    Rule(
        "eld-21",
        "ElementDefinition.constraint",
        "a constraint has an expression",
        lambda o: has(o, "expression"),
        "warning",
    ),
    Rule(
        "eld-6",
        "ElementDefinition",
        "a fixed value needs one type",
        lambda o: not chosen(o, "fixed") or len(o.get("type", ())) < 2,
        sure=(at_most(1, "type"),),
    ),
    Rule(
        "eld-7",
        "ElementDefinition",
        "a pattern needs one type",
        lambda o: not chosen(o, "pattern") or len(o.get("type", ())) < 2,
        sure=(at_most(1, "type"),),
    ),
    Rule(
        "eld-8",
        "ElementDefinition",
        "fixed or pattern, not both",
        lambda o: not (chosen(o, "fixed") and chosen(o, "pattern")),
    ),
    Rule(
        "eld-11",
        "ElementDefinition",
        "a binding only of coded types",
        lambda o: (
            not has(o, "binding")
            or not each(o, "type", "code")
            or any(c in BOUND for c in each(o, "type", "code"))
        ),
        when=("binding",),
        sure=(every("type", one_of("code", *BOUND)),),
    ),
    Rule(
        "eld-12",
        "ElementDefinition.binding",
        "a valueSet is a URL or URN",
        lambda o: o.get("valueSet", "http:").startswith(("http:", "https", "urn:")),
        sure=({"properties": {"valueSet": {"pattern": "^(?:http:|https|urn:)"}}},),
    ),
    Rule(
        "eld-13",
        "ElementDefinition",
        "each type once",
        lambda o: distinct(each(o, "type", "code")),
        sure=(at_most(1, "type"),),
    ),
    Rule(
        "eld-14",
        "ElementDefinition",
        "each constraint once",
        lambda o: distinct(each(o, "constraint", "key")),
        sure=(at_most(1, "constraint"),),
    ),
    Rule(
        "eld-15",
        "ElementDefinition",
        "a defaultValue or a meaningWhenMissing, not both",
        lambda o: not (chosen(o, "defaultValue") and has(o, "meaningWhenMissing")),
        when=("meaningWhenMissing",),
    ),
    Rule(
        "eld-16",
        "ElementDefinition",
        "a sliceName of letters, digits and / - _ [ ] @",
        lambda o: SLICE.fullmatch(o.get("sliceName", "x")) is not None,
        when=("sliceName",),
    ),
    Rule(
        "eld-17",
        "ElementDefinition.type",
        "a targetProfile only of references",
        lambda o: among(o, "code", "Reference", "canonical") or not has(o, "targetProfile"),
        when=("targetProfile",),
        sure=(one_of("code", "Reference", "canonical"),),
    ),
    Rule(
        "eld-18",
        "ElementDefinition",
        "a modifier has a reason",
        lambda o: o.get("isModifier") is not True or has(o, "isModifierReason"),
        when=("isModifier",),
        sure=(none_of("isModifier", True), there("isModifierReason")),
    ),
    Rule(
        "eld-19",
        "ElementDefinition",
        "a path of names",
        lambda o: PATH.fullmatch(o.get("path", "x")) is not None,
        sure=(
            matches("path", r"[A-Za-z][A-Za-z0-9]{0,63}(?:\.[A-Za-z][A-Za-z0-9]{0,63}(?:\[x\])?)*"),
        ),
    ),
    Rule(
        "eld-20",
        "ElementDefinition",
        "a path of lower-case names, letters and digits alone",
        lambda o: ADVISED.fullmatch(o.get("path", "x")) is not None,
        "warning",
    ),
    Rule(
        "eld-22",
        "ElementDefinition",
        "sliceIsConstraining needs a sliceName",
        Needs("sliceIsConstraining", "sliceName"),
    ),
)
