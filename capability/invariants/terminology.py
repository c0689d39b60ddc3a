"""Invariants of code systems, value sets and maps."""

from __future__ import annotations

from typing import Any

from capability.facts import among, any_of, deep, distinct, each, has
from capability.rule import AnyOf, Needs, NotBoth, Rule
from capability.sure import none_of, there

Json = dict[str, Any]


RULES: tuple[Rule, ...] = (
    Rule(
        "cmd-1",
        "ConceptMap.group.element.target",
        "a narrower or inexact map has a comment",
        lambda o: has(o, "comment") or not among(o, "equivalence", "narrower", "inexact"),
        when=("equivalence",),
        sure=(none_of("equivalence", "narrower", "inexact"), there("comment")),
    ),
    Rule(
        "cmd-2",
        "ConceptMap.group.unmapped",
        "mode fixed needs a code",
        lambda o: not among(o, "mode", "fixed") or has(o, "code"),
        sure=(none_of("mode", "fixed"),),
    ),
    Rule(
        "cmd-3",
        "ConceptMap.group.unmapped",
        "mode other-map needs a url",
        lambda o: not among(o, "mode", "other-map") or has(o, "url"),
        sure=(none_of("mode", "other-map"),),
    ),
    Rule(
        "csd-1",
        "CodeSystem",
        "each code once",
        lambda o: distinct(deep(o, "concept", "code")),
        when=("concept",),
    ),
    Rule(
        "nsd-1",
        "NamingSystem",
        "a root system has no uuid",
        lambda o: not among(o, "kind", "root") or "uuid" not in each(o, "uniqueId", "type"),
        sure=(none_of("kind", "root"),),
    ),
    Rule(
        "nsd-2",
        "NamingSystem",
        "one preferred id of a type",
        lambda o: distinct(u.get("type") for u in o["uniqueId"] if u.get("preferred") is True),
    ),
    Rule(
        "vsd-1",
        "ValueSet.compose.include",
        "a valueSet or a system",
        AnyOf("valueSet", "system"),
    ),
    Rule(
        "vsd-2",
        "ValueSet.compose.include",
        "concepts and filters need a system",
        lambda o: not any_of(o, "concept", "filter") or has(o, "system"),
        sure=(there("system"),),
    ),
    Rule(
        "vsd-3",
        "ValueSet.compose.include",
        "concepts or filters, not both",
        NotBoth("concept", "filter"),
    ),
    Rule(
        "vsd-6",
        "ValueSet.expansion.contains",
        "a code or a display",
        AnyOf("code", "display"),
    ),
    Rule(
        "vsd-9",
        "ValueSet.expansion.contains",
        "a code, unless abstract",
        lambda o: has(o, "code") or o.get("abstract") is True,
        sure=(there("code"),),
    ),
    Rule(
        "vsd-10",
        "ValueSet.expansion.contains",
        "a code needs a system",
        Needs("code", "system"),
    ),
)
