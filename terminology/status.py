"""Whether a concept is still to be used, by all that its system tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from terminology.codesystem import (
    CONCEPT_PROPERTIES,
    STANDARDS_STATUS,
    CodeSystem,
    ConceptDefinition,
    property_code,
)

# https://hl7.org/fhir/R4/codesystem-concept-properties.html and R5's
ENDED = {"retirementDate": "retired", "deprecationDate": "deprecated", "deprecated": "deprecated"}


def status_of(system: CodeSystem, concept: ConceptDefinition) -> str:
    """The concept's status where one is told and it is not plainly active: "retired" and such."""
    told = concept.property(property_code(system, "status"))
    if told is None:
        told = concept.extension(STANDARDS_STATUS)
    if told is None:
        told = max(_dated(system, concept), default=None)  # retired is more than deprecated
    return str(told) if told not in (None, "active", "A", "normative", "trial-use") else ""


def _dated(system: CodeSystem, concept: ConceptDefinition) -> Iterator[str]:
    """What the concept is since days that are past; R4 has a day in `deprecated`."""
    for each in concept.properties:
        if each.kind == "dateTime" or each.code in ENDED:
            declared = system.properties.get(each.code)
            meaning = declared.uri.removeprefix(CONCEPT_PROPERTIES) if declared else each.code
            status = ENDED.get(meaning) or ENDED.get(each.code)
            if status and (each.value is True or _is_past(each.value)):
                yield status


def _is_past(value: object) -> bool:
    today = datetime.now(UTC).date().isoformat()
    return isinstance(value, str) and value[: len(today)] <= today
