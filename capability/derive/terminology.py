"""The code systems, value sets and maps of the definition bundles as facts: codes, displays, rules.

Definitions and other prose are left out, and so are maps from or to SNOMED CT and LOINC, and the
displays of codes that value sets borrow from them: they have licences of their own. A concept is
its code, or [code, display], or [code, display, properties, concepts]; `capability.terminology`
reads it back. A map's comments stay: R4 wants one where a target means less than its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
Row = str | list[Any]
KEPT = {
    "ValueSet": ("url", "version", "name", "title", "status", "experimental"),
    "CodeSystem": (
        *("url", "version", "name", "title", "status", "experimental"),
        *("caseSensitive", "valueSet", "hierarchyMeaning", "versionNeeded", "content"),
    ),
    "ConceptMap": (
        *("url", "version", "name", "title", "status", "experimental"),
        *("sourceCanonical", "targetCanonical"),
    ),
}
INCLUDED = ("system", "version", "filter", "valueSet")
LICENSED = frozenset({"http://snomed.info/sct", "http://loinc.org"})
PROPERTIES = frozenset({"notSelectable", "status", "inactive", "parent", "child", "abstract"})
OURS = (
    "http://hl7.org/",
    "http://terminology.hl7.org/",
    "urn:",
    "http://unitsofmeasure.org",
    "http://dicom.nema.org/",
)


def core(resources: Iterable[Json]) -> dict[str, list[Json]]:
    """{"CodeSystem": [resource], "ValueSet": …, "ConceptMap": …}, each url once, without prose."""
    reduced = {"CodeSystem": _code_system, "ValueSet": _value_set, "ConceptMap": _concept_map}
    found: dict[str, dict[str, Json]] = {kind: {} for kind in reduced}
    for resource in resources:
        kind = resource["resourceType"]
        if kind in found and resource["url"].startswith(OURS) and _has_content(resource):
            found[kind].setdefault(resource["url"], reduced[kind](resource))
    return {kind: sorted(of.values(), key=lambda r: str(r["url"])) for kind, of in found.items()}


def _has_content(resource: Json) -> bool:
    if resource["resourceType"] == "ConceptMap":
        groups = [{group.get("source"), group.get("target")} for group in resource["group"]]
        known = all(None not in group and LICENSED.isdisjoint(group) for group in groups)
        return known and not resource.get("experimental")
    return resource.get("content", "complete") in ("complete", "fragment", "example")


def _kept(resource: Json) -> Json:
    kept: Json = {n: resource[n] for n in KEPT[resource["resourceType"]] if resource.get(n)}
    if kept.get("title") == kept.get("name"):
        kept.pop("title", None)
    return kept


def _code_system(resource: Json) -> Json:
    made = _kept(resource)
    if declared := resource.get("property"):
        made["property"] = [
            {name: p[name] for name in ("code", "uri", "type") if name in p} for p in declared
        ]
    if concepts := resource.get("concept"):
        made["concept"] = [_concept(c) for c in concepts]
    return made


def _concept(given: Json) -> Row:
    code, display = given["code"], given.get("display", "")
    properties = [p for p in given.get("property", ()) if p["code"] in PROPERTIES]
    below = [_concept(c) for c in given.get("concept", ())]
    if properties or below:
        return [code, display, properties, below]
    return [code, display] if display else str(code)


def _value_set(resource: Json) -> Json:
    made = _kept(resource)
    compose = resource.get("compose", {})
    rules: Json = {name: compose[name] for name in ("inactive",) if name in compose}
    for name in ("include", "exclude"):
        if name in compose:
            rules[name] = [_include(i) for i in compose[name]]
    return made | ({"compose": rules} if rules else {})


def _include(given: Json) -> Json:
    kept: Json = {name: given[name] for name in INCLUDED if name in given}
    if concepts := given.get("concept"):
        bare = given.get("system") in LICENSED
        kept["concept"] = [c["code"] if bare else _concept(c) for c in concepts]
    return kept


def _concept_map(resource: Json) -> Json:
    return _kept(resource) | {"group": [_group(group) for group in resource["group"]]}


def _group(given: Json) -> Json:
    made: Json = {name: given[name] for name in ("source", "target", "unmapped") if name in given}
    made["element"] = [
        {"code": each["code"], "target": [_target(target) for target in each.get("target", ())]}
        for each in given["element"]
    ]
    return made


def _target(given: Json) -> Json:
    return {name: given[name] for name in ("code", "equivalence", "comment") if name in given}
