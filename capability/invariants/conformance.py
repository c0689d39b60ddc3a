"""Invariants of capability statements, operations, guides and tests."""

from __future__ import annotations

from typing import Any

from capability.facts import among, any_of, count, distinct, each, has
from capability.rule import AnyOf, Needs, OneOf, Rule
from capability.sure import none_of, one_of

Json = dict[str, Any]
ASSERTS = (
    "contentType",
    "expression",
    "headerField",
    "minimumId",
    "navigationLinks",
    "path",
    "requestMethod",
    "resource",
    "responseCode",
    "response",
    "validateProfileId",
)


def _by_kind(path: str, instance: str, capability: str, requirements: str) -> tuple[Rule, ...]:
    """What both statements ask of their kind, by the keys of their invariants."""
    return (
        Rule(
            instance,
            path,
            "an instance has an implementation",
            lambda o: not among(o, "kind", "instance") or has(o, "implementation"),
            sure=(none_of("kind", "instance"),),
        ),
        Rule(
            capability,
            path,
            "a capability has software and no implementation",
            lambda o: (
                not among(o, "kind", "capability")
                or (has(o, "software") and not has(o, "implementation"))
            ),
            sure=(none_of("kind", "capability"),),
        ),
        Rule(
            requirements,
            path,
            "requirements have neither software nor implementation",
            lambda o: (
                not among(o, "kind", "requirements") or not any_of(o, "software", "implementation")
            ),
            sure=(none_of("kind", "requirements"),),
        ),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "cpb-1",
        "CapabilityStatement",
        "rest, messaging or document",
        AnyOf("rest", "messaging", "document"),
    ),
    Rule(
        "cpb-2",
        "CapabilityStatement",
        "a description, software or implementation",
        AnyOf("description", "software", "implementation"),
    ),
    Rule(
        "cpb-3",
        "CapabilityStatement",
        "endpoints only of an instance",
        lambda o: among(o, "kind", "instance") or not each(o, "messaging", "endpoint"),
        sure=(one_of("kind", "instance"),),
    ),
    Rule(
        "cpb-7",
        "CapabilityStatement",
        "each profile and mode of documents once",
        lambda o: distinct((d.get("profile"), d.get("mode")) for d in each(o, "document")),
        when=("document",),
    ),
    Rule(
        "cpb-9",
        "CapabilityStatement.rest",
        "each resource type once",
        lambda o: distinct(each(o, "resource", "type")),
        when=("resource",),
    ),
    Rule(
        "cpb-12",
        "CapabilityStatement.rest.resource",
        "each search parameter once",
        lambda o: distinct(each(o, "searchParam", "name")),
        when=("searchParam",),
    ),
    *_by_kind("CapabilityStatement", "cpb-14", "cpb-15", "cpb-16"),
    Rule(
        "tcp-1",
        "TerminologyCapabilities.codeSystem",
        "several versions have codes",
        lambda o: len(o.get("version", ())) < 2 or all(has(v, "code") for v in o["version"]),
    ),
    Rule(
        "tcp-2",
        "TerminologyCapabilities",
        "a description, software or implementation",
        AnyOf("description", "software", "implementation"),
    ),
    *_by_kind("TerminologyCapabilities", "tcp-3", "tcp-4", "tcp-5"),
    Rule(
        "opd-1",
        "OperationDefinition.parameter",
        "a type or parts",
        AnyOf("type", "part"),
    ),
    Rule(
        "opd-2",
        "OperationDefinition.parameter",
        "a searchType only of a string",
        lambda o: not has(o, "searchType") or among(o, "type", "string"),
        when=("searchType",),
        sure=(one_of("type", "string"),),
    ),
    Rule(
        "opd-3",
        "OperationDefinition.parameter",
        "a targetProfile only of a Reference or canonical",
        lambda o: not has(o, "targetProfile") or among(o, "type", "Reference", "canonical"),
        when=("targetProfile",),
    ),
    Rule(
        "spd-1",
        "SearchParameter",
        "an xpath needs its usage",
        Needs("xpath", "xpathUsage"),
    ),
    Rule(
        "spd-2",
        "SearchParameter",
        "chains only of references",
        lambda o: not has(o, "chain") or among(o, "type", "reference"),
        when=("chain",),
    ),
    Rule(
        "md-1",
        "MessageDefinition.focus",
        "max is * or above 0",
        lambda o: o.get("max", "*") == "*" or (o["max"].isdigit() and int(o["max"]) > 0),
        when=("max",),
        sure=(one_of("max", "*"),),
    ),
    Rule(
        "ig-1",
        "ImplementationGuide.definition",
        "a resource's group is defined",
        lambda o: set(each(o, "resource", "groupingId")) <= set(each(o, "grouping", "id")),
    ),
    Rule(
        "ig-2",
        "ImplementationGuide",
        "a resource's fhirVersion is one of the guide's",
        lambda o: (
            set(each(o, "definition", "resource", "fhirVersion")) <= set(each(o, "fhirVersion"))
        ),
    ),
    Rule(
        "smp-1",
        "StructureMap.group.rule.target",
        "an element needs a context",
        Needs("element", "context"),
    ),
    Rule(
        "smp-2",
        "StructureMap.group.rule.target",
        "a context needs its type",
        Needs("context", "contextType"),
    ),
    *(
        Rule(key, path, "either operation or assert", OneOf("operation", "assert"))
        for key, path in (
            ("inv-1", "TestReport.setup.action"),
            ("inv-2", "TestReport.test.action"),
            ("tst-1", "TestScript.setup.action"),
            ("tst-2", "TestScript.test.action"),
        )
    ),
    Rule(
        "tst-4",
        "TestScript.metadata",
        "a capability is required or validated",
        lambda o: any(any_of(c, "required", "validated") for c in each(o, "capability")),
    ),
    Rule(
        "tst-3",
        "TestScript.variable",
        "not expression, headerField and path together",
        lambda o: count(o, "expression", "headerField", "path") < 3,
    ),
    Rule(
        "tst-5",
        "TestScript.setup.action.assert",
        "one assertion",
        lambda o: "extension" in o or count(o, *ASSERTS) <= 1,
    ),
)
