"""The values of a concept's properties as filters see them: as text."""

from __future__ import annotations

from collections.abc import Iterator

from terminology.codesystem import CodeSystem, Coding, ConceptDefinition
from terminology.grammars import ucum
from terminology.valueset import Filter

HIERARCHIC = frozenset({"concept", "code", "parent", "child"})
CANONICAL, LISTED = "canonical", frozenset({"=", "in", "not-in"})  # of units
KNOWN = HIERARCHIC | {"display", "definition", "designation", "inactive"}


def values(system: CodeSystem, code: str, property: str) -> Iterator[str]:
    """The values of a property of a concept as text; `code`, `display` … are properties too."""
    if property in ("code", "concept"):
        yield code
    elif property == "parent":
        yield from system.parents(code)
    elif property == "child":
        yield from system.children(code)
    else:
        yield from _own(system.concept(code), system, property)


def _text(value: object) -> str:
    """A property's value as filters write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.code if isinstance(value, Coding) else str(value)


def _own(concept: ConceptDefinition, system: CodeSystem, property: str) -> Iterator[str]:
    match property:
        case "display" if concept.display:
            yield concept.display
        case "definition" if concept.definition:
            yield concept.definition
        case "designation":
            yield from (d.value for d in concept.designations)
        case "inactive":
            yield _text(system.is_inactive(concept.code))
        case _:
            yield from (_text(p.value) for p in concept.properties if p.code == property)


def has_property(system: CodeSystem, property: str) -> bool:
    if property in KNOWN or property in system.properties:
        return True
    # some systems use properties that they do not declare
    return any(
        p.code == property for code in system.codes() for p in system.concept(code).properties
    )


def wanted(system: CodeSystem, given: Filter) -> str:
    """The value of a filter as `values` tells it: any units stand for what is comparable to them.

    https://hl7.org/fhir/R4/ucum.html
    """
    if (system.url, given.property) != (ucum.SYSTEM, CANONICAL) or given.op not in LISTED:
        return given.value
    units = [each.strip() for each in given.value.split(",")]
    return ",".join(known.unit if (known := ucum.canonical(each)) else each for each in units)
