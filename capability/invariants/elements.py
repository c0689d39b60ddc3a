"""Invariants of element definitions."""

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


RULES: tuple[Rule, ...] = (
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
