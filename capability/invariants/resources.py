"""Invariants of every resource, and the names of definitions."""

from __future__ import annotations

import re
from typing import Any

from capability.facts import any_of, each
from capability.rule import Rule

Json = dict[str, Any]
NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")
NAMED = {
    "ActivityDefinition": "adf-0",
    "CapabilityStatement": "cpb-0",
    "ChargeItemDefinition": "cid-0",
    "CodeSystem": "csd-0",
    "CompartmentDefinition": "cpd-0",
    "ConceptMap": "cmd-0",
    "EffectEvidenceSynthesis": "ees-0",
    "EventDefinition": "evd-0",
    "Evidence": "evi-0",
    "EvidenceVariable": "evv-0",
    "ExampleScenario": "esc-0",
    "GraphDefinition": "gdf-0",
    "ImplementationGuide": "ig-0",
    "Library": "lib-0",
    "Measure": "mea-0",
    "MessageDefinition": "msd-0",
    "NamingSystem": "nsd-0",
    "OperationDefinition": "opd-0",
    "PlanDefinition": "pdf-0",
    "Questionnaire": "que-0",
    "ResearchDefinition": "rsd-0",
    "ResearchElementDefinition": "red-0",
    "RiskEvidenceSynthesis": "rvs-0",
    "SearchParameter": "spd-0",
    "StructureDefinition": "sdf-0",
    "StructureMap": "smp-0",
    "TerminologyCapabilities": "tcp-0",
    "TestScript": "tst-0",
    "ValueSet": "vsd-0",
}


def _named(owner: Json) -> bool:
    name = owner.get("name")
    return isinstance(name, str) and NAME.fullmatch(name) is not None


RULES: tuple[Rule, ...] = (
    Rule(
        "dom-2",
        "DomainResource",
        "a contained resource contains none itself",
        lambda o: not each(o, "contained", "contained"),
    ),
    Rule(
        "dom-4",
        "DomainResource",
        "a contained resource has no versionId and no lastUpdated",
        lambda o: (
            not any(any_of(m, "versionId", "lastUpdated") for m in each(o, "contained", "meta"))
        ),
    ),
    Rule(
        "dom-5",
        "DomainResource",
        "a contained resource has no security label",
        lambda o: not each(o, "contained", "meta", "security"),
    ),
    Rule(
        "dom-6",
        "DomainResource",
        "a narrative helps human readers",
        lambda o: bool(each(o, "text", "div")),
        "warning",
    ),
    *(
        Rule(
            key,
            path,
            "a name that programs can use (A-Z first, then letters, digits, _)",
            _named,
            "warning",
        )
        for path, key in NAMED.items()
    ),
)
