"""ConceptMap resources, of R4 and R5, to terminology's plain values."""

from __future__ import annotations

from typing import Any

from terminology.conceptmap import EQUIVALENCES, ConceptMap, Dependency, Group, Mapping, Unmapped

Json = dict[str, Any]
COMMENT = "http://hl7.org/fhir/6.0/StructureDefinition/extension-ConceptMap.group.element.comment"


def read_map(resource: Json) -> ConceptMap:
    """A well-formed ConceptMap resource as a plain value."""
    return ConceptMap(
        resource.get("url", ""),
        resource.get("version", ""),
        resource.get("id", ""),
        _first(resource, "sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical"),
        _first(resource, "targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical"),
        tuple(_group(group) for group in resource.get("group", ())),
    )


def _group(group: Json) -> Group:
    source, source_version = _versioned(group, "source")
    target, target_version = _versioned(group, "target")
    mappings = [
        _mapping(element, row)
        for element in group.get("element", ())
        for row in (*element.get("target", ()), *([{}] if element.get("noMap") else []))
        if "code" in element
    ]
    unmapped = group.get("unmapped")
    return Group(
        source,
        target,
        tuple(mappings),
        source_version,
        target_version,
        unmapped
        and Unmapped(
            unmapped.get("mode", ""),
            unmapped.get("code", ""),
            unmapped.get("display", ""),
            _first(unmapped, "url", "otherMap"),
            _equivalence(unmapped),
        ),
    )


def _versioned(group: Json, name: str) -> tuple[str, str]:
    """R4 keeps the version beside the url, R5 within the canonical."""
    url, _, version = str(group.get(name, "")).partition("|")
    return url, group.get(f"{name}Version", version)


def _mapping(element: Json, row: Json) -> Mapping:
    return Mapping(
        element["code"],
        row.get("code", ""),
        _equivalence(row) if "code" in row else "unmatched",
        row.get("display", ""),
        row.get("comment", ""),
        element.get("comment", "") or _extended(element),
        tuple(_dependency(d) for d in row.get("dependsOn", ())),
        tuple(_dependency(d) for d in row.get("product", ())),
    )


def _extended(element: Json) -> str:
    """The comment on a source code, which R6 has."""
    told = (e for e in element.get("extension", ()) if e.get("url") == COMMENT)
    return str(next((e.get("valueString", "") for e in told), ""))


def _dependency(given: Json) -> Dependency:
    value = given.get("value") or given.get("valueCode") or given.get("valueString", "")
    if told := given.get("valueCoding"):
        return Dependency(
            given.get("attribute", ""),
            told["code"],
            told.get("system", ""),
            told.get("display", ""),
        )
    return Dependency(
        _first(given, "property", "attribute"),
        value,
        given.get("system", ""),
        given.get("display", ""),
    )


def _equivalence(given: Json) -> str:
    if "equivalence" in given:
        return str(given["equivalence"])
    return EQUIVALENCES.get(given.get("relationship", ""), "relatedto")


def _first(given: Json, *names: str) -> str:
    return str(next((given[name] for name in names if given.get(name)), ""))
