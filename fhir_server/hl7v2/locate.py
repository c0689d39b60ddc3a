"""Between mapped resources and the fields of their message: where from, and what came nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from capability.validate import validate
from fhir_server.errors import Invalid
from fhir_server.hl7v2.ack import Problem
from fhir_server.hl7v2.mapping import Defaults, Resource, Row
from fhir_server.hl7v2.parse import Message, Segment
from fhir_server.hl7v2.segments.al1 import ALLERGY
from fhir_server.hl7v2.segments.dg1 import CONDITION
from fhir_server.hl7v2.segments.nk1 import CONTACT
from fhir_server.hl7v2.segments.obx import contents
from fhir_server.hl7v2.segments.pd1 import CARE
from fhir_server.hl7v2.segments.pid import PATIENT
from fhir_server.hl7v2.segments.pv1 import ENCOUNTER
from fhir_server.hl7v2.segments.pv2 import STAY
from fhir_server.hl7v2.segments.txa import DOCUMENT

SOURCES: dict[str, dict[str, tuple[Row, ...]]] = {  # by type, its segments
    "Patient": {"PID": PATIENT, "PD1": CARE},
    "Encounter": {"PV1": ENCOUNTER, "PV2": STAY},
    "Condition": {"DG1": CONDITION},
    "AllergyIntolerance": {"AL1": ALLERGY},
    "DocumentReference": {"TXA": DOCUMENT},
}
WITHIN: dict[str, dict[str, tuple[Row, ...]]] = {
    "Patient": {"NK1": CONTACT}
}  # those that are an element of it each
WHY = {
    "102": "it is no value of its data type, or not precise enough",
    "103": "it is no code of its table",
}
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def refusal(
    error: Invalid, message: Message, defaults: Defaults, resources: Iterable[Resource]
) -> Problem:
    """The first issue of resources that don't validate, at the field that it came from."""
    first, where = error.issues[0], ""
    for resource in resources:
        if any(i.expression == first.expression for i in validate(resource)):
            where = locate(message, defaults, resource, first.expression)
            break
    return Problem("102", where, f"{first.expression}: {first.text}")


def left_out(
    message: Message, defaults: Defaults, resources: Iterable[Resource]
) -> Iterator[Problem]:
    """The fields that say something which none of the resources has: no date, no code of the table.

    Each a warning at its place.
    """
    for kind in dict.fromkeys(resource["resourceType"] for resource in resources):
        for name, rows in (SOURCES[kind] | WITHIN.get(kind, {})).items():
            for n, segment in enumerate(message.all(name), 1):
                for where, fault in _faults(f"{name}^{n}", rows, segment, defaults).items():
                    yield Problem(fault, where, f"stored without it: {WHY[fault]}", "W")


def _faults(
    place: str, rows: Iterable[Row], segment: Segment, defaults: Defaults
) -> dict[str, str]:
    return {
        f"{place}^{row.field}" + (f"^{at}" if len(fields) > 1 else ""): fault
        for row in rows
        for fields in [row.used(segment)]
        for at, field in enumerate(fields, 1)
        if (fault := row.fault(field, defaults))
    }


def locate(message: Message, defaults: Defaults, resource: Resource, expression: str) -> str:
    """The place (ERL: PID^1^7) of what was mapped to the element of a FHIRPath.

    That of the segment where the element came from no field, "" where the tables don't know it.
    """
    if resource["resourceType"] not in SOURCES:
        return ""
    steps = [(m[1], int(m[2] or 0)) for m in _STEP.finditer(expression.partition(".")[2])]
    if steps and steps[0][0] == "content":
        places = [where for where, _ in contents(message.segments)]
        return places[steps[0][1]] if steps[0][1] < len(places) else "OBX"
    if steps and steps[0][0] == "contact":
        resource, steps = resource["contact"][steps[0][1]], steps[1:]
        sources = WITHIN["Patient"]
    else:
        sources = SOURCES[resource["resourceType"]]
    for name, rows in sources.items():
        for row in reversed(rows):  # of two rows with one target the later has the say
            held = _held(resource, row, steps)
            if held is not None:
                for n, segment in enumerate(message.all(name), 1):
                    for place in _places(row, segment, defaults, held):
                        return f"{name}^{n}^{place}"
    name, *_ = sources
    return f"{name}^1" if len(list(message.all(name))) == 1 else name


def _held(resource: Resource, row: Row, steps: list[tuple[str, int]]) -> Any:
    """The value of the resource that the row would have put there; None where it is another."""
    path = row.target.split(".")
    if len(steps) < len(path) or not all(map(_named, path, steps)):
        return None
    value: Any = resource
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    index = steps[len(path) - 1][1]
    if isinstance(value, list):
        return value[index] if index < len(value) else None
    return value


def _named(target: str, step: tuple[str, int]) -> bool:
    """Whether a FHIRPath's step means the element: `onset` means onsetDateTime."""
    name, _ = step
    return target == name or (target.startswith(name) and target[len(name)].isupper())


def _places(row: Row, segment: Segment, defaults: Defaults, held: Any) -> Iterator[str]:
    fields = segment.repetitions(row.field)
    for n, field in enumerate(fields, 1):
        if row.via(field, defaults) == held:
            yield f"{row.field}^{n}" if len(fields) > 1 else f"{row.field}"
